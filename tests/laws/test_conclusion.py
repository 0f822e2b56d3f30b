"""Do the laws of the conclusion hold: who can change it, with what, and until when?"""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apicheck import exceptions
from apicheck.exceptions import Decision, Decisions, Dossier, Proposal, Proposals, Ruling
from apicheck.model import Conclusion, DeviationGround, Handling, Level, Signatory, Source, Status, Text, Verdict
from apicheck.verdict import conclude

SAID = Text(nl="x", en="x")
STANDARD = "nlgov-adr@2.2"
DIGEST = "d" * 64
TODAY = date(2026, 11, 24)
RULES = [f"/core/rule-{number}" for number in range(5)]
VENDOR = Signatory(name="V. Verkoper", role="productmanager", organisation="Voorbeeld BV")
BUYER = Signatory(name="I. Inkoper", role="inkoper", organisation="Gemeente Voorbeeld")
DAYS = st.dates(TODAY - timedelta(days=900), TODAY + timedelta(days=900))


@st.composite
def verdicts(draw: st.DrawFn) -> list[Verdict]:
    return [
        Verdict(
            rule=rule,
            title=SAID,
            level=draw(st.sampled_from(Level)),
            kind="technical",
            status=draw(st.sampled_from(Status)),
            basis=draw(st.sampled_from([(Source.LINT,), (Source.ATTEST,)])),
            reason=SAID,
        )
        for rule in draw(st.lists(st.sampled_from(RULES), unique=True))
    ]


@st.composite
def proposals(draw: st.DrawFn) -> Proposals:
    return Proposals(
        standard=draw(st.sampled_from([STANDARD, STANDARD, "nlgov-adr@2.1"])),
        document=draw(st.sampled_from([DIGEST, DIGEST, "e" * 64])),
        proposed_by=draw(st.sampled_from([VENDOR, VENDOR, Signatory()])),
        proposed_on=draw(st.just("") | DAYS),
        exceptions=tuple(
            Proposal(
                rule=rule,
                ground=draw(st.sampled_from([*DeviationGround, ""])),
                text=draw(st.sampled_from(["because", "because", " "])),
                until=draw(st.just("") | DAYS),
                disputes=draw(st.sampled_from([False, False, True])),
            )
            for rule in draw(st.lists(st.sampled_from(RULES), unique=True))
        ),
    )


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    proposed = draw(proposals())
    decisions = Decisions(
        proposals=draw(st.sampled_from(["f" * 64, "f" * 64, "0" * 64])),
        decided_by=draw(st.sampled_from([BUYER, BUYER, VENDOR, Signatory()])),
        decisions=tuple(
            Decision(
                rule=rule,
                decision=draw(st.sampled_from(Ruling)),
                reason=draw(st.sampled_from(["agreed", "agreed", ""])),
                decided_on=draw(st.just("") | DAYS),
            )
            for rule in draw(st.lists(st.sampled_from(RULES), unique=True))
        ),
    )
    return Dossier(proposed, "f" * 64, draw(st.none() | st.just(decisions)))


def outcome(dossier: Dossier | None, judged: list[Verdict], day: date = TODAY) -> Conclusion:
    handled = exceptions.weigh(dossier, STANDARD, DIGEST, judged, day) if dossier else ()
    return conclude(judged, exceptions.accepted(handled, STANDARD, DIGEST, day))


def sound(judged: list[Verdict], until: date = TODAY) -> Dossier:
    """Return a dossier in which the buyer accepts a complete explanation for every rule."""
    rules = [verdict.rule for verdict in judged]
    said = tuple(Proposal(rule=rule, ground=DeviationGround.TRANSITION, text="because", until=until) for rule in rules)
    answers = tuple(Decision(rule=rule, decision=Ruling.ACCEPTED, reason="agreed", decided_on=TODAY) for rule in rules)
    proposed = Proposals(standard=STANDARD, document=DIGEST, proposed_by=VENDOR, proposed_on=TODAY, exceptions=said)
    return Dossier(proposed, "f" * 64, Decisions(proposals="f" * 64, decided_by=BUYER, decisions=answers))


def failed(judged: list[Verdict]) -> set[str]:
    return {verdict.rule for verdict in judged if verdict.status is Status.FAIL and verdict.level is Level.MUST}


@given(verdicts(), st.sets(st.sampled_from(RULES)))
def test_accepting_takes_away_a_failure_and_nothing_else(judged: list[Verdict], accepted: set[str]) -> None:
    must = [verdict for verdict in judged if verdict.level is Level.MUST]
    conclusion = conclude(judged, accepted)
    assert (conclusion is Conclusion.FAILS) == bool(failed(judged) - accepted)
    if any(verdict.status is Status.OPEN for verdict in must):
        assert conclusion in {Conclusion.FAILS, Conclusion.INCOMPLETE}
    if not failed(judged):
        assert conclusion is conclude(judged)
    elif conclusion not in {Conclusion.FAILS, Conclusion.INCOMPLETE}:
        assert conclusion is Conclusion.CONFORMS_WITH_EXPLANATION


@given(verdicts(), dossiers())
def test_nothing_that_is_said_changes_a_verdict(judged: list[Verdict], dossier: Dossier) -> None:
    before = list(judged)
    outcome(dossier, judged)
    assert judged == before


@given(verdicts(), dossiers())
def test_only_the_buyer_can_change_the_conclusion(judged: list[Verdict], dossier: Dossier) -> None:
    assert outcome(Dossier(dossier.proposals, dossier.digest), judged) is conclude(judged)
    if outcome(dossier, judged) is not conclude(judged):
        assert dossier.decisions
        assert dossier.decisions.proposals == dossier.digest
        assert dossier.decisions.decided_by == BUYER
        assert any(decision.decision in {Ruling.ACCEPTED, Ruling.EQUIVALENT} for decision in dossier.decisions.decisions)


@given(verdicts(), dossiers())
def test_what_counts_is_what_was_handled_as_accepted(judged: list[Verdict], dossier: Dossier) -> None:
    handled = exceptions.weigh(dossier, STANDARD, DIGEST, judged, TODAY)
    counted = exceptions.accepted(handled, STANDARD, DIGEST, TODAY)
    assert counted == {item.rule for item in handled if item.handling.accepted}
    assert counted <= {verdict.rule for verdict in judged if verdict.status is Status.FAIL}
    assert [item.rule for item in handled] == [line.rule for line in dossier.proposals.exceptions if not line.blank]
    assert all(item.note for item in handled if item.handling in {Handling.STALE, Handling.EXPIRED})


@given(verdicts())
def test_a_sound_dossier_counts_until_its_end_and_not_a_day_longer(judged: list[Verdict]) -> None:
    dossier = sound(judged, until=TODAY + timedelta(days=3))
    assert outcome(dossier, judged) is conclude(judged, failed(judged))
    assert outcome(dossier, judged, TODAY + timedelta(days=3)) is conclude(judged, failed(judged))
    assert outcome(dossier, judged, TODAY + timedelta(days=4)) is conclude(judged)


@given(verdicts(), st.sampled_from(Handling))
def test_a_record_that_was_tampered_with_does_not_count(judged: list[Verdict], handling: Handling) -> None:
    handled = exceptions.weigh(sound(judged), STANDARD, DIGEST, judged, TODAY)
    forged: list[dict[str, object]] = [
        {"until": None},
        {"until": TODAY + timedelta(days=5_000)},
        {"until": TODAY - timedelta(days=1)},
        {"ground": None},
        {"text": ""},
        {"decided_by": None},
        {"decided_by": VENDOR},
        {"decided_on": TODAY + timedelta(days=1)},
        {"reason": ""},
        {"proposed_by": Signatory()},
        {"document": "e" * 64},
        {"standard": "nlgov-adr@2.1"},
    ]
    for change in forged:
        changed = [item.model_copy(update={"handling": handling, **change}) for item in handled]
        assert not exceptions.accepted(changed, STANDARD, DIGEST, TODAY), change


@given(verdicts())
def test_a_dispute_is_heard_and_changes_nothing(judged: list[Verdict]) -> None:
    dossier = sound(judged)
    said = tuple(proposal.model_copy(update={"disputes": True}) for proposal in dossier.proposals.exceptions)
    disputed = Dossier(dossier.proposals.model_copy(update={"exceptions": said}), dossier.digest, dossier.decisions)
    handled = exceptions.weigh(disputed, STANDARD, DIGEST, judged, TODAY)
    failing = {verdict.rule for verdict in judged if verdict.status is Status.FAIL}
    assert {item.rule for item in handled if item.handling is Handling.DISPUTED} == failing
    assert outcome(disputed, judged) is conclude(judged)


@given(verdicts())
def test_a_running_api_that_never_answered_does_not_conform(judged: list[Verdict]) -> None:
    failed_all = {item.rule for item in judged}
    for accepted in (set[str](), failed_all):
        conclusion = conclude(judged, accepted, answered=False)
        assert conclusion in {Conclusion.FAILS, Conclusion.INCOMPLETE}
        assert conclusion is Conclusion.FAILS or conclude(judged, accepted) is not Conclusion.FAILS
