"""Do the laws of the judge hold, whatever the rule and whatever the evidence?"""

from hypothesis import assume, given
from hypothesis import strategies as st

from apicheck.model import CheckRef, Conclusion, Evidence, Level, Outcome, Question, Requirement, Role, Rule, Source, Status, Text
from apicheck.verdict import conclude, judge

SAID = Text(nl="x", en="x")
CHECKS = [CheckRef(source=source, check=name) for source in (Source.LINT, Source.PROBE, Source.FUZZ) for name in "abc"]
DECLARATION = CheckRef(source=Source.ATTEST, check="core/example")


@st.composite
def rules(draw: st.DrawFn, level: Level | None = None) -> Rule:
    shuffled = draw(st.permutations(CHECKS))
    first, second, third = (draw(st.integers(0, 3)) for _ in range(3))
    attest = draw(st.none() | st.just(Question(question=SAID, evidence=SAID)))
    requires = tuple(shuffled[:first])
    if attest and draw(st.booleans()):
        requires += (DECLARATION,)
    return Rule(
        id="/core/example",
        title=SAID,
        meaning=SAID,
        remedy=SAID,
        source="https://example.org",
        kind="technical",
        level=level or draw(st.sampled_from(Level)),
        requirements=(Requirement(level=Level.MUST, text=SAID),),
        requires=requires,
        refuted_by=tuple(shuffled[first : first + second]),
        informed_by=tuple(shuffled[first + second : first + second + third]),
        attest=attest,
    )


@st.composite
def evidence(draw: st.DrawFn) -> list[Evidence]:
    chosen = draw(st.lists(st.sampled_from([*CHECKS, DECLARATION]), unique=True))
    return [
        Evidence(source=ref.source, check=ref.check, outcome=draw(st.sampled_from(Outcome)), reason=draw(st.none() | st.just(SAID)))
        for ref in chosen
    ]


def outcome_of(found: list[Evidence], ref: CheckRef) -> Outcome | None:
    return next((item.outcome for item in found if (item.source, item.check) == (ref.source, ref.check)), None)


def deciding(rule: Rule) -> list[CheckRef]:
    refs = [ref for role, ref in rule.bindings if role is not Role.INFORMED_BY]
    return [*refs, rule.declaration] if rule.declaration else refs


@given(rules(), evidence())
def test_one_violation_by_a_deciding_check_fails_the_rule_and_nothing_else_does(rule: Rule, found: list[Evidence]) -> None:
    violated = any(outcome_of(found, ref) is Outcome.VIOLATED for ref in deciding(rule))
    assert (judge(rule, found).status is Status.FAIL) == violated


@given(rules(), evidence())
def test_a_pass_has_grounds_and_every_required_check_answered_or_declared(rule: Rule, found: list[Evidence]) -> None:
    verdict = judge(rule, found)
    if verdict.status is Status.PASS:
        answered = all(outcome_of(found, ref) in {Outcome.MET, Outcome.VACUOUS} for ref in rule.requires)
        declared = rule.declaration and outcome_of(found, rule.declaration) is Outcome.MET
        assert any(ground.outcome is Outcome.MET for ground in verdict.grounds)
        assert verdict.basis
        assert (answered and rule.requires) or declared


@given(rules(), evidence(), st.data())
def test_losing_evidence_never_makes_a_pass(rule: Rule, found: list[Evidence], data: st.DataObject) -> None:
    before = judge(rule, found).status
    assume(before is not Status.FAIL and before is not Status.PASS and found)
    lost = data.draw(st.sampled_from(found))
    after = judge(rule, [item for item in found if item is not lost]).status
    assert after is not Status.PASS


@given(rules(), st.sampled_from([Outcome.UNKNOWN, None]))
def test_silence_is_never_a_pass(rule: Rule, outcome: Outcome | None) -> None:
    found = [Evidence(source=ref.source, check=ref.check, outcome=outcome) for ref in CHECKS] if outcome else []
    assert judge(rule, found).status is Status.OPEN


@given(rules(), evidence(), st.randoms())
def test_order_does_not_matter(rule: Rule, found: list[Evidence], random: st.DataObject) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    assert judge(rule, found) == judge(rule, shuffled)


@given(rules(), evidence())
def test_a_heuristic_never_decides(rule: Rule, found: list[Evidence]) -> None:
    informing = {(ref.source, ref.check) for ref in rule.informed_by}
    without = [item for item in found if (item.source, item.check) not in informing]
    assert judge(rule, found).status is judge(rule, without).status


@given(rules(), evidence())
def test_a_declaration_is_never_shown_as_tested(rule: Rule, found: list[Evidence]) -> None:
    without = [item for item in found if item.source is not Source.ATTEST]
    verdict = judge(rule, found)
    if verdict.status is Status.PASS and judge(rule, without).status is not Status.PASS:
        assert Source.ATTEST in verdict.basis


@given(st.lists(st.tuples(rules(), evidence())))
def test_the_conclusion_follows_from_the_must_rules_alone(pairs: list[tuple[Rule, list[Evidence]]]) -> None:
    verdicts = [judge(rule, found) for rule, found in pairs]
    must = [verdict for verdict in verdicts if verdict.level is Level.MUST]
    conclusion = conclude(verdicts)
    assert conclusion is conclude(reversed(must))
    assert (conclusion is Conclusion.FAILS) == any(verdict.status is Status.FAIL for verdict in must)
    if conclusion is Conclusion.CONFORMS:
        assert must
        assert all(verdict.status in {Status.PASS, Status.NOT_APPLICABLE} for verdict in must)
        assert not any(Source.ATTEST in verdict.basis for verdict in must)


@given(rules(), evidence())
def test_a_rule_that_a_profile_sets_aside_never_decides_and_still_tells_what_was_found(rule: Rule, found: list[Evidence]) -> None:
    verdict = judge(rule.model_copy(update={"set_aside": SAID}), found)
    assert verdict.status is Status.NOT_APPLICABLE
    assert SAID.en in verdict.reason.en
    found_on_it = [(ground.source, ground.check, ground.outcome) for ground in judge(rule, found).grounds]
    assert [(ground.source, ground.check, ground.outcome) for ground in verdict.grounds] == found_on_it
    assert all(ground.role is Role.INFORMED_BY for ground in verdict.grounds)


@given(rules(), evidence())
def test_a_rule_that_a_profile_says_applies_is_never_left_out(rule: Rule, found: list[Evidence]) -> None:
    usual, demanded = judge(rule, found), judge(rule.model_copy(update={"demanded": True}), found)
    if usual.status is Status.NOT_APPLICABLE:
        declared = rule.declaration and outcome_of(found, rule.declaration) is Outcome.MET
        assert demanded.status is (Status.PASS if declared else Status.OPEN)
    else:
        assert demanded.status is usual.status
