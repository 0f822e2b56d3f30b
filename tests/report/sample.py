"""What does a report look like that a vendor could have got: of an API that fails, of one that conforms, of a document alone?

Its rules stand in ``rules.yaml``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml_rs

from apicheck import promises
from apicheck.again import compare
from apicheck.catalogue import editions, load
from apicheck.exceptions import accepted
from apicheck.model import (
    Consent,
    Coverage,
    DeviationGround,
    Evidence,
    Finding,
    HandledException,
    Handling,
    Level,
    Location,
    Mode,
    Observation,
    Outcome,
    RecordedExchange,
    RecordedMessage,
    Report,
    Rule,
    Run,
    Signatory,
    Source,
    Standard,
    Status,
    Subject,
    Text,
    Unreached,
)
from apicheck.verdict import conclude, judge

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
URL = "https://test.voorbeeld.nl/gebouwen/v1"


def _rule(data: dict[str, Any]) -> Rule:
    """Make a rule as the catalogue does; where it names no requirements, its meaning is the only one."""
    refs = {
        key: [{"source": source, "check": check} for ref in data[key] for source, check in ref.items()]
        for key in ("requires", "refuted-by", "informed-by")
        if key in data
    }
    source = f"https://gitdocumentatie.logius.nl/publicatie/api/adr/2.1/#{data['id']}"
    requirements = [{"level": data["level"], "text": data["meaning"]}]
    return Rule.model_validate({"source": source, "requirements": requirements, **data, **refs})


RULES = tuple(
    _rule(data)  # type: ignore[arg-type]  # the file is a list of mappings
    for data in yaml_rs.loads(Path(__file__).with_name("rules.yaml").read_text("utf-8"))
)

STANDARD = Standard(
    id="nlgov-adr",
    edition="2.1",
    title=Text(nl="NLGov REST API Design Rules 2.1", en="NLGov REST API Design Rules 2.1"),
    publisher="Logius",
    source="https://gitdocumentatie.logius.nl/publicatie/api/adr/2.1/",
    date="2025-09-02",
    status=Text(nl="vastgesteld", en="final"),
    rules=RULES,
    digest="1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014",
)


def place(pointer: str, line: int, column: int, *used_by: str) -> Location:
    """Return a place in the sample's document."""
    return Location(file="gebouwen.yaml", pointer=pointer, line=line, column=column, used_by=used_by)


def evidence(name: str, outcome: Outcome, examined: int, *findings: Finding, reason: Text | None = None) -> Evidence:
    """Make evidence; the check is written as ``lint:name``."""
    source, _, check = name.partition(":")
    return Evidence(check=check, source=Source(source), outcome=outcome, examined=examined, findings=findings, reason=reason)


VENDOR = Signatory(name="V. Verkoper", role="productmanager", organisation="Voorbeeld BV")
BUYER = Signatory(name="I. Inkoper", role="inkoper", organisation="Gemeente Voorbeeld")


def declared(name: str, *findings: Finding) -> Evidence:
    """Make the evidence of what the vendor declared."""
    said = {"declared_by": VENDOR, "valid_until": date(2027, 10, 1)}
    return evidence(name, Outcome.MET, 1, *findings).model_copy(update=said)


def _exchange(
    number: int, purpose: str, operation: str | None, path: str, *, status: int, sender: Source = Source.PROBE, body: str = ""
) -> RecordedExchange:
    headers = (("content-type", "application/json"), ("authorization", "[masked: 27]"))
    return RecordedExchange(
        id=f"{sender}-{number:04d}",
        sender=sender,
        purpose=purpose,
        operation=operation,
        method=(operation or "GET").partition(" ")[0],
        url=URL + path,
        request=RecordedMessage(headers=(("accept", "application/json"), ("authorization", "[masked: 27]"))),
        status=status,
        response=RecordedMessage(headers=headers[:1], body=body, body_size=len(body)),
        started="2026-11-24T10:02:11Z",
        elapsed=0.031,
        error=None,
        curl=f"curl -H 'Accept: application/json' -H \"Authorization: $TOKEN\" '{URL}{path}'",
    )


EXCHANGES = (
    _exchange(4, "reach", "GET /gebouwen", "/gebouwen", status=200, body='{"gebouwen": [\n  {"id": 1, "naam": "Stadhuis"}\n]}'),
    _exchange(9, "unknown-path-404", None, "/bestaat-niet", status=404, body='{"error": "not found"}'),
    _exchange(12, "trailing-slash-404", "GET /gebouwen", "/gebouwen/", status=200, body='{"gebouwen": []}'),
    _exchange(
        731,
        "fuzz",
        "GET /gebouwen/{id}",
        "/gebouwen/%00",
        status=500,
        sender=Source.FUZZ,
        body="<html><h1>Internal Server Error</h1></html>",
    ),
)

LINT = (
    evidence("lint:verbs-in-paths", Outcome.MET, 9),
    evidence(
        "lint:singular-collections",
        Outcome.VIOLATED,
        9,
        Finding(
            id="51a0c2d9e8f1",
            message=Text(nl="Het padsegment 'historie' lijkt enkelvoud.", en="The path segment 'historie' looks singular."),
            location=place("/paths/~1historie", 88, 3, "GET /historie"),
        ),
    ),
    evidence("lint:implementation-words", Outcome.MET, 120),
    evidence(
        "lint:no-trailing-slash",
        Outcome.VIOLATED,
        9,
        Finding(
            id="0c6f5a4be2d7",
            message=Text(nl="Het pad /eigenaren/ eindigt op een schuine streep.", en="The path /eigenaren/ ends in a slash."),
            location=place("/paths/~1eigenaren~1", 61, 3, "GET /eigenaren/", "POST /eigenaren/"),
        ),
    ),
    evidence("lint:standard-methods", Outcome.MET, 14),
    evidence("lint:openapi-version", Outcome.MET, 1),
    evidence("lint:document-valid", Outcome.MET, 1),
    evidence(
        "lint:contact-present",
        Outcome.VIOLATED,
        1,
        Finding(
            id="7d20a1f3c955",
            message=Text(nl="Bij info.contact ontbreken: email, url.", en="info.contact lacks: email, url."),
            location=place("/info/contact", 8, 5),
        ),
    ),
    evidence("lint:contact-specific", Outcome.VACUOUS, 0),
    evidence("lint:major-version-in-server-url", Outcome.MET, 1),
    evidence("lint:info-version-semver", Outcome.MET, 1),
    evidence("lint:version-header-documented", Outcome.MET, 31),
    evidence(
        "lint:problem-details-documented",
        Outcome.VIOLATED,
        17,
        Finding(
            id="aa3be1c09d42",
            message=Text(
                nl="Het antwoord 404 heeft geen application/problem+json, wel: application/json.",
                en="The response 404 has no application/problem+json, but does have: application/json.",
            ),
            location=place(
                "/components/responses/NietGevonden", 141, 5, "GET /gebouwen/{id}", "PUT /gebouwen/{id}", "DELETE /gebouwen/{id}"
            ),
            occurrences=3,
        ),
    ),
    evidence("lint:date-time-formats", Outcome.MET, 6),
    evidence("lint:geo-data-described", Outcome.VACUOUS, 0),
    evidence("lint:sensitive-names", Outcome.MET, 22),
)

PROBE = (
    evidence(
        "probe:trailing-slash-404",
        Outcome.VIOLATED,
        4,
        Finding(
            id="e4c1b7720a96",
            message=Text(
                nl="Met een schuine streep erachter antwoordt de API 200 in plaats van 404.",
                en="With a slash at the end the API answers 200 instead of 404.",
            ),
            operation="GET /gebouwen",
            exchange="probe-0012",
        ),
    ),
    evidence("probe:unsupported-method-405", Outcome.MET, 5),
    evidence("probe:no-product-headers", Outcome.MET, 412),
    evidence(
        "probe:openapi-json-published",
        Outcome.UNKNOWN,
        0,
        reason=Text(
            nl="Het adres /openapi.json gaf in 10 seconden geen antwoord.",
            en="The address /openapi.json gave no answer within 10 seconds.",
        ),
    ),
    evidence(
        "probe:version-header-on-success",
        Outcome.VIOLATED,
        366,
        Finding(
            id="b93d04c7f1aa",
            message=Text(
                nl="De header API-Version ontbreekt in het antwoord 200.",
                en="The header API-Version is missing from the response 200.",
            ),
            operation="GET /gebouwen",
            exchange="probe-0004",
            occurrences=366,
        ),
    ),
    evidence("probe:version-header-on-errors", Outcome.MET, 46),
    evidence(
        "probe:problem-details",
        Outcome.VIOLATED,
        46,
        Finding(
            id="c08e55d1b3f0",
            message=Text(
                nl="Het antwoord 404 is application/json en geen application/problem+json.",
                en="The response 404 is application/json and not application/problem+json.",
            ),
            exchange="probe-0009",
            occurrences=2,
        ),
    ),
)

ATTEST = (
    declared(
        "attest:core/hide-implementation",
        Finding(
            id="attest-core/hide-implementation",
            message=Text(
                nl="Verklaard: ja. Ontworpen met drie gemeenten. Bewijs: https://voorbeeld.nl/ontwerp.pdf",
                en="Declared: yes. Designed with three municipalities. Evidence: https://voorbeeld.nl/ontwerp.pdf",
            ),
        ),
    ),
)

OBSERVATIONS = (
    Observation(
        id="f7711ab0c3e9",
        check="no-server-error",
        message=Text(
            nl="De API antwoordt 500 op een teken dat in een id niet kan voorkomen.",
            en="The API answers 500 to a character that cannot be part of an id.",
        ),
        operation="GET /gebouwen/{id}",
        exchange="fuzz-0731",
        occurrences=4,
    ),
    Observation(
        id="02b3aa91f6cd",
        check="status-documented",
        message=Text(nl="De API antwoordt 409; dat is niet beschreven.", en="The API answers 409; that is not documented."),
        operation="PUT /gebouwen/{id}",
        exchange=None,
        occurrences=1,
    ),
)


def make(
    found: tuple[Evidence, ...],
    standard: Standard = STANDARD,
    *,
    sources: tuple[Source, ...] = tuple(Source),
    url: str | None = URL,
    notes: tuple[Text, ...] = (),
    exceptions: tuple[HandledException, ...] = (),
) -> Report:
    """Judge the evidence and put everything in a report."""
    verdicts = tuple(judge(one, found) for one in standard.rules)
    live = url is not None
    counts = {status: sum(verdict.status is status for verdict in verdicts) for status in Status}
    unreached = Unreached(
        operation="DELETE /gebouwen/{id}", reason=Text(nl="Alleen lezen: niet gestuurd.", en="Read-only: not sent.")
    )
    coverage = (
        Coverage(
            rules=counts,
            operations=14,
            reached=12,
            answered=11,
            requests={Source.PROBE: 96, Source.FUZZ: 4310},
            not_reached=(
                unreached,
                Unreached(operation="GET /eigenaren/", reason=Text(nl="Alleen 403 ontvangen.", en="Only 403 was received.")),
            ),
        )
        if live
        else Coverage(rules=counts, operations=14)
    )
    return Report(
        tool="apicheck 0.1.0",
        subject=Subject(title="Gebouwen API", version="1.2.0", document="gebouwen.yaml", digest=DIGEST, url=url),
        standard=standard,
        run=Run(
            started="2026-11-24T10:02:03Z",
            finished="2026-11-24T10:19:47Z",
            sources=sources,
            command=f"apicheck check gebouwen.yaml --url {url} --standard nlgov-adr@2.1 --seed 7"
            if live
            else "apicheck lint gebouwen.yaml",
            seed=7 if live else None,
            mode=Mode.FULL if live else None,
            consent=Consent(
                by="J. de Vries",
                on_behalf_of="Gemeente Voorbeeld",
                base_url=URL,
                from_=date(2026, 11, 1),
                until=date(2026, 12, 1),
                environment="test",
            )
            if live
            else None,
            max_requests=5000 if live else None,
            max_time=1200.0 if live else None,
            rate=20.0 if live else None,
        ),
        conclusion=conclude(verdicts, accepted(exceptions, standard.name, DIGEST, date(2026, 11, 24))),
        verdicts=verdicts,
        evidence=found,
        coverage=coverage,
        robustness=OBSERVATIONS if live else (),
        notes=notes,
        exchanges=EXCHANGES if live else (),
        exceptions=exceptions,
    )


def failing() -> Report:
    """Return the report of an API that was tested in every way and fails three MUST rules."""
    drift = Text(
        nl="Het document dat de API zelf publiceert is een ander dan het document dat is getoetst.",
        en="The document that the API itself publishes is another than the one that was tested.",
    )
    return make(LINT + PROBE + ATTEST, notes=(drift,))


def conforming() -> Report:
    """Return a report in which everything is met or declared, and nothing failed."""
    met = {ref for one in RULES for role, ref in one.bindings if ref.source is not Source.ATTEST}
    tested = tuple(evidence(str(ref), Outcome.MET, 3) for ref in sorted(met, key=str))
    asked = [one.declaration for one in RULES if one.declaration]
    return make((*tested, *(declared(str(ref), *ATTEST[0].findings) for ref in asked)))


def exception(rule: str, handling: Handling) -> HandledException:
    """Return what vendor and buyer said about a rule."""
    decided = handling.accepted
    return HandledException(
        rule=rule,
        handling=handling,
        standard=STANDARD.name,
        document=DIGEST,
        proposals="a" * 64,
        ground=DeviationGround.TRANSITION,
        text="Versie 2 van de API doet het goed; die komt in maart.",
        compensation="Afnemers krijgen tot dan een proxy.",
        until=date(2027, 4, 1),
        proposed_by=VENDOR,
        proposed_on=date(2026, 11, 20),
        decided_by=BUYER if decided else None,
        decided_on=date(2026, 11, 23) if decided else None,
        reason="Tot april is dit werkbaar." if decided else "",
    )


def explained() -> Report:
    """Return a report in which the one MUST rule that fails was explained, and the buyer accepted that."""
    report = conforming()
    slash = next(item for item in LINT if item.check == "no-trailing-slash")
    found = tuple(slash if (item.source, item.check) == (slash.source, slash.check) else item for item in report.evidence)
    said = (exception("/core/no-trailing-slash", Handling.EXPLAINED), exception("/core/semver", Handling.STALE))
    return make(found, exceptions=said)


def retested() -> Report:
    """Return the report of a re-test by a buyer: what was explained before now fails, and what failed was mended."""
    report = failing()
    run = report.run.model_copy(update={"by": "Gemeente Voorbeeld"})
    vendors = explained().model_copy(update={"run": report.run.model_copy(update={"by": "Voorbeeld BV"})})
    return report.model_copy(update={"run": run, "again": compare(vendors, "7f3a91c2" * 8, report)})


def lint_only() -> Report:
    """Return the report of a document alone: nothing live, nothing declared."""
    return make(LINT, sources=(Source.LINT,), url=None)


def _wordiest() -> tuple[Rule, ...]:
    """Return the sample's rules in the words of the rules of the standard that take the most room."""
    known = [rule for edition in editions() for rule in load(edition).rules if rule.level is Level.MUST]
    longest = sorted({rule.id: rule for rule in known}.values(), key=lambda rule: -len(rule.title.nl + rule.meaning.nl))
    words = ({"title": rule.title, "meaning": rule.meaning} for rule in longest)
    return tuple(rule.model_copy(update=said) for rule, said in zip(RULES, words, strict=False))


def crowded() -> Report:
    """Return the report whose first page has the most to tell: much fails, the run was cut short, and there are notes."""
    checks = sorted({str(ref) for one in RULES for _, ref in one.bindings if ref.source is not Source.ATTEST})
    fault = Text(nl="Er is iets niet in orde.", en="Something is not in order.")
    found = tuple(evidence(name, Outcome.VIOLATED, 3, Finding(id=f"{n:012x}", message=fault)) for n, name in enumerate(checks))
    notes = (
        Text(
            nl="Het document dat de API zelf publiceert is een ander.", en="The document that the API itself publishes is another."
        ),
        Text(nl="Het certificaat van de server is niet gecontroleerd.", en="The certificate of the server was not verified."),
        *promises.looked_after(explained(), make(found).verdicts, date(2027, 5, 1)),
        *promises.made(explained().exceptions[:1], make(found).verdicts),
        *promises.made(explained().exceptions[:1], make(found).verdicts),
    )
    handlings = (Handling.EXPLAINED, Handling.DISPUTED, Handling.PROPOSED)
    rules = ("/core/semver", "/core/uri-version", "/core/http-methods")
    said = tuple(exception(rule, handling) for rule, handling in zip(rules, handlings, strict=True))
    report = make((*found, *ATTEST), STANDARD.model_copy(update={"rules": _wordiest()}), notes=notes, exceptions=said)
    stopped = Text(nl="Het afgesproken aantal verzoeken was op.", en="The agreed number of requests was spent.")
    title = "Zaakgericht werken: Zaken-API van Voorbeeldleverancier Nederland BV"
    by = "Vereniging van Samenwerkende Voorbeeldgemeenten in Noord-Nederland"
    now = report.model_copy(
        update={
            "run": report.run.model_copy(update={"stopped": stopped, "by": by}),
            "subject": report.subject.model_copy(update={"title": title}),
        }
    )
    return now.model_copy(update={"again": compare(explained(), "7f3a91c2" * 8, now)})


def many(count: int) -> Report:
    """Return the report of a document in which one check finds the same fault in very many places."""
    found = tuple(
        Finding(
            id=f"{number:012x}",
            message=Text(nl=f"Het pad /p{number}/ eindigt op een schuine streep.", en=f"The path /p{number}/ ends in a slash."),
            location=place(f"/paths/~1p{number}~1", number, 3, f"GET /p{number}/"),
        )
        for number in range(1, count + 1)
    )
    slashes = evidence("lint:no-trailing-slash", Outcome.VIOLATED, count, *found)
    others = tuple(item for item in LINT if item.check != slashes.check)
    return make((*others, slashes, *PROBE, *ATTEST))
