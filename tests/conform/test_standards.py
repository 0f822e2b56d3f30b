"""Are the documents of standards kept as they were fetched, and used without a network?"""

import json
import re
from pathlib import Path

import pytest

from apicheck.conform import standards
from tests.cli.conftest import Run
from tests.conform.vendor import STANDARD, deviant, faithful
from tests.probe.servers import raw_server, saying


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty data folder."""
    (tmp_path / "standaard.json").write_text(json.dumps(STANDARD), "utf-8")
    (tmp_path / "leverancier.json").write_text(json.dumps(faithful()), "utf-8")
    return {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path / "data")}


def test_a_standard_is_added_once_and_used_by_its_name(run: Run, home: dict[str, str], tmp_path: Path) -> None:
    assert run("conform", "leverancier.json", "--to", "zaken@1.2", env=home).code == 4
    added = run("standards", "add", "zaken@1.2", "standaard.json", env=home)
    assert added.code == 0, added.err
    (tmp_path / "standaard.json").unlink()
    result = run("conform", "leverancier.json", "--to", "zaken@1.2", env=home)
    assert result.code == 0, result.out
    assert "Zaken (standaard) 1.2.0 (zaken@1.2, sha256:" in " ".join(result.out.split())
    listed = run("standards", "list", env=home)
    assert re.search(r"zaken@1\.2  bewaard sinds \d{4}-\d\d-\d\d, sha256:", listed.out)


def test_a_standard_is_fetched_from_where_it_is_published_and_no_password_is_kept(
    run: Run, home: dict[str, str], tmp_path: Path
) -> None:
    body = json.dumps(STANDARD).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
    with raw_server(saying(answer)) as origin:
        where = origin.replace("://", "://ik:geheim@") + "/openapi.json"
        assert run("standards", "add", "zaken@1.2", where, env=home).code == 0
    assert run("conform", "leverancier.json", "--to", "zaken@1.2", env=home).code == 0
    assert "geheim" not in "".join(file.read_text("utf-8") for file in tmp_path.rglob("standards/*.json"))


def test_another_document_under_the_same_name_is_refused_unless_it_is_asked_for(run: Run, home: dict[str, str]) -> None:
    assert run("standards", "add", "zaken@1.2", "standaard.json", env=home).code == 0
    other = run("standards", "add", "zaken@1.2", "leverancier.json", env=home)
    assert other.code == 4
    digest = re.findall(r"[0-9a-f]{64}", other.err)[-1]
    assert run("standards", "add", "zaken@1.2", "leverancier.json", "--expect", digest, env=home).code == 0
    assert run("standards", "add", "zaken@1.2", "standaard.json", "--expect", "0" * 64, env=home).code == 4


def test_a_kept_document_that_was_changed_is_not_used(run: Run, home: dict[str, str], tmp_path: Path) -> None:
    run("standards", "add", "zaken@1.2", "standaard.json", env=home)
    for file in tmp_path.rglob("standards/*"):
        if file.suffix != ".json":
            file.write_text(json.dumps(deviant()), "utf-8")
    result = run("conform", "leverancier.json", "--to", "zaken@1.2", env=home)
    assert result.code == 4
    assert "veranderd" in result.err


def test_a_known_standard_that_was_not_fetched_says_how(run: Run, home: dict[str, str]) -> None:
    result = run("conform", "leverancier.json", "--to", "zgw-zaken@1.5.2", env=home)
    assert result.code == 4
    assert "apicheck standards add zgw-zaken@1.5.2" in result.err


@pytest.mark.parametrize("identifier", ["../zaken", "zaken/1", "", "zaken 1"])
def test_an_id_leads_nowhere_else(run: Run, home: dict[str, str], identifier: str) -> None:
    assert run("standards", "add", identifier, "standaard.json", env=home).code == 2


def test_a_document_in_several_files_is_not_kept(run: Run, home: dict[str, str], tmp_path: Path) -> None:
    spread = {**STANDARD, "paths": {"/zaken": {"$ref": "paden.json#/zaken"}}}
    (tmp_path / "deel.json").write_text(json.dumps(spread), "utf-8")
    result = run("standards", "add", "zaken@1.2", "deel.json", env=home)
    assert result.code == 4
    assert "paden.json" in result.err


def test_every_edition_that_is_listed_names_bytes_that_do_not_change() -> None:
    for identifier in standards.identifiers():
        edition = standards.published(identifier)
        assert edition
        assert re.search(r"/[0-9a-f]{40}/", edition.document), identifier
        assert edition.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", edition.sha256), identifier
