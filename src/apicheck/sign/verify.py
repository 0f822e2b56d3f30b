"""Is this report what its signers signed, and does it say what its own evidence says?

Seven questions, each answered on its own. Nothing is believed that can be worked out again, nothing is asked of the network,
and what cannot be told is never ok.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from apicheck import catalogue, profile
from apicheck.errors import UnreadableReport, WrongUse
from apicheck.exceptions import accepted_in
from apicheck.model import Report, Status, Text, Verdict
from apicheck.report import har
from apicheck.report.json_ import parse
from apicheck.sign import listing, pages, seal
from apicheck.sign.bundle import Bundle
from apicheck.sign.envelope import TESTED_DOCUMENT, Statement, changed, facts, read_all
from apicheck.sign.keys import TrustedKey
from apicheck.sign.standing import HERE, Found, Standing, of_signer, unequal
from apicheck.verdict import answered, conclude, judge
from apicheck.words import say


class Line(NamedTuple):
    """One question with its answer and the sentence that explains it. What is no duty is left out of the exit code."""

    question: Text
    standing: Standing
    why: Text
    duty: bool = True


def verify(bundle: Bundle, trusted: Mapping[str, TrustedKey], day: date, tested: bytes | None = None) -> tuple[Line, ...]:
    """Answer the seven questions about a bundle, as seen on a day; ``tested`` is the list of tested APIs that it may be on.

    To be on a list is no duty, unless somebody asks for one.

    Raises:
        UnreadableReport: the report is of a schema that this version does not know, and so cannot judge.
    """
    opened = () if bundle.envelopes is None else read_all(bundle.envelopes)
    signed = [statement for statement in opened if statement]
    report = _parsed(bundle)
    return (
        _line(say("sign.question-bytes"), _bytes(bundle, signed)),
        _line(say("sign.question-signature"), _signature(opened, bundle)),
        _line(say("sign.question-signer"), _signer(signed, trusted, day)),
        _line(say("sign.question-recomputed"), _recomputed(report, signed)),
        _line(say("sign.question-page"), pages.standing(report, bundle)),
        _line(say("sign.question-dates"), _dates(report, signed, trusted, day)),
        _line(say("sign.question-list"), _list(tested, report, bundle, trusted, day))._replace(duty=tested is not None),
    )


def exit_code(lines: Iterable[Line]) -> int:
    """Return 0 when all is ok, 1 when something is not, 3 when something could not be told."""
    duties = [line.standing for line in lines if line.duty]
    if Standing.NOT_OK in duties:
        return 1
    return 3 if Standing.UNDETERMINED in duties else 0


def _line(question: Text, found: Found) -> Line:
    standing, why = min(found, key=lambda item: list(Standing).index(item[0]))
    return Line(question, standing, why)


def _parsed(bundle: Bundle) -> Report | UnreadableReport:
    try:
        return parse(bundle.files[bundle.report], bundle.report)
    except UnreadableReport as error:
        if error.message == "report-other-schema":
            raise
        return error


def _bytes(bundle: Bundle, signed: list[Statement]) -> Found:
    """Is every file as it was signed?"""
    for statement in signed:
        for name in changed(statement, bundle):
            yield Standing.NOT_OK, say("sign.file-changed", file=name, owner=statement.predicate.owner)
    covered = {name for statement in signed for name in statement.digests()}
    if uncovered := [name for name in bundle.files if name not in covered]:
        yield Standing.UNDETERMINED, say("sign.file-unsigned", file=", ".join(uncovered))
    if bundle.strangers:
        yield Standing.UNDETERMINED, say("sign.file-foreign", files=", ".join(bundle.strangers))
    yield Standing.OK, say("sign.files-unchanged", files=_told(bundle))


def _told(bundle: Bundle) -> str:
    """Return the names of the files, those of evidence by their number."""
    evidence = [f"{har.FOLDER}/ ({len(bundle.evidence)})"] if bundle.evidence else []
    return ", ".join([*(name for name in bundle.files if name not in bundle.evidence), *evidence])


def _signature(opened: tuple[Statement | None, ...], bundle: Bundle) -> Found:
    """Was every signature made with the key it names, and every seal on a paper with that of its certificate?"""
    for number, statement in enumerate(opened, 1):
        if statement is None:
            yield Standing.NOT_OK, say("sign.signature-wrong", number=number, total=len(opened))
    if not opened:
        yield Standing.UNDETERMINED, say("sign.no-signature")
    seals = tuple(_seals(bundle))
    yield from (told for told in seals if told[0] is not Standing.OK)
    yield Standing.OK, _joined((say("sign.signatures-right", total=len(opened)), *(why for _, why in seals)))


def _seals(bundle: Bundle) -> Found:
    """Is the seal on each paper that has one over all of it? Whether its certificate is to be trusted is told to be open."""
    for file, content in bundle.papers.items():
        if not seal.is_on(content):
            continue
        try:
            found = seal.read(content)
        except WrongUse as missing:  # what reads a seal is not installed
            yield Standing.UNDETERMINED, missing.explain()
            continue
        if found is None:
            yield Standing.NOT_OK, say("sign.seal-unreadable", file=file.name)
        else:
            told = {"file": file.name, "owner": found.owner, "issuer": found.issuer, "date": found.sealed_at.date()}
            yield (Standing.OK, say("sign.sealed", **told)) if found.holds else (Standing.NOT_OK, say("sign.seal-broken", **told))


def _signer(signed: list[Statement], trusted: Mapping[str, TrustedKey], day: date) -> Found:
    """Is each signer known, by this key and in this role?"""
    if not signed:
        yield Standing.UNDETERMINED, say("sign.nobody")
    signers = [statement.predicate for statement in signed]
    for said in signers:
        yield from of_signer(said.owner, said.role, said.key, trusted, day)
    yield Standing.OK, _joined(say(f"sign.signed-by-{said.role}", owner=said.owner) for said in signers)


def _recomputed(report: Report | UnreadableReport, signed: list[Statement]) -> Found:
    """Does everything in the report follow from its evidence and its rules, and are those the rules of the standard?"""
    if isinstance(report, UnreadableReport):
        yield Standing.NOT_OK, report.explain()
        return
    verdicts = tuple(judge(rule, report.evidence) for rule in report.standard.rules)
    yield from _verdicts(report, verdicts)
    yield from _exceptions(report, verdicts)
    if report.conclusion is not (
        conclusion := conclude(verdicts, accepted_in(report), answered=answered(report.subject, report.coverage))
    ):
        yield Standing.NOT_OK, say("sign.other-conclusion", said=report.conclusion, found=conclusion)
    for statement in signed:
        if statement.predicate.report != facts(report) or statement.digests().get(TESTED_DOCUMENT) != report.subject.digest:
            yield Standing.NOT_OK, say("sign.other-facts", owner=statement.predicate.owner)
    yield from _rules(report)
    yield Standing.OK, say("sign.recomputed", standard=report.standard.name)


def _verdicts(report: Report, verdicts: tuple[Verdict, ...]) -> Found:
    """Is every verdict the one that follows, and are they counted right?"""
    for said, found in zip_longest(report.verdicts, verdicts):
        if said is None or found is None or _wordless(said) != _wordless(found):
            yield Standing.NOT_OK, say("sign.other-verdict", rule=(said or found).rule)
        elif said != found:
            yield unequal(report), say("sign.reworded", made=report.tool, here=HERE)
    if Counter(report.coverage.rules) != Counter(verdict.status for verdict in verdicts):
        yield Standing.NOT_OK, say("sign.other-counts")


def _exceptions(report: Report, verdicts: tuple[Verdict, ...]) -> Found:
    """Does every explanation that is shown as accepted belong to this report, and to a rule that fails in it?"""
    failed = {verdict.rule for verdict in verdicts if verdict.status is Status.FAIL}
    for item in report.exceptions:
        if item.handling.accepted and not failed & accepted_in(report.model_copy(update={"exceptions": (item,)})):
            yield Standing.NOT_OK, say("sign.other-exception", rule=item.rule)


def _rules(report: Report) -> Found:
    """Are the rules in the report those that its digest is of, and those of the standard as it is known here?

    What a profile sets aside is for who asked for it to judge: it stands in the report, and is covered by the digest.
    """
    standard = report.standard
    if standard.digest != catalogue.digest(standard):
        yield Standing.NOT_OK, say("sign.other-rules")
    if standard.parts:
        told = {"standard": standard.name, "made": report.tool, "here": HERE}
        yield from ((unequal(report), say("sign.profile-differs", what=name, **told)) for name in profile.deviations(standard))
    elif standard.name not in catalogue.editions():
        yield Standing.UNDETERMINED, say("sign.edition-unknown", standard=standard.name)
    elif standard.digest != catalogue.load(standard.name).digest:
        yield unequal(report), say("sign.edition-differs", standard=standard.name, made=report.tool, here=HERE)


def _wordless(verdict: Verdict) -> Verdict:
    return verdict.model_copy(update={"reason": verdict.title})


def _dates(report: Report | UnreadableReport, signed: list[Statement], trusted: Mapping[str, TrustedKey], day: date) -> Found:
    """Is everything that has a period valid on this day?"""
    if not signed:
        yield Standing.UNDETERMINED, say("sign.nobody")
        return
    for said in (statement.predicate for statement in signed):
        if said.signed_at.date() > day:
            yield Standing.NOT_OK, say("sign.signed-later", owner=said.owner, date=said.signed_at.date(), day=day)
        if said.valid_until < day:
            yield Standing.NOT_OK, say("sign.signature-expired", owner=said.owner, date=said.valid_until, day=day)
        key = trusted.get(said.key)
        if key and not key.from_ <= said.signed_at.date() <= day <= key.until:
            yield Standing.NOT_OK, say("sign.key-not-valid", owner=key.owner, first=key.from_, last=key.until, day=day)
    if isinstance(report, Report):
        yield from _periods(report, day)
    yield Standing.OK, say("sign.dates-valid", date=min(statement.predicate.valid_until for statement in signed), day=day)


def _periods(report: Report, day: date) -> Found:
    """Does what people said in the report still hold?"""
    for item in report.exceptions:
        if item.handling.accepted and item.until and item.until < day:
            yield Standing.NOT_OK, say("sign.exception-expired", rule=item.rule, date=item.until, day=day)
    for evidence in report.evidence:
        if evidence.valid_until and evidence.valid_until < day:
            yield Standing.NOT_OK, say("sign.declaration-expired", check=evidence.check, date=evidence.valid_until, day=day)


def _list(
    tested: bytes | None, report: Report | UnreadableReport, bundle: Bundle, trusted: Mapping[str, TrustedKey], day: date
) -> Found:
    """Is this very report on the list, and does its entry stand?"""
    if tested is None:
        yield Standing.UNDETERMINED, say("sign.no-list")
    else:
        yield from listing.standing(tested, report, bundle.digests()[bundle.report], trusted, day)


def _joined(texts: Iterable[Text]) -> Text:
    said = tuple(texts)
    return Text(nl=" ".join(text.nl for text in said), en=" ".join(text.en for text in said))
