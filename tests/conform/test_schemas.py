"""Does one schema take in all that another allows, however both are written?"""

import json
from typing import Any

import pytest

from apicheck import openapi
from apicheck.conform.compare import compare
from apicheck.conform.difference import Effect
from tests.conform.documents import answering, sending, told

STRING, INTEGER = {"type": "string"}, {"type": "integer"}
ZAAK = {"$ref": "#/components/schemas/Zaak"}


def having(required: list[str] | None = None, /, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


NARROWER: dict[str, tuple[Any, Any, str]] = {
    "a type": (STRING, INTEGER, "type"),
    "a number that must be whole": ({"type": "number"}, INTEGER, "type"),
    "an enum": (STRING, {"type": "string", "enum": ["a"]}, "values"),
    "a value less": ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}, "value"),
    "a length": (STRING, {"type": "string", "maxLength": 3}, "bound-missing"),
    "a shorter length": ({"type": "string", "maxLength": 4}, {"type": "string", "maxLength": 3}, "bound"),
    "a minimum": ({"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}, "bound"),
    "a pattern": (STRING, {"type": "string", "pattern": "^[0-9]+$"}, "pattern-missing"),
    "a format": (STRING, {"type": "string", "format": "date"}, "format-missing"),
    "another format": ({"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}, "format"),
    "fewer bits": (INTEGER, {"type": "integer", "format": "int32"}, "format-missing"),
    "no null": ({"type": "string", "nullable": True}, STRING, "null"),
    "items of another type": ({"type": "array", "items": STRING}, {"type": "array", "items": INTEGER}, "type"),
    "fewer items": ({"type": "array", "items": STRING}, {"type": "array", "items": STRING, "maxItems": 2}, "bound-missing"),
    "items once": ({"type": "array", "items": STRING}, {"type": "array", "items": STRING, "uniqueItems": True}, "unique"),
    "multiples": (INTEGER, {"type": "integer", "multipleOf": 5}, "multiple"),
    "a property required": (having(naam=STRING), having(["naam"], naam=STRING), "property-optional"),
    "a property more, required": (having(naam=STRING), having(["code"], naam=STRING, code=STRING), "property-missing"),
    "no more properties": (having(naam=STRING), {**having(naam=STRING), "additionalProperties": False}, "closed"),
    "an alternative less": ({"oneOf": [STRING, having(naam=STRING)]}, {"oneOf": [STRING]}, "type"),
}
"""What is allowed first, what is allowed then, and what is said of it."""

OTHERWISE = {"a type", "another format", "items of another type", "a property more, required"}
"""Of these the other way round breaks a client too."""

THE_SAME: dict[str, tuple[Any, Any]] = {
    "allOf merged": ({"allOf": [having(a=STRING), having(["b"], b=STRING)]}, having(["b"], a=STRING, b=STRING)),
    "one value": ({"type": "string", "enum": ["a"]}, {"enum": ["a"]}),
    "a union of values": ({"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]}, {"enum": ["b", "a"]}),
    "another order": ({"anyOf": [STRING, INTEGER]}, {"anyOf": [INTEGER, STRING]}),
    "annotations": ({"type": "string", "description": "naam", "default": "x", "example": "y"}, STRING),
    "a limit that refuses nothing": ({"type": "string", "minLength": 0}, STRING),
    "exclusive of whole numbers": ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "minimum": 1}),
    "no type stated": ({"properties": {"a": STRING}}, having(a=STRING)),
    "a length that the format has": ({"type": "string", "format": "uri", "minLength": 1}, {"type": "string", "format": "uri"}),
    "a hint for a screen": ({"type": "string", "format": "password"}, STRING),
}


@pytest.mark.parametrize("what", NARROWER)
def test_a_request_that_accepts_less_breaks_a_client(what: str) -> None:
    before, after, kind = NARROWER[what]
    assert told(compare(sending(after), sending(before))) == [("breaking", kind)]
    assert what in OTHERWISE or compare(sending(before), sending(after)).effect is Effect.HARMLESS


@pytest.mark.parametrize("what", NARROWER)
def test_a_response_that_promises_less_breaks_a_client(what: str) -> None:
    after, before, kind = NARROWER[what]
    if what == "no more properties":  # that the reference is closed and the candidate silent: it may send more, or not
        assert told(compare(answering(after), answering(before))) == [("unknown", kind)]
    else:
        assert ("breaking", kind) in told(compare(answering(after), answering(before)))
        assert what in OTHERWISE or compare(answering(before), answering(after)).effect is Effect.HARMLESS


@pytest.mark.parametrize("what", THE_SAME)
@pytest.mark.parametrize("build", [sending, answering])
def test_the_same_in_other_words_is_no_difference(what: str, build: Any) -> None:
    one, other = THE_SAME[what]
    assert told(compare(build(one), build(other))) == []
    assert told(compare(build(other), build(one))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 0}),
        ({"type": "string", "enum": ["a"]}, {"const": "a"}),
        (
            {"allOf": [{"$ref": "#/components/schemas/Zaak"}], "nullable": True},
            {"oneOf": [{"$ref": "#/components/schemas/Zaak"}, {"type": "null"}]},
        ),
        ({"allOf": [{"$ref": "#/components/schemas/Zaak"}]}, {"$ref": "#/components/schemas/Zaak", "description": "beside"}),
    ],
)
def test_openapi_3_0_and_3_1_come_to_the_same(old: Any, new: Any) -> None:
    zaak = having(["naam"], naam=STRING)
    for one, other in (
        (answering(old, Zaak=zaak), answering(new, "3.1.0", Zaak=zaak)),
        (sending(new, "3.1.0", Zaak=zaak), sending(old, Zaak=zaak)),
    ):
        assert told(compare(one, other)) == []
        assert told(compare(other, one)) == []


def test_a_schema_that_holds_itself_ends_and_its_fault_is_one_cause() -> None:
    def tree(**extra: Any) -> dict[str, Any]:
        children = {"type": "array", "items": {"$ref": "#/components/schemas/Knoop"}}
        return having(kinderen=children, naam={"type": "string", **extra})

    ref = {"$ref": "#/components/schemas/Knoop"}
    assert told(compare(answering(ref, Knoop=tree()), answering(ref, Knoop=tree()))) == []
    assert told(compare(answering(ref, Knoop=tree(nullable=True)), answering(ref, Knoop=tree()))) == [("breaking", "null")]


def test_what_goes_one_way_only_counts_there() -> None:
    reads = having(["uuid", "naam"], uuid={"type": "string", "readOnly": True}, naam=STRING)
    writes = having(["naam"], naam=STRING)
    assert compare(sending(reads), sending(writes)).effect is Effect.HARMLESS
    assert compare(sending(writes), sending(reads)).effect is Effect.HARMLESS
    assert ("breaking", "property-missing") in told(compare(answering(writes), answering(reads)))
    secret = having(["naam"], naam=STRING, geheim={"type": "string", "writeOnly": True})
    assert told(compare(answering(writes), answering(secret))) == []


def test_a_request_property_that_the_candidate_does_not_know_is_refused_or_lost() -> None:
    assert told(compare(sending(having(a=STRING)), sending(having(a=STRING, b=STRING)))) == [("breaking", "property-refused")]
    assert compare(sending({"type": "object"}), sending(having(a=STRING))).effect is Effect.HARMLESS
    only_read = having(uuid={"type": "string", "readOnly": True})
    assert told(compare(sending(only_read), sending(having(b=STRING)))) == [("breaking", "property-refused")]
    anything = {**having(a=STRING), "additionalProperties": True}
    assert compare(sending(anything), sending(having(a=STRING, b=STRING))).effect is Effect.HARMLESS


def test_an_optional_response_property_that_is_gone_cannot_be_told() -> None:
    assert told(compare(answering(having(a=STRING)), answering(having(a=STRING, b=STRING)))) == [("unknown", "property-dropped")]


def test_what_may_be_added_is_listed() -> None:
    assert told(compare(answering(having(a=STRING, b=STRING)), answering(having(a=STRING)))) == [("harmless", "property-added")]
    assert told(compare(sending(having(a=STRING, b=STRING)), sending(having(a=STRING)))) == [("harmless", "property-added")]


def test_a_discriminator_tells_alternatives_apart() -> None:
    def choice(*names: str) -> dict[str, Any]:
        mapping = {name.lower(): f"#/components/schemas/{name}" for name in names}
        return {
            "oneOf": [{"$ref": target} for target in mapping.values()],
            "discriminator": {"propertyName": "soort", "mapping": mapping},
        }

    parts: Any = {name: having(["soort"], soort=STRING, **{name: STRING}) for name in ("Adres", "Persoon", "Pand")}
    two, three = choice("Adres", "Persoon"), choice("Adres", "Persoon", "Pand")
    assert told(compare(answering(two, **parts), answering(three, **parts))) == []
    assert [effect for effect, _ in told(compare(answering(three, **parts), answering(two, **parts)))] == ["breaking"]
    assert [effect for effect, _ in told(compare(sending(two, **parts), sending(three, **parts)))] == ["breaking"]
    assert compare(answering(two, **parts), answering(choice("Persoon", "Adres"), **parts)).effect is Effect.HARMLESS


def test_what_cannot_be_decided_is_unknown_unless_it_is_the_same() -> None:
    odd = {"type": "string", "not": {"enum": ["x"]}}
    assert told(compare(sending(odd), sending(STRING))) == [("unknown", "undecided")]
    assert told(compare(sending(odd), sending(odd))) == []
    other = {"type": "string", "pattern": "^[a-z]+$"}
    assert told(compare(sending({"type": "string", "pattern": "^[a-y]+$"}), sending(other))) == [("unknown", "pattern")]


def test_a_cause_in_a_shared_component_is_one_difference_with_all_that_reach_it() -> None:
    def shared(extra: dict[str, Any]) -> Any:
        made = answering({"$ref": "#/components/schemas/Zaak"}, Zaak=having(naam={**STRING, **extra}))
        made.root["paths"]["/besluiten"] = made.root["paths"]["/zaken"]
        return made

    (difference,) = compare(shared({"nullable": True}), shared({})).differences
    assert difference.operations == ("GET /zaken", "GET /besluiten")
    assert difference.reference.pointer == "/components/schemas/Zaak/properties/naam"
    assert difference.values["subject"] == "Zaak.naam"


def test_a_thousand_levels_do_not_exhaust_the_stack() -> None:
    chain: Any = {f"S{index}": having(next={"$ref": f"#/components/schemas/S{index + 1}"}) for index in range(2_000)}
    chain["S2000"] = STRING
    first = {"$ref": "#/components/schemas/S0"}
    deep = answering(first, **chain)
    assert told(compare(deep, answering(first, **{**chain, "S2000": {"type": "string", "maxLength": 1}}))) == [
        ("breaking", "bound-missing")
    ]


def test_a_list_of_values_of_which_none_fits_is_told_where_it_stands() -> None:
    listed = {"type": "string", "enum": ["lang genoeg"]}
    candidate = openapi.parse(json.dumps(sending({**listed, "maxLength": 3}).root).encode(), "candidate.json")
    (difference,) = compare(candidate, sending(listed)).differences
    assert difference.candidate.file == "candidate.json"


def test_parts_that_double_with_every_step_end_soon() -> None:
    parts = {f"S{index}": {"allOf": [{"$ref": f"#/components/schemas/S{index + 1}"}] * 2} for index in range(40)}
    both: Any = {**parts, "S40": STRING}
    document = answering({"$ref": "#/components/schemas/S0"}, **both)
    assert compare(document, document).effect is Effect.HARMLESS
    longer: Any = {**both, "S40": {"type": "string", "nullable": True}}
    assert compare(answering({"$ref": "#/components/schemas/S0"}, **longer), document).effect is not Effect.HARMLESS


def test_a_chain_of_parts_does_not_exhaust_the_stack() -> None:
    parts: Any = {f"S{index}": {"allOf": [{"$ref": f"#/components/schemas/S{index + 1}"}]} for index in range(3_000)}
    document = answering({"$ref": "#/components/schemas/S0"}, **parts, S3000=STRING)
    assert compare(document, document).effect is Effect.HARMLESS
