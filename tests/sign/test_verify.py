"""Does ``verify`` see every way in which a bundle can lie, and say which it is?"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from apicheck import catalogue
from apicheck.errors import UnreadableReport
from apicheck.exceptions import accepted_in
from apicheck.model import (
    Conclusion,
    DeviationGround,
    Evidence,
    HandledException,
    Handling,
    Outcome,
    Report,
    Signatory,
    Source,
    Status,
    Text,
)
from apicheck.report import html, json_
from apicheck.sign import SignerRole, bundle, envelope
from apicheck.sign.standing import Standing
from apicheck.sign.verify import exit_code, verify
from apicheck.verdict import conclude, judge

from .signers import OK, RETESTER, STRANGER, TODAY, VENDOR, Signer, answers, code, example, forge, trusting, write

BYTES, SIGNATURE, SIGNER, RECOMPUTED, PAGE, DATES, LIST = range(7)
NOT_OK, UNDETERMINED = Standing.NOT_OK, Standing.UNDETERMINED
DAY = timedelta(days=1)


def test_a_signed_bundle_is_ok_but_for_the_list_that_nobody_keeps_yet(signed: Path) -> None:
    assert answers(signed) == OK
    assert code(signed) == 0
    assert answers(signed / "report.json") == OK


def test_several_signers_each_in_their_own_role(signed: Path) -> None:
    RETESTER.sign(signed)
    assert answers(signed, trusting(VENDOR, RETESTER)) == OK
    assert answers(signed)[SIGNER] is UNDETERMINED


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_may_be_in_either_language(language: Any, tmp_path: Path) -> None:
    write(tmp_path, example())
    (tmp_path / html.FILE).write_text(html.render(example(), language), "utf-8")
    VENDOR.sign(tmp_path)
    assert answers(tmp_path) == OK


def test_one_verdict_changed_and_signed_again_with_an_unknown_key(tmp_path: Path) -> None:
    write(tmp_path, example())
    forge(tmp_path, lambda data: data["verdicts"][0].update(status="pass" if data["verdicts"][0]["status"] != "pass" else "fail"))
    STRANGER.sign(tmp_path)
    told = answers(tmp_path)
    assert told[SIGNER] is UNDETERMINED
    assert told[RECOMPUTED] is NOT_OK
    assert told[BYTES] is told[SIGNATURE] is told[PAGE] is Standing.OK
    assert code(tmp_path) == 1


def passed(data: Any) -> None:
    """Count a verdict that is not there."""
    data["coverage"]["rules"]["pass"] += 1


def weakened(data: Any) -> None:
    """Take the checks away from a rule that somebody fails, and the evidence will no longer matter."""
    data["standard"]["rules"][0]["meaning"]["nl"] = "Alles mag."


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["verdicts"].pop(),
        lambda data: data["verdicts"].append(data["verdicts"][0]),
        lambda data: data.update(conclusion="conforms"),
        lambda data: data["standard"].update(digest="0" * 64),
        lambda data: data["verdicts"][0]["reason"].update(nl="Alles is goed."),
        passed,
        weakened,
    ],
    ids=["verdict-gone", "verdict-twice", "conclusion", "digest", "reason", "counts", "rules"],
)
def test_what_does_not_follow_from_the_evidence_is_seen_whoever_signed_it(change: Callable[[Any], object], tmp_path: Path) -> None:
    write(tmp_path, example())
    forge(tmp_path, change)
    VENDOR.sign(tmp_path)
    assert answers(tmp_path)[RECOMPUTED] is NOT_OK


def test_rules_with_a_digest_of_their_own_are_not_those_of_the_standard(tmp_path: Path) -> None:
    standard = example().standard
    rules = (standard.rules[0].model_copy(update={"meaning": Text(nl="Alles mag.", en="All is fine.")}), *standard.rules[1:])
    changed = catalogue.sealed(standard.model_copy(update={"rules": rules}))
    forged = example().model_copy(update={"standard": changed})
    VENDOR.sign(write(tmp_path, forged))
    lines = verify(bundle.read(tmp_path), trusting(VENDOR), TODAY)
    assert lines[RECOMPUTED].standing is NOT_OK
    assert standard.name in lines[RECOMPUTED].why.en


def test_a_standard_that_is_not_here_cannot_be_told(tmp_path: Path) -> None:
    standard = example().standard.model_copy(update={"edition": "../9.9"})
    VENDOR.sign(write(tmp_path, example().model_copy(update={"standard": standard})))
    assert answers(tmp_path)[RECOMPUTED] is UNDETERMINED
    assert code(tmp_path) == 3


@pytest.mark.parametrize("change", [{"notes": (Text(nl="Niets aan de hand.", en="All is well."),)}, {"tool": "apicheck 0.0.0"}])
def test_another_front_page_on_an_honest_report(change: dict[str, Any], tmp_path: Path) -> None:
    VENDOR.sign(write(tmp_path, example(), page=example().model_copy(update=change)))
    told = answers(tmp_path)
    assert told[PAGE] is NOT_OK
    assert [answer for question, answer in enumerate(told) if question not in {PAGE, LIST}] == [Standing.OK] * 5


def test_a_difference_with_another_version_is_not_held_against_the_report(tmp_path: Path) -> None:
    other = example().model_copy(update={"tool": "apicheck 0.0.0"})
    reworded = other.verdicts[0].model_copy(update={"reason": Text(nl="Anders gezegd.", en="Said otherwise.")})
    write(tmp_path, other.model_copy(update={"verdicts": (reworded, *other.verdicts[1:])}), page=example())
    VENDOR.sign(tmp_path)
    assert answers(tmp_path) == [Standing.OK, Standing.OK, Standing.OK, UNDETERMINED, UNDETERMINED, Standing.OK, UNDETERMINED]
    assert code(tmp_path) == 3


def test_json_that_two_readers_may_read_differently_is_not_what_apicheck_writes(tmp_path: Path) -> None:
    write(tmp_path, example())
    doubled = json_.render(example()).replace(b'  "conclusion"', b'  "conclusion": "conforms",\n  "conclusion"', 1)
    (tmp_path / json_.FILE).write_bytes(doubled)
    VENDOR.sign(tmp_path)
    assert answers(tmp_path)[PAGE] is NOT_OK


def test_a_report_without_a_page_or_with_an_unsigned_one(tmp_path: Path) -> None:
    write(tmp_path, example())
    page = (tmp_path / html.FILE).read_bytes()
    (tmp_path / html.FILE).unlink()
    VENDOR.sign(tmp_path)
    assert answers(tmp_path)[PAGE] is UNDETERMINED
    (tmp_path / html.FILE).write_bytes(page)
    told = answers(tmp_path)
    assert told[BYTES] is UNDETERMINED
    assert told[PAGE] is Standing.OK


def declared(outcome: Outcome, *exceptions: HandledException) -> Report:
    """Return the example with a declaration on its first rule, and everything that follows from it."""
    rule = example().standard.rules[0]
    assert rule.declaration
    said = Evidence(
        check=rule.declaration.check, source=Source.ATTEST, outcome=outcome, examined=1, valid_until=TODAY + timedelta(days=30)
    )
    evidence = (*example().evidence, said)
    verdicts = tuple(judge(rule, evidence) for rule in example().standard.rules)
    counts = Counter(verdict.status for verdict in verdicts)
    coverage = example().coverage.model_copy(update={"rules": {status: counts[status] for status in Status}})
    changed = {"evidence": evidence, "verdicts": verdicts, "coverage": coverage, "exceptions": exceptions}
    report = example().model_copy(update=changed)
    return report.model_copy(update={"conclusion": conclude(verdicts, accepted_in(report))})


def explained(document: str) -> HandledException:
    """Return an explanation for that rule that the buyer accepted, for the document with this digest."""
    vendor, buyer = (Signatory(name=name, role="x", organisation=name) for name in ("Leverancier", "Afnemer"))
    return HandledException(
        rule=example().standard.rules[0].id,
        handling=Handling.EXPLAINED,
        standard=example().standard.name,
        document=document,
        proposals="0" * 64,
        ground=DeviationGround.TRANSITION,
        text="Volgt.",
        until=TODAY + 30 * DAY,
        proposed_by=vendor,
        proposed_on=TODAY - DAY,
        decided_by=buyer,
        decided_on=TODAY - DAY,
        reason="Akkoord.",
    )


def test_an_accepted_explanation_is_part_of_what_is_recomputed_and_has_its_own_end(tmp_path: Path) -> None:
    report = declared(Outcome.VIOLATED, explained(example().subject.digest))
    assert report.conclusion is not Conclusion.FAILS
    VENDOR.sign(write(tmp_path, report))
    assert answers(tmp_path) == OK
    assert answers(tmp_path, day=TODAY + 31 * DAY)[DATES] is NOT_OK


def test_an_explanation_of_another_report(tmp_path: Path) -> None:
    VENDOR.sign(write(tmp_path, declared(Outcome.VIOLATED)))
    assert answers(tmp_path) == OK
    (tmp_path / "report.dsse.json").unlink()
    VENDOR.sign(write(tmp_path, declared(Outcome.VIOLATED, explained("0" * 64))))
    lines = verify(bundle.read(tmp_path), trusting(VENDOR), TODAY)
    assert lines[RECOMPUTED].standing is NOT_OK
    assert example().standard.rules[0].id in lines[RECOMPUTED].why.en


@pytest.mark.parametrize(("days", "dates"), [(30, Standing.OK), (31, NOT_OK)])
def test_a_declaration_counts_until_its_last_day(tmp_path: Path, days: int, dates: Standing) -> None:
    VENDOR.sign(write(tmp_path, declared(Outcome.MET)))
    lines = verify(bundle.read(tmp_path), trusting(VENDOR), TODAY + timedelta(days=days))
    assert lines[RECOMPUTED].standing is Standing.OK
    assert lines[DATES].standing is dates


def test_an_envelope_of_another_report(signed: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = write(tmp_path_factory.mktemp("other"), example().model_copy(update={"notes": (Text(nl="x", en="x"),)}))
    VENDOR.sign(other)
    (signed / "report.dsse.json").write_bytes((other / "report.dsse.json").read_bytes())
    told = answers(signed)
    assert told[BYTES] is NOT_OK
    assert told[SIGNATURE] is told[SIGNER] is Standing.OK


def test_a_statement_that_leaves_the_report_out_says_nothing_about_it(signed: Path) -> None:
    (signed / json_.FILE).rename(signed / "other.json")
    (signed / "report.dsse.json").rename(signed / "other.dsse.json")
    assert answers(signed / "other.json")[BYTES] is NOT_OK


def test_a_statement_that_says_something_else_than_the_report(signed: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (signed / "report.dsse.json").unlink()
    found = bundle.read(signed)
    better = example().model_copy(update={"conclusion": "conforms"})
    envelope.sign(found, better, VENDOR.key, role=VENDOR.role, owner=VENDOR.owner)
    assert answers(signed)[RECOMPUTED] is NOT_OK


def test_no_signature(tmp_path: Path) -> None:
    write(tmp_path, example())
    expected = [UNDETERMINED, UNDETERMINED, UNDETERMINED, Standing.OK, Standing.OK, UNDETERMINED, UNDETERMINED]
    assert answers(tmp_path) == expected
    assert code(tmp_path) == 3
    (tmp_path / "report.dsse.json").write_bytes(b"")
    assert answers(tmp_path) == expected


def test_an_unknown_key_is_never_ok(signed: Path) -> None:
    lines = verify(bundle.read(signed), {}, TODAY)
    assert lines[SIGNATURE].standing is Standing.OK
    assert lines[SIGNER].standing is UNDETERMINED
    assert "afzender is onbekend" in lines[SIGNER].why.nl
    assert exit_code(lines) == 3


@pytest.mark.parametrize(
    "change", [{"owner": "Ander BV"}, {"role": SignerRole.LIST_KEEPER}, {"revoked": TODAY}], ids=["owner", "role", "revoked"]
)
def test_a_key_of_another_in_another_role_or_revoked(change: dict[str, Any], signed: Path) -> None:
    told = answers(signed, trusting(VENDOR.trusted.model_copy(update=change)))
    assert told[SIGNER] is NOT_OK
    assert told[:SIGNER] == [Standing.OK, Standing.OK]


def test_a_key_counts_until_the_day_it_is_revoked(signed: Path) -> None:
    assert answers(signed, trusting(VENDOR.trusted.model_copy(update={"revoked": TODAY + DAY}))) == OK


def test_the_dates_of_a_signature(tmp_path: Path) -> None:
    VENDOR.sign(write(tmp_path, example()), valid_until=TODAY + 7 * DAY)
    assert answers(tmp_path, day=TODAY + 7 * DAY) == OK
    for day in (TODAY + 8 * DAY, TODAY - DAY):
        told = answers(tmp_path, day=day)
        assert told[DATES] is NOT_OK
        assert [answer for question, answer in enumerate(told) if question not in {DATES, LIST}] == [Standing.OK] * 5


@pytest.mark.parametrize(
    ("change", "day"), [({"until": TODAY}, TODAY + DAY), ({"from_": TODAY + DAY}, TODAY + DAY)], ids=["expired", "not-yet"]
)
def test_the_dates_of_a_key(change: dict[str, Any], day: date, signed: Path) -> None:
    assert answers(signed, trusting(VENDOR.trusted.model_copy(update=change)), day)[DATES] is NOT_OK


def test_a_report_that_cannot_be_read_gets_its_seven_answers(signed: Path) -> None:
    (signed / json_.FILE).write_bytes((signed / json_.FILE).read_bytes()[:-5])
    told = answers(signed)
    assert (told[BYTES], told[RECOMPUTED], told[PAGE]) == (NOT_OK, NOT_OK, UNDETERMINED)


def test_a_schema_that_is_not_known_is_refused(signed: Path) -> None:
    content = (signed / json_.FILE).read_bytes()
    (signed / json_.FILE).write_bytes(content.replace(b"apicheck/report/1.0", b"apicheck/report/2.0", 1))
    with pytest.raises(UnreadableReport, match=r"report/2\.0"):
        answers(signed)


def test_what_a_stranger_says_of_himself_cannot_act(tmp_path: Path) -> None:
    hostile = Signer("\x1b[2J\u202eevil\nline", SignerRole.VENDOR, VENDOR.key)
    VENDOR.sign(write(tmp_path, example()))
    (honest,) = envelope.read_all((tmp_path / "report.dsse.json").read_bytes())
    assert honest
    forged = honest.model_copy(update={"predicate": honest.predicate.model_copy(update={"owner": hostile.owner})})
    (tmp_path / "report.dsse.json").write_bytes(envelope.write(forged, hostile.key))
    for trusted in ({}, trusting(VENDOR), trusting(hostile)):
        lines = verify(bundle.read(tmp_path), trusted, TODAY)
        assert all(text.isprintable() for line in lines for text in (line.why.nl, line.why.en))
