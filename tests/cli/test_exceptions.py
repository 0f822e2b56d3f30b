"""Do vendor and buyer get what they agree on, and nothing more? The real command line, against the broken example."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest
import yaml_rs

from apicheck import exceptions
from apicheck.demo import Example, running_example, twin
from apicheck.model import HandledException, Report
from apicheck.report.json_ import read

from .conftest import Result, Run

TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=200)
VENDOR = {"name": "V. Verkoper", "role": "productmanager", "organisation": "Voorbeeld BV"}
BUYER = {"name": "I. Inkoper", "role": "inkoper", "organisation": "Gemeente Voorbeeld"}
QUICK = ("--max-time", "8", "--rate", "1000", "--max-requests", "150")
BOTH = ("--exceptions", "proposals.yaml", "--decisions", "decisions.yaml")
Form = dict[str, Any]


@pytest.fixture(scope="module")
def broken() -> Iterator[Example]:
    with running_example(twin()) as example:
        yield example


def form(text: str) -> Form:
    return cast("Form", yaml_rs.loads(text, parse_datetime=False))


def save(file: Path, content: Form) -> None:
    file.write_text(json.dumps(content), "utf-8")


def check(run: Run, example: Example, folder: Path, *options: str) -> tuple[Result, Report]:
    """Check the example with these options, and read the report."""
    result = run("check", str(example.document), "--url", example.base_url, *QUICK, *options)
    return result, read(folder / "apicheck-report" / "report.json")


@pytest.fixture(scope="module")
def reports() -> dict[str, bytes]:
    """Keep what was found, so that not every test has to find it again."""
    return {}


@pytest.fixture
def report(run: Run, broken: Example, tmp_path: Path, reports: dict[str, bytes]) -> Report:
    """Return a report of the broken example, which stands in ``report.json`` too."""
    if not reports:
        check(run, broken, tmp_path)
        reports["broken"] = (tmp_path / "apicheck-report" / "report.json").read_bytes()
    (tmp_path / "report.json").write_bytes(reports["broken"])
    return read(tmp_path / "report.json")


@pytest.fixture
def proposed(run: Run, report: Report, tmp_path: Path) -> Form:
    """Let the vendor explain every rule that fails, in ``proposals.yaml``."""
    content = form(run("exceptions", "new", "report.json").out)
    content |= {"proposed-by": VENDOR, "proposed-on": str(TODAY)}
    for line in content["exceptions"]:
        line |= {"ground": "transition", "text": "It is in the next release.", "compensation": "A proxy.", "until": str(LATER)}
    save(tmp_path / "proposals.yaml", content)
    return content


def decide(run: Run, folder: Path, decision: str = "accepted", by: Form = BUYER) -> Form:
    """Let the buyer decide the same on everything, in ``decisions.yaml``."""
    content = form(run("exceptions", "decide", "proposals.yaml").out)
    content |= {"decided-by": by}
    for line in content["decisions"]:
        line |= {"decision": decision, "reason": "Agreed in the meeting.", "date": str(TODAY)}
    save(folder / "decisions.yaml", content)
    return content


def weigh(report: Report, folder: Path) -> tuple[list[HandledException], set[str]]:
    """Return what comes of the forms in a report that finds the same, and the rules for which they count."""
    dossier = exceptions.read(folder / "proposals.yaml", folder / "decisions.yaml")
    about = (report.standard.name, report.subject.digest)
    handled = exceptions.weigh(dossier, *about, report.verdicts, TODAY)
    return list(handled), set(exceptions.accepted(handled, *about, TODAY))


def failing(report: Report) -> set[str]:
    return {verdict.rule for verdict in report.verdicts if verdict.status == "fail"}


def handling(items: Any) -> set[str]:
    return {item.handling for item in items}


def test_what_the_buyer_accepts_changes_the_conclusion_and_no_verdict(
    run: Run, broken: Example, report: Report, proposed: Form, tmp_path: Path
) -> None:
    before = failing(report)
    assert before
    assert {line["rule"] for line in proposed["exceptions"]} == before

    result, report = check(run, broken, tmp_path, "--exceptions", "proposals.yaml")
    assert (result.code, report.conclusion, handling(report.exceptions)) == (1, "fails", {"proposed"})

    decisions = decide(run, tmp_path)
    assert decisions["proposals"] == sha256((tmp_path / "proposals.yaml").read_bytes()).hexdigest()
    result, report = check(run, broken, tmp_path, *BOTH)
    assert (result.code, report.conclusion, handling(report.exceptions)) == (3, "incomplete", {"explained"})
    assert failing(report) == before

    filled = form(run("attest", "new", "--report", "apicheck-report/report.json").out)
    unsettled = {verdict.rule for verdict in report.verdicts if verdict.status == "open"}
    assert {line["rule"] for line in filled["declarations"]} == unsettled
    filled |= {"signatory": VENDOR}
    for line in filled["declarations"]:
        line |= {"answer": "yes", "evidence": ["https://example.org"], "signed-on": str(TODAY), "valid-until": str(LATER)}
    save(tmp_path / "declarations.yaml", filled)
    weighed = run("attest", "check", "declarations.yaml", str(broken.document))
    assert weighed.code == 0
    assert all(f"{rule}: " in weighed.out for rule in unsettled)
    result, report = check(run, broken, tmp_path, *BOTH, "--attest", "declarations.yaml")
    assert (result.code, report.conclusion) == (0, "conforms-with-explanation")
    assert failing(report) == before
    assert exceptions.accepted_in(report) == before


def test_a_line_that_the_vendor_left_blank_proposes_nothing(run: Run, report: Report, tmp_path: Path) -> None:
    (tmp_path / "proposals.yaml").write_text(run("exceptions", "new", "report.json").out, "utf-8")
    dossier = exceptions.read(tmp_path / "proposals.yaml")
    assert dossier.proposals.exceptions
    assert exceptions.weigh(dossier, report.standard.name, report.subject.digest, report.verdicts, TODAY) == ()
    assert form(run("exceptions", "decide", "proposals.yaml").out)["decisions"] == []


def test_one_explanation_that_is_rejected_is_enough_to_fail(run: Run, broken: Example, proposed: Form, tmp_path: Path) -> None:
    decisions = decide(run, tmp_path, "equivalent")
    decisions["decisions"][0] |= {"decision": "rejected", "reason": "Too late."}
    save(tmp_path / "decisions.yaml", decisions)
    result, report = check(run, broken, tmp_path, *BOTH)
    assert (result.code, report.conclusion, handling(report.exceptions)) == (1, "fails", {"equivalent", "rejected"})
    assert exceptions.accepted_in(report) == failing(report) - {proposed["exceptions"][0]["rule"]}


def test_a_decision_lapses_when_the_vendor_changes_the_form(run: Run, broken: Example, proposed: Form, tmp_path: Path) -> None:
    decide(run, tmp_path)
    proposed["exceptions"][0]["text"] += " Or the one after that."
    save(tmp_path / "proposals.yaml", proposed)
    result, report = check(run, broken, tmp_path, *BOTH, "--lang", "en")
    assert (result.code, handling(report.exceptions)) == (1, {"proposed"})
    assert "another form of explanations" in " ".join(result.out.split())


@pytest.mark.parametrize(
    ("change", "handled"),
    [
        ({"until": str(TODAY)}, "explained"),
        ({"until": str(TODAY - timedelta(days=1))}, "expired"),
        ({"until": str(TODAY + timedelta(days=1000))}, "proposed"),
        ({"until": ""}, "proposed"),
        ({"ground": ""}, "proposed"),
        ({"text": "  "}, "proposed"),
        ({"disputes": True}, "disputed"),
        ({"rule": "/core/no-such-rule"}, "stale"),
    ],
)
def test_what_is_not_complete_or_has_passed_counts_for_nothing_and_says_why(
    run: Run, report: Report, proposed: Form, tmp_path: Path, change: Form, handled: str
) -> None:
    first = proposed["exceptions"][0]["rule"]
    proposed["exceptions"][0] |= change
    save(tmp_path / "proposals.yaml", proposed | {"proposed-on": str(TODAY - timedelta(days=10))})
    decide(run, tmp_path)
    items, counted = weigh(report, tmp_path)
    assert items[0].handling == handled
    assert (items[0].note is None) == (handled in {"explained", "disputed"})
    assert failing(report) - counted == (set() if handled == "explained" else {first})


@pytest.mark.parametrize(
    ("change", "handled"),
    [
        ({"document": "0" * 64}, "stale"),
        ({"standard": "nlgov-adr@2.0"}, "stale"),
        ({"proposed-by": {"name": "V."}}, "proposed"),
        ({"proposed-on": str(TODAY + timedelta(days=1))}, "proposed"),
    ],
)
def test_explanations_for_something_else_or_of_nobody_count_for_nothing(
    run: Run, report: Report, proposed: Form, tmp_path: Path, change: Form, handled: str
) -> None:
    save(tmp_path / "proposals.yaml", proposed | change)
    decide(run, tmp_path)
    items, counted = weigh(report, tmp_path)
    assert handling(items) == {handled}
    assert all(item.note for item in items)
    assert not counted


@pytest.mark.parametrize("change", [{"reason": ""}, {"date": ""}, {"date": str(TODAY + timedelta(days=1))}, {"decision": ""}])
def test_a_decision_that_is_not_complete_counts_for_nothing(
    run: Run, report: Report, proposed: Form, tmp_path: Path, change: Form
) -> None:
    decisions = decide(run, tmp_path)
    decisions["decisions"][0] |= change
    save(tmp_path / "decisions.yaml", decisions)
    items, counted = weigh(report, tmp_path)
    assert items[0].handling == "proposed"
    assert failing(report) - counted == {proposed["exceptions"][0]["rule"]}


@pytest.mark.parametrize("by", [VENDOR, {"name": "I. Inkoper"}])
def test_nobody_decides_on_an_explanation_of_their_own_or_without_a_name(
    run: Run, report: Report, proposed: Form, tmp_path: Path, by: Form
) -> None:
    decide(run, tmp_path, by=by)
    items, counted = weigh(report, tmp_path)
    assert handling(items) == {"proposed"}
    assert not counted


def test_a_decision_without_a_proposal_is_told_and_counts_for_nothing(
    run: Run, report: Report, proposed: Form, tmp_path: Path
) -> None:
    left_out = proposed["exceptions"].pop(0)["rule"]
    save(tmp_path / "proposals.yaml", proposed)
    decisions = decide(run, tmp_path)
    decisions["decisions"].append({"rule": left_out, "decision": "accepted", "reason": "Fine.", "date": str(TODAY)})
    save(tmp_path / "decisions.yaml", decisions)
    assert left_out not in weigh(report, tmp_path)[1]
    told = exceptions.strays(exceptions.read(tmp_path / "proposals.yaml", tmp_path / "decisions.yaml"))
    assert [left_out in note.en for note in told] == [True]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a list",
        "exceptions: [",
        "[" * 300_000,
        "a" * 1_000_001,
        "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d]\n",
        '{"standard": "x", "document": "x", "proposed-by": {}, "exceptions": [{"rule": "a"}, {"rule": "a"}]}',
        '{"standard": "x", "document": "x", "proposed-by": {}, "exceptions": [{"rule": "a", "ground": "because I say so"}]}',
        '{"standard": "x", "document": "x", "proposed-by": {}, "exceptions": [{"rule": "a", "until": "open end"}]}',
        '{"standard": "x", "document": "x", "proposed-by": {}, "exceptions": [], "accepted": true}',
        "standard: !!python/object/apply:os.system [id]",
    ],
)
def test_a_form_that_is_none_is_refused_in_a_sentence(run: Run, broken: Example, tmp_path: Path, content: str) -> None:
    (tmp_path / "proposals.yaml").write_text(content, "utf-8")
    for command in (["exceptions", "decide"], ["check", str(broken.document), "--url", broken.base_url, "--exceptions"]):
        result = run(*command, "proposals.yaml")
        assert result.code == 4
        assert result.err.startswith("apicheck: ")
        assert len(result.err.splitlines()) == 1
        assert "\\u" not in result.err


def test_a_decision_alone_and_a_form_that_is_not_there_are_refused(run: Run, broken: Example) -> None:
    command = ("check", str(broken.document), "--url", broken.base_url)
    assert run(*command, "--decisions", "decisions.yaml").code == 2
    assert run(*command, "--exceptions", "proposals.yaml").code == 4
    assert run("attest", "new").code == 2


def test_no_text_of_a_vendor_breaks_out_of_the_form_of_the_buyer(run: Run, report: Report, proposed: Form, tmp_path: Path) -> None:
    evil = 'x\ndecisions:\n  - {rule: y, decision: accepted}\u2028\x1b[2J\u202e" # \x85- z: "'
    proposed["exceptions"][0] |= {"text": evil, "compensation": evil}
    proposed["exceptions"] += [{"rule": evil, "text": evil, "disputes": True}, {"rule": evil + "2", "text": evil}]
    save(tmp_path / "proposals.yaml", proposed | {"proposed-by": {"name": evil, "role": evil, "organisation": evil}})
    written = run("exceptions", "decide", "proposals.yaml").out
    assert not {"\x1b", "\u202e", "\u2028", "\x85"} & set(written)
    decisions = form(written)["decisions"]
    assert [line["rule"] for line in decisions] == [line["rule"] for line in proposed["exceptions"] if line["rule"] != evil]
    assert all(line["decision"] == "" for line in decisions)
    decide(run, tmp_path)
    items, counted = weigh(report, tmp_path)
    assert items[0].text == evil
    assert counted == failing(report)
    assert items[-1].handling == items[-2].handling == "stale"


def test_a_report_that_a_stranger_wrote_makes_a_form_with_its_own_lines_only(run: Run, report: Report, tmp_path: Path) -> None:
    evil = 'x"\nproposed-on: 2020-01-01 # \u2028\x1b[2J'
    text = (tmp_path / "report.json").read_text("utf-8")
    rule = next(iter(failing(report)))
    title = next(verdict.title.nl for verdict in report.verdicts if verdict.rule == rule)
    text = text.replace(json.dumps(rule), json.dumps(evil)).replace(json.dumps(title, ensure_ascii=False), json.dumps(evil))
    (tmp_path / "report.json").write_text(text, "utf-8")
    written = run("exceptions", "new", "report.json").out
    assert "\x1b" not in written
    content = form(written)
    assert content["proposed-on"] == ""
    assert evil in {line["rule"] for line in content["exceptions"]}


def test_a_form_with_very_many_lines_is_weighed_all_the_same(report: Report, tmp_path: Path) -> None:
    many = [{"rule": f"/{number}", "text": "x"} for number in range(25_000)]
    about = {"standard": report.standard.name, "document": report.subject.digest}
    save(tmp_path / "proposals.yaml", {**about, "proposed-by": VENDOR, "exceptions": many})
    digest = sha256((tmp_path / "proposals.yaml").read_bytes()).hexdigest()
    answers = [{"rule": line["rule"], "decision": "accepted"} for line in many[:20_000]]
    save(tmp_path / "decisions.yaml", {"proposals": digest, "decided-by": BUYER, "decisions": answers})
    items, counted = weigh(report, tmp_path)
    assert (len(items), handling(items), counted) == (25_000, {"stale"}, set())
