"""Is every example in the documentation of the files what apicheck reads, and do the examples belong together?"""

import re
from datetime import date
from pathlib import Path

import orjson

from apicheck import attest, catalogue, consent, exceptions
from apicheck.model import Conclusion, DeviationGround, Handling, Level, Status, Text, Verdict
from apicheck.sign import SignerRole, envelope, keys, listing
from apicheck.sign.listing import EntryStatus, Listing

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "files.md").read_text("utf-8")
STANDARD = catalogue.load("nlgov-adr@2.2")
DAY = date(2026, 12, 1)


def written(name: str, folder: Path) -> Path:
    """Write the example that starts with its own name as a comment."""
    found = re.search(rf"```\w+\n(# {re.escape(name)}\n.*?)```", TEXT, re.DOTALL)
    assert found, name
    (folder / name).write_text(found[1], "utf-8")
    return folder / name


def test_the_keys(tmp_path: Path) -> None:
    trusted = keys.read_trusted(written("keys.toml", tmp_path))
    assert [key.role for key in trusted.values()] == [SignerRole.VENDOR, SignerRole.LIST_KEEPER]
    assert all(role in TEXT for role in SignerRole)


def test_the_consent(tmp_path: Path) -> None:
    given = consent.read(written("consent.toml", tmp_path), "https://test.example.org/gebouwen/v1/gebouwen", DAY)
    assert given.environment == "test"


def test_the_declarations_count(tmp_path: Path) -> None:
    form = attest.read(written("declarations.yaml", tmp_path))
    (evidence,) = attest.weigh(form, STANDARD, form.document, DAY)
    assert evidence.reason is None, evidence.reason
    assert all(reply in TEXT for reply in attest.Reply)


def test_the_explanation_is_accepted_by_the_decision_about_it(tmp_path: Path) -> None:
    dossier = exceptions.read(written("exceptions.yaml", tmp_path), written("decisions.yaml", tmp_path))
    (rule,) = dossier.decided
    reason = Text(nl="x", en="x")
    failed = Verdict(rule=rule, title=reason, level=Level.MUST, kind="technical", status=Status.FAIL, reason=reason)
    (said,) = exceptions.weigh(dossier, STANDARD.name, dossier.proposals.document, (failed,), DAY)
    assert said.handling is Handling.EXPLAINED, said.note
    assert not exceptions.strays(dossier)
    assert rule in {rule.id for rule in STANDARD.rules}
    assert all(word in TEXT for word in (*DeviationGround, *exceptions.Ruling))


def test_the_list() -> None:
    found = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert found
    kept = Listing.model_validate(orjson.loads(found[1]))
    assert kept.entries[0].conclusion in Conclusion
    assert all(status in TEXT for status in EntryStatus)
    assert listing.PAYLOAD_TYPE in TEXT


def test_the_kind_of_statement_is_written_down() -> None:
    assert str(envelope.Statement.model_fields["predicate_type"].default) in TEXT


def test_the_page_is_found_from_the_readme() -> None:
    assert "docs/files.md" in (ROOT / "README.md").read_text("utf-8")
