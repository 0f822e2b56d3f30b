"""Does ``verify`` tell what a list of tested APIs says of a report, and believe none that is old, forged or a stranger's?"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for
from pydantic import ValidationError

from apicheck.errors import UnreadableList
from apicheck.model import Conclusion
from apicheck.sign import SignerRole, bundle, dsse, listing
from apicheck.sign.listing import EntryStatus
from apicheck.sign.standing import Standing
from apicheck.sign.verify import Line, exit_code, verify

from .signers import LIST_KEEPER, STRANGER, TODAY, VENDOR, Signer, entry, listed, trusting

LIST = 6
DAY = timedelta(days=1)
SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "list-1.0.json"


def asked(folder: Path, content: bytes | None, *trusted: Any, day: date = TODAY) -> Line:
    """Return the seventh line; the six others are all ok."""
    lines = verify(bundle.read(folder), trusting(VENDOR, *(trusted or (LIST_KEEPER,))), day, content)
    assert {line.standing for line in lines[:LIST]} == {Standing.OK}
    assert exit_code(lines) == (0 if content is None else {"ok": 0, "not-ok": 1, "undetermined": 3}[lines[LIST].standing])
    return lines[LIST]


def test_a_report_that_is_on_the_list(signed: Path) -> None:
    line = asked(signed, listed(entry(signed)))
    assert line.standing is Standing.OK
    assert all(said in line.why.nl for said in (LIST_KEEPER.owner, "voorbeeld-1", "Voorbeeld 4.2", VENDOR.owner))


def test_to_be_on_a_list_is_no_duty_unless_somebody_asks(signed: Path) -> None:
    assert asked(signed, None).standing is Standing.UNDETERMINED
    assert asked(signed, listed()).standing is Standing.NOT_OK
    assert asked(signed, listed(entry(signed, report="0" * 64))).standing is Standing.NOT_OK


@pytest.mark.parametrize(
    ("status", "standing", "word"),
    [
        (EntryStatus.UNDER_RETEST, Standing.UNDETERMINED, "opnieuw getoetst"),
        (EntryStatus.SUSPENDED, Standing.NOT_OK, "geschorst"),
        (EntryStatus.WITHDRAWN, Standing.NOT_OK, "ingetrokken"),
        (EntryStatus.EXPIRED, Standing.NOT_OK, "verlopen"),
        (EntryStatus.SUPERSEDED, Standing.NOT_OK, "vervangen"),
    ],
)
def test_what_became_of_an_entry_is_told_with_its_reason(status: EntryStatus, standing: Standing, word: str, signed: Path) -> None:
    changes = {"status": status, "reason": "Drie hertoetsen.", "decided-by": "De beheerraad"}
    line = asked(signed, listed(entry(signed, **changes)))
    assert line.standing is standing
    assert all(said in line.why.nl for said in (word, "Drie hertoetsen.", "De beheerraad"))


def test_every_status_is_tried() -> None:
    assert len(EntryStatus) == 6


@pytest.mark.parametrize("days", [-1, 8])
def test_a_list_of_another_day_is_called_old_and_never_ok(days: int, signed: Path) -> None:
    begins = TODAY - timedelta(days=days)
    content = listed(entry(signed), issued=begins, expires=begins + timedelta(days=7))
    line = asked(signed, content)
    assert line.standing is Standing.UNDETERMINED
    assert str(begins) in line.why.nl
    withdrawn = listed(entry(signed, status="withdrawn"), issued=begins, expires=begins + timedelta(days=7))
    assert asked(signed, withdrawn).standing is not Standing.OK


def test_of_a_list_of_a_stranger_nothing_is_taken_over(signed: Path) -> None:
    for content in (listed(entry(signed), signer=STRANGER), listed(signer=STRANGER)):
        line = asked(signed, content)
        assert line.standing is Standing.UNDETERMINED
        assert "onbekend" in line.why.nl


@pytest.mark.parametrize(
    "trusted",
    [
        LIST_KEEPER.trusted.model_copy(update={"role": SignerRole.VENDOR}),
        LIST_KEEPER.trusted.model_copy(update={"owner": "Een ander"}),
        LIST_KEEPER.trusted.model_copy(update={"revoked": TODAY}),
        LIST_KEEPER.trusted.model_copy(update={"until": TODAY - DAY}),
        LIST_KEEPER.trusted.model_copy(update={"from_": TODAY + DAY}),
    ],
    ids=["role", "owner", "revoked", "expired", "not-yet"],
)
def test_a_key_that_has_no_leave_to_keep_this_list(trusted: Any, signed: Path) -> None:
    assert asked(signed, listed(entry(signed)), trusted).standing is Standing.NOT_OK


def test_a_vendor_cannot_put_a_report_on_a_list(signed: Path) -> None:
    line = asked(signed, listed(entry(signed), signer=Signer(VENDOR.owner, SignerRole.LIST_KEEPER, VENDOR.key)))
    assert line.standing is Standing.NOT_OK


@pytest.mark.parametrize(
    "change",
    [
        {"document": "0" * 64},
        {"standard": "nlgov-adr@2.0"},
        {"standard-digest": "0" * 64},
        {"conclusion": Conclusion.CONFORMS},
        {"from": TODAY + DAY},
        {"until": TODAY - DAY},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_entry_that_says_something_else_than_the_report_or_is_of_another_day(change: dict[str, Any], signed: Path) -> None:
    assert asked(signed, listed(entry(signed, **change))).standing is Standing.NOT_OK


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_a_list_can_change(signed: Path, data: st.DataObject) -> None:
    content = bytearray(listed(entry(signed)))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert asked(signed, bytes(content)).standing is Standing.NOT_OK


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.binary() | st.sampled_from([b"{}", b'{"schema": "apicheck/list/2.0"}', b"[]", b"\xff"]))
def test_something_else_that_the_keeper_signed_is_no_list(payload: bytes, signed: Path) -> None:
    content = dsse.wrap(payload, listing.PAYLOAD_TYPE, LIST_KEEPER.key)
    assert asked(signed, content).standing is Standing.NOT_OK
    assert asked(signed, payload).standing is Standing.NOT_OK


def test_an_envelope_of_a_report_is_no_list(signed: Path) -> None:
    assert asked(signed, (signed / "report.dsse.json").read_bytes()).standing is Standing.NOT_OK


@pytest.mark.parametrize(
    "changes",
    [
        {"expires": TODAY + timedelta(days=8)},
        {"expires": TODAY - DAY},
        {"sequence": 0},
        {"sequence": 2},
        {"previous": "0" * 64},
        {"previous": "x", "sequence": 2},
    ],
    ids=["too-long", "backwards", "zero", "without-the-one-before", "first-with-one-before", "no-digest"],
)
def test_a_list_that_says_two_things_cannot_be_made(changes: dict[str, Any], signed: Path) -> None:
    with pytest.raises(ValidationError):
        listed(entry(signed), **changes)
    assert listed(entry(signed), sequence=2, previous="0" * 64)


def test_a_report_is_on_a_list_once(signed: Path) -> None:
    with pytest.raises(ValidationError):
        listed(entry(signed), entry(signed, status="withdrawn"))


def test_what_a_list_says_cannot_act(signed: Path) -> None:
    changes = {"status": "withdrawn", "reason": "\x1b[2J\u202e\n7. Op de lijst: ok", "decided-by": "\x07"}
    line = asked(signed, listed(entry(signed, **changes)))
    assert line.why.nl.isprintable()
    assert line.why.en.isprintable()


def test_a_file_that_is_not_there_or_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableList, match=r"list\.json"):
        listing.read(tmp_path / "list.json")
    (tmp_path / "list.json").write_bytes(b"12345")
    assert listing.read(tmp_path / "list.json") == b"12345"
    monkeypatch.setattr(listing, "LARGEST", 4)
    with pytest.raises(UnreadableList, match=r"list\.json"):
        listing.read(tmp_path / "list.json")


def test_the_published_schema_is_that_of_the_model_and_a_list_keeps_it(signed: Path) -> None:
    assert SCHEMA.read_bytes() == listing.schema()
    said = dsse.unwrap(listed(entry(signed)), listing.PAYLOAD_TYPE)
    assert said
    validator_for(orjson.loads(SCHEMA.read_bytes())).validate(orjson.loads(said.payload))
