"""Is a finding known again when the document has another name, and only then?"""

from pathlib import Path

from apicheck import lint, openapi
from apicheck.demo import twin, written_document

CHECKS = ("no-trailing-slash", "info-version-semver", "version-header-documented", "contact-present")


def ids(document: Path) -> list[str]:
    found = lint.run(openapi.View(openapi.load(str(document))), CHECKS)
    return [finding.id for evidence in found for finding in evidence.findings]


def test_a_finding_has_the_same_id_whatever_the_document_is_called(tmp_path: Path) -> None:
    with written_document(twin()) as document:
        again = tmp_path / "another-name.json"
        again.write_bytes(document.read_bytes())
        assert ids(document) == ids(again) != []
