"""Does what we offer for CI work: the GitHub Action, the GitLab template, the container and the pre-commit hook?

What those hosts do themselves is not tried; every command line of ours is run, on the example.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml_rs

from apicheck import __version__
from apicheck.catalogue import DEFAULT
from apicheck.demo import Example, planted_faults, running_example, written_document
from apicheck.plan import FailOn

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "examples" / "gebouwen" / "openapi.yaml"


def read(name: str) -> Any:
    return yaml_rs.loads((ROOT / name).read_text("utf-8"))


ACTION: Any = read("action.yml")
GITLAB: Any = read("ci/gitlab.yml")
HOOKS: Any = read(".pre-commit-hooks.yaml")
CONTAINER = (ROOT / "Containerfile").read_text("utf-8")
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}

Bash = Callable[[str, dict[str, str]], int]


@pytest.fixture
def bash(tmp_path: Path) -> Bash:
    """Run lines as a CI host does, with ``apicheck`` being the one under test, and return the exit code."""
    command = tmp_path / "bin" / "apicheck"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m apicheck "$@"\n')
    command.chmod(0o755)

    def run(lines: str, variables: dict[str, str]) -> int:
        path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
        shell = [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lines]
        done = subprocess.run(
            shell, env={**os.environ, **variables, "PATH": path}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        print(done.stdout, done.stderr)  # noqa: T201  # to be seen when a test fails
        return done.returncode

    return run


@pytest.fixture(scope="module")
def live() -> Iterator[Example]:
    with running_example() as example:
        yield example


@pytest.fixture(scope="module")
def broken() -> Iterator[Path]:
    with written_document([fault for fault in planted_faults() if fault.name == "query-key-in-snake-case"]) as document:
        yield document


def given(step: str, summary: Path, **inputs: str) -> dict[str, str]:
    """Return the variables of a step of the Action, its inputs filled in as GitHub does."""
    values = {name: described["default"] for name, described in ACTION["inputs"].items()} | inputs
    filled = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) }}", lambda found: values[found[1]], text)
        for name, text in STEPS[step]["env"].items()
    }
    return {**filled, "GITHUB_STEP_SUMMARY": str(summary)}


def test_the_action_lints_and_leaves_notes_a_summary_and_sarif(bash: Bash, broken: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    assert bash(STEPS["lint"]["run"], given("lint", summary, document=str(GOOD))) == 0
    assert bash(STEPS["lint"]["run"], given("lint", summary, document=str(broken))) == 1
    assert summary.read_text("utf-8").startswith("## ")
    log = json.loads((tmp_path / "apicheck-report" / "report.sarif").read_text("utf-8"))
    assert "/core/query-keys-camel-case" in {result["ruleId"] for result in log["runs"][0]["results"]}


def test_the_action_checks_a_running_api_and_what_is_open_fails_it_when_asked(bash: Bash, live: Example, tmp_path: Path) -> None:
    inputs = {"document": str(live.document), "url": live.base_url, "max-time": "4"}
    lines, summary = STEPS["check"]["run"], tmp_path / "summary.md"
    assert bash(lines, given("check", summary, **inputs)) == 0
    assert {"report.json", "report.html", "report.sarif"} <= {file.name for file in (tmp_path / "apicheck-report").iterdir()}
    assert bash(lines, given("check", summary, **inputs, **{"fail-on": "open"})) == 1
    variables = given("check", summary, **inputs, header="X-Trace=env:TRACE")
    assert bash(lines, {**variables, "TRACE": "one two"}) == 0


def test_the_action_is_pinned_and_pastes_no_input_into_a_shell() -> None:
    used = re.findall(r"uses: (\S+@\S+ # v\S+)$", (ROOT / "action.yml").read_text("utf-8"), re.MULTILINE)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert len([one for one in used if "<" not in one]) == sum("uses" in step for step in ACTION["runs"]["steps"])
    assert all(one in workflow for one in used)
    assert not [step for step in STEPS.values() if "${{" in step["run"]]


def test_the_template_for_gitlab_lints_and_checks(bash: Bash, broken: Path, live: Example, tmp_path: Path) -> None:
    def run(job: str, **variables: str) -> int:
        return bash("\n".join(GITLAB[job]["script"]), {**GITLAB["variables"], **variables})

    assert run("apicheck", APICHECK_DOCUMENT=str(GOOD)) == 0
    assert run("apicheck", APICHECK_DOCUMENT=str(broken)) == 1
    reports = GITLAB[".apicheck"]["artifacts"]["reports"]
    assert json.loads((tmp_path / reports["codequality"]).read_text("utf-8"))
    shutil.rmtree(tmp_path / "apicheck-report")
    about = {"APICHECK_DOCUMENT": str(live.document), "APICHECK_URL": live.base_url, "APICHECK_MAX_TIME": "4"}
    assert run("apicheck-live", **about) == GITLAB[".apicheck"]["allow_failure"]["exit_codes"]
    assert all((tmp_path / file).is_file() for file in reports.values())


def test_the_hook_looks_at_what_is_an_openapi_document_by_name_and_checks_it(bash: Bash, broken: Path) -> None:
    (hook,) = HOOKS
    assert re.search(hook["files"], "examples/gebouwen/openapi.yaml")
    assert not re.search(hook["files"], "docs/openapi.md")
    assert bash(f"{hook['entry']} {shlex.quote(str(GOOD))}", {}) == 0
    assert bash(f"{hook['entry']} {shlex.quote(str(GOOD))} {shlex.quote(str(broken))}", {}) == 1


def test_the_container_gets_all_that_the_package_is_made_of(tmp_path: Path) -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINER, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            to = tmp_path / "context" / target.strip("/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                to.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, to)
    built = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(tmp_path / "context" / "source")]
    done = subprocess.run(built, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"apicheck/_rules", "apicheck/_examples", "apicheck/report"} <= {"/".join(name.split("/")[:2]) for name in names}


SCHEMAS = {
    "action.yml": ["vendor.github-actions"],
    ".github/workflows/ci.yml": ["vendor.github-workflows"],
    ".github/workflows/release.yml": ["vendor.github-workflows"],
    ".github/dependabot.yml": ["vendor.dependabot"],
    "ci/gitlab.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def tool(name: str, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run a tool that is installed beside this Python."""
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **{"cwd": ROOT, **how})


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_file_for_a_host_is_as_that_host_asks(name: str) -> None:
    done = tool("check-jsonschema", "--builtin-schema", *SCHEMAS[name], name)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_linter_of_container_files_has_nothing_to_say() -> None:
    done = tool("hadolint", "Containerfile")
    assert done.returncode == 0, done.stdout + done.stderr


def test_pre_commit_installs_the_hook_and_runs_it(broken: Path, tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so pre-commit CANNOT take the hook from it")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "NO_COLOR": "1"}
    repository = tmp_path / "vendor"
    for name, document in (("good", GOOD), ("broken", broken)):
        (repository / name).mkdir(parents=True)
        shutil.copy(document, repository / name / "openapi.yaml")
    subprocess.run(["git", "init", "--quiet"], cwd=repository, check=True)
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    done = tool("pre-commit", "try-repo", str(ROOT), "apicheck-lint", "--all-files", cwd=repository, env=environment)
    if "No matching distribution" in done.stdout:
        pytest.skip("there is no package index here, so the hook was NOT INSTALLED")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"^broken/openapi\.yaml:\d+:\d+  MUST  /core/query-keys-camel-case ", done.stdout, re.MULTILINE), done.stdout
    assert "good/openapi.yaml:" not in done.stdout


def test_the_container_runs_as_nobody_in_particular() -> None:
    last = CONTAINER.split("FROM ")[-1]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert 'ENTRYPOINT ["apicheck"]' in last


def test_all_name_this_version_this_edition_and_a_python_that_we_support() -> None:
    texts = {name: (ROOT / name).read_text("utf-8") for name in ("action.yml", "ci/gitlab.yml")}
    assert all(set(re.findall(r"(?:@|ref: )v(\d+\.\d+\.\d+)$", text, re.MULTILINE)) == {__version__} for text in texts.values())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert GITLAB["variables"]["APICHECK_PACKAGE"] == f"{project['name']}=={__version__}"
    assert {ACTION["inputs"]["standard"]["default"], GITLAB["variables"]["APICHECK_STANDARD"]} == {DEFAULT}
    assert {ACTION["inputs"]["fail-on"]["default"], GITLAB["variables"]["APICHECK_FAIL_ON"]} == {FailOn.MUST}
    images = {GITLAB[".apicheck"]["image"], *re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)}
    assert len(images) == 1
    python = re.fullmatch(r"python:(\d\.\d+)-slim-\w+", images.pop())
    assert python
    assert f"Programming Language :: Python :: {python[1]}" in project["classifiers"]
    assert ACTION["runs"]["steps"][0]["with"]["python-version"] == python[1]
