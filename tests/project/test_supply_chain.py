"""Can nobody but the maintainers decide what runs in our workflows, and can those do no more than they need?"""

import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml_rs

WORKFLOWS = sorted((Path(__file__).parents[2] / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def read(workflow: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", yaml_rs.loads(workflow.read_text("utf-8")))


def steps(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in read(workflow)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert {workflow.stem for workflow in WORKFLOWS} == {"ci", "release"}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_every_action_is_pinned_to_a_commit(workflow: Path) -> None:
    used = [line.strip() for line in workflow.read_text("utf-8").splitlines() if "uses:" in line]
    assert used
    assert not [line for line in used if not PINNED.search(line)]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_a_job_has_no_more_permissions_than_it_names(workflow: Path) -> None:
    loaded = read(workflow)
    assert loaded["permissions"] == {}
    for job in loaded["jobs"].values():
        assert "timeout-minutes" in job
        if {"id-token", "attestations"} & {name for name, leave in job["permissions"].items() if leave == "write"}:
            assert not [step for step in job["steps"] if "run" in step], "a job that may sign runs no code of ours"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_a_checkout_leaves_no_credentials_behind(workflow: Path) -> None:
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_no_text_of_a_stranger_is_pasted_into_a_shell(workflow: Path) -> None:
    assert not [step["run"] for step in steps(workflow) if "${{" in step.get("run", "")]
