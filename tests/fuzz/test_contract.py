"""Is schemathesis still the one that the fuzzer was written for? Most of what the fuzzer leans on is no promise of schemathesis."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import configuration
from hypothesis.internal.conjecture import providers
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core import hooks
from schemathesis.core.failures import Failure
from schemathesis.engine import events
from schemathesis.engine.context import EngineContext
from schemathesis.engine.core import EventStream
from schemathesis.engine.recorder import CheckNode, ScenarioRecorder
from schemathesis.engine.run import TESTING_PHASES
from schemathesis.engine.run.unit._case import BudgetExpired
from schemathesis.generation.case import Case
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.adapter.responses import OpenApiResponse
from schemathesis.specs.openapi.schemas import OpenApiSchema
from schemathesis.transport import requests as transport

import apicheck.fuzz
from apicheck.fuzz.failures import ANSWERED
from apicheck.fuzz.failures import CHECKS as NAMED
from apicheck.fuzz.run import _BY_WEIGHT

PACKAGE = Path(apicheck.fuzz.__file__).parent
CHANGED = "schemathesis has changed: {} is gone, and the fuzzer uses it"
OFF = {"use_after_free", "ensure_resource_availability"}


def borrowed() -> set[tuple[str, str]]:
    """Return every name that the fuzzer imports from the engine."""
    names = set()
    for file in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names |= {(node.module or "", alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= {(alias.name, "") for alias in node.names}
    return {(module, name) for module, name in names if module.split(".")[0] in {"schemathesis", "hypothesis"}}


@pytest.mark.parametrize(("engine", "number"), [("schemathesis", "4.32.5"), ("hypothesis", "6.170.17")])
def test_the_version_is_the_one_that_was_looked_at(engine: str, number: str) -> None:
    assert version(engine) == number, "read its changelog, see what these tests say, then change this line"


@pytest.mark.parametrize(("module", "name"), sorted(borrowed()))
def test_every_name_that_is_imported_exists(module: str, name: str) -> None:
    found = importlib.import_module(module)
    there = not name or hasattr(found, name) or importlib.util.find_spec(f"{module}.{name}") is not None
    assert there, CHANGED.format(f"{module}.{name}")


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (transport, "ManagedCookiesSession SameHostRedirectsSession"),
        (hooks, "load_from_env"),
        (configuration, "__hypothesis_home_directory"),
        (providers, "_get_local_constants CONSTANTS_CACHE"),
        (GLOBAL_HOOK_DISPATCHER, "register_hook_with_name unregister get_all"),
        (EventStream, "stop __iter__"),
        (events.PhaseStarted, "phase"),
        (events.ScenarioFinished, "recorder"),
        (events.NonFatalError, "value label"),
        (events.EngineFinished, "stop_reason"),
        (ScenarioRecorder, "cases checks find_response"),
        (CheckNode, "name status failure_info"),
        (Failure, "message title"),
        (OpenApiSchema, "apply_stateful_inference get_content_types exclude"),
        (EngineContext, "is_operation_slice_expired release_operation_slice"),
        (Case, "path_parameters call"),
        (OpenApiResponse, "get_schema headers"),
        (APIOperation, "label responses schema"),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__) if not isinstance(value, str) else "",
)
def test_everything_that_is_used_of_them_exists(owner: object, names: str) -> None:
    known = {*dir(owner), *getattr(owner, "__dataclass_fields__", {})}
    for name in names.split():
        assert name in known, CHANGED.format(f"{getattr(owner, '__name__', owner)}.{name}")


def test_every_check_of_the_engine_is_named_or_off() -> None:
    load_all_checks()
    assert {*CHECKS.get_all_names(), "max_response_time"} == {*NAMED, *OFF}


def test_the_phases_are_the_four_that_the_budget_is_divided_over() -> None:
    assert tuple(TESTING_PHASES) == ("examples", "coverage", "fuzzing", "stateful")


def test_no_check_and_no_hook_can_swallow_that_the_budget_is_spent() -> None:
    assert issubclass(BudgetExpired, KeyboardInterrupt)


def test_utf_8_encodes_what_we_tell(tmp_path: Path) -> None:
    script = """
from hypothesis import configuration
from hypothesis.internal.charmap import charmap_file, intervals_from_codec
from apicheck.fuzz.adapter import isolated
with isolated():
    told = intervals_from_codec("utf-8")
intervals_from_codec.cache_clear()
assert not charmap_file("codec-v2-utf-8").exists()
assert [told[0].intervals, told[1].intervals] == [found.intervals for found in intervals_from_codec("utf-8")]
"""
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)


def test_every_check_has_its_place_among_what_is_told() -> None:
    assert set(_BY_WEIGHT) == {*NAMED.values(), ANSWERED}
