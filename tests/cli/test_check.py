"""Does ``apicheck check`` tell the truth of a running API, and of one that stops running?"""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apicheck.demo import Example, running_example

from .conftest import Run


@pytest.fixture(scope="module")
def good() -> Iterator[Example]:
    with running_example() as example:
        yield example


CONSENT = """
by = "A. Tester"
on-behalf-of = "Gemeente Voorbeeld"
base-url = "{}"
from = 2020-01-01
until = {}
environment = "test"
"""


def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


QUICK = ("--max-time", "8", "--rate", "1000", "--max-requests", "300")


def test_a_good_api_has_no_failing_rule_and_what_only_people_can_tell_is_open(run: Run, good: Example, tmp_path: Path) -> None:
    result = run("check", str(good.document), "--url", good.base_url, "--lang", "en", *QUICK)
    assert result.code == 3
    report = json.loads((tmp_path / "apicheck-report" / "report.json").read_text("utf-8"))
    assert report["conclusion"] == "incomplete"
    assert [verdict["rule"] for verdict in report["verdicts"] if verdict["status"] == "fail"] == []
    assert report["coverage"]["answered"] > 0
    page = (tmp_path / "apicheck-report" / "report.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")


def test_no_folder_of_this_machine_stands_in_a_report(run: Run, good: Example, tmp_path: Path) -> None:
    document = tmp_path / "of-a-customer" / good.document.name
    document.parent.mkdir()
    document.write_text(good.document.read_text("utf-8").replace("API-Version", "Api-Vertion"), "utf-8")
    (tmp_path / "here").mkdir()
    out = str(tmp_path / "of-a-customer" / "report")
    result = run("check", str(document), "--url", good.base_url, "--out", out, *QUICK, cwd=tmp_path / "here")
    assert result.code == 1
    for name in ("report.json", "report.html"):
        said = (document.parent / "report" / name).read_text("utf-8")
        assert "of-a-customer" not in said
        assert good.base_url in said


def test_the_same_seed_sends_the_same_requests(run: Run, good: Example, tmp_path: Path) -> None:
    def once(out: str) -> object:
        run(
            "fuzz",
            str(good.document),
            "--url",
            good.base_url,
            "--out",
            out,
            "--seed",
            "7",
            "--max-requests",
            "120",
            "--rate",
            "1000",
        )
        return json.loads((tmp_path / out / "report.json").read_text("utf-8"))["coverage"]

    assert once("first") == once("second")


def test_nothing_listens(run: Run, good: Example, tmp_path: Path) -> None:
    result = run("check", str(good.document), "--url", f"http://127.0.0.1:{unused_port()}/v1", *QUICK)
    assert result.code == 4
    report = json.loads((tmp_path / "apicheck-report" / "report.json").read_text("utf-8"))
    assert report["conclusion"] == "incomplete"
    assert report["run"]["stopped"]["nl"]


def test_a_wrong_base_url_is_not_blamed_on_the_api(run: Run, good: Example) -> None:
    result = run("probe", str(good.document), "--url", f"{good.base_url}/v1", *QUICK)
    assert result.code == 4
    assert good.base_url in result.out


def test_a_report_is_rendered_again_offline(run: Run, good: Example, tmp_path: Path) -> None:
    run("probe", str(good.document), "--url", good.base_url, *QUICK)
    again = run("report", "apicheck-report/report.json", "--format", "html=again.html", "--format", "terminal=-")
    assert again.code == 0
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "apicheck-report" / "report.html").read_bytes()


def test_writing_needs_consent(run: Run, good: Example, tmp_path: Path) -> None:
    command = ("fuzz", str(good.document), "--url", good.base_url, "--mode", "full", *QUICK)
    assert run(*command).code == 4
    (tmp_path / "consent.toml").write_text(CONSENT.format(good.base_url, "2020-02-01"))
    assert run(*command, "--consent", "consent.toml").code == 4
    (tmp_path / "consent.toml").write_text(CONSENT.format(good.base_url, "2099-01-01"))
    assert run(*command, "--consent", "consent.toml").code == 0
    report = json.loads((tmp_path / "apicheck-report" / "report.json").read_text("utf-8"))
    assert report["run"]["consent"]["by"] == "A. Tester"


def test_declarations_close_what_no_check_can_settle(run: Run, good: Example, tmp_path: Path) -> None:
    form = run("attest", "new", str(good.document)).out
    filled = form.replace('answer: ""', "answer: yes").replace("evidence: []", "evidence: [https://example.org/proof]")
    filled = filled.replace('name: ""', "name: A").replace('role: ""', "role: B").replace('organisation: ""', "organisation: C")
    today = datetime.now(UTC).date()
    filled = filled.replace('signed-on: ""', f"signed-on: {today}").replace('valid-until: ""', f"valid-until: {today}")
    (tmp_path / "form.yaml").write_text(filled)
    result = run("check", str(good.document), "--url", good.base_url, "--attest", "form.yaml", *QUICK)
    report = json.loads((tmp_path / "apicheck-report" / "report.json").read_text("utf-8"))
    assert report["conclusion"] == "conforms-partly-declared"
    assert result.code == 0
    assert all(verdict["basis"] for verdict in report["verdicts"] if verdict["status"] == "pass")
