# One way in: `make demo` shows the main job, `make test` runs every test.
# Needs Python 3.11 or later with pip, and make. Everything else is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(CURDIR)/benchmarks/peers

.DEFAULT_GOAL := help
.PHONY: help demo test check fix docs bench package clean

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(READY) ## test a good and a broken example API, and show the verdicts
	$(BIN)/apicheck demo

test: $(READY) ## run every test, style, types and layers included
	$(BIN)/pytest

check: $(READY) ## style, types and layers only: quick, before a commit
	$(BIN)/pytest -q tests/project/test_house.py

fix: $(READY) ## put the style right where a tool can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY) ## write the generated pages again
	rm -rf docs/rules
	$(BIN)/apicheck rules docs --out docs/rules/nl --lang nl
	$(BIN)/apicheck rules docs --out docs/rules/en --lang en

bench: $(READY) $(PEERS)/node_modules ## time apicheck beside the floor and its peers, which it installs; prints a table
	APICHECK_PEERS=$(PEERS)/node_modules/.bin $(BIN)/python -m benchmarks

# The peers of which the registry is that of npm. Without npm the table says that they are not here.
$(PEERS)/node_modules: $(PEERS)/package.json
	@if command -v npm > /dev/null; then npm install --prefix $(PEERS) --silent --no-package-lock --ignore-scripts && touch $@; fi

package: $(READY) ## build the wheel and the sdist into dist/
	$(BIN)/python -m build

clean: ## remove what was set up, built and cached
	rm -rf $(VENV) $(PEERS)/node_modules dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The environment, made again only when pyproject.toml changed. The pip that comes with Python 3.11 knows no dependency groups,
# and Debian's Python cannot make an environment with pip in it: so the environment starts without one and gets the newest.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'apicheck needs Python 3.11 or later. Name one: make PYTHON=python3.12' >&2; exit 1; }
	@echo 'Setting up $(VENV): about a minute, once.'
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --group dev --group look --editable '.[pdf,seal]'
	@touch $@
