"""Is a report read back as it was written, and is everything else refused with a clear sentence?"""

import json
import math
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from apicheck.errors import UnreadableReport
from apicheck.exceptions import accepted_in
from apicheck.model import Coverage, Report, Source
from apicheck.report import json_
from apicheck.verdict import conclude, judge
from tests.report import sample


def test_a_report_survives_being_written() -> None:
    assert json_.parse(json_.render(sample.failing())) == sample.failing()


@pytest.mark.parametrize("make", [sample.failing, sample.conforming, sample.lint_only])
def test_a_report_is_as_its_schema_says(make: Any) -> None:
    schema = json.loads(json_.schema())
    assert list(jsonschema_rs.validator_for(schema).iter_errors(json.loads(json_.render(make())))) == []


def test_equal_reports_are_written_alike() -> None:
    counts = {Source.FUZZ: 4310, Source.PROBE: 96}
    one, other = (
        sample.failing().model_copy(update={"coverage": Coverage(requests=dict(order))})
        for order in (counts.items(), reversed(counts.items()))
    )
    assert one == other
    assert json_.render(one) == json_.render(other)


def test_a_run_without_a_limit_is_written_as_json_can() -> None:
    report = sample.failing()
    endless = report.model_copy(update={"run": report.run.model_copy(update={"rate": math.inf, "max_time": math.inf})})
    again = json_.parse(json_.render(endless))
    assert (again.run.rate, again.run.max_time) == (None, None)


@pytest.mark.parametrize("make", [sample.failing, sample.explained])
def test_anyone_can_judge_again_from_the_file_alone(make: Any) -> None:
    report = json_.parse(json_.render(make()))
    again = tuple(judge(rule, report.evidence) for rule in report.standard.rules)
    assert again == report.verdicts
    assert conclude(again, accepted_in(report)) == report.conclusion


def _changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(json_.render(sample.failing())) | changes).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no JSON"),
        (b"<html></html>", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"schema": "\xff"}', "is no JSON"),
        (b"[]", "its schema is -"),
        (b"{}", "its schema is -"),
        (_changed(schema="apicheck/report/2.0"), "its schema is apicheck/report/2.0 and not apicheck/report/1.0"),
        (_changed(conclusion="excellent"), "at conclusion:"),
        (_changed(grade=9.5), "at grade:"),
        (_changed(standard={**json.loads(json_.render(sample.failing()))["standard"], "rules": []}), "contradicts itself"),
    ],
)
def test_what_is_no_report_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableReport, match=r"report\.json") as refused:
        json_.parse(data)
    assert said in refused.value.explain().en
    assert "\n" not in refused.value.explain().nl


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReport, match="cannot be read"):
        json_.read(tmp_path / "report.json")
    with pytest.raises(UnreadableReport, match="cannot be read"):
        json_.read(tmp_path)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(json_.render(sample.failing()))
    assert isinstance(json_.read(file), Report)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(json_.render(sample.failing()))
    monkeypatch.setattr(json_, "LARGEST", 1000)
    with pytest.raises(UnreadableReport, match="larger than"):
        json_.read(file)
