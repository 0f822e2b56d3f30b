"""Does a reference lead to what it names, and nowhere that a stranger may send us?"""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from apicheck import openapi
from apicheck.openapi import Document, View, files
from apicheck.words import say
from tests.openapi.documents import described, document

PRIVATE = "openapi-prive"


def resolved(reference: object, **fields: Any) -> tuple[object, str | None]:
    """Return what a reference in an example document leads to, and why it does not."""
    loaded = document("3.1.0", **fields)
    value, _ = loaded.resolve({"$ref": reference}, loaded.place("x"))
    return value, loaded.references[0].reason


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("#/components/schemas/A", "a"),
        ("#/paths/~1a~1{id}", "path"),
        ("#/paths/~1a~1%7Bid%7D", "path"),
        ("#/x-odd/~0~01%25", "odd"),
        ("#/x-odd/", "empty"),
        ("#/tags/1/name", "second"),
        ("#named", {"$anchor": "named"}),
        ("#/components/schemas/B", {"$anchor": "named"}),
        ("#/components/schemas/Chain", "a"),
    ],
)
def test_a_reference_leads_to_what_it_names(reference: str, value: object) -> None:
    schemas = {
        "A": "a",
        "B": {"$anchor": "named"},
        "Chain": {"$ref": "#/components/schemas/Link"},
        "Link": {"$ref": "#/components/schemas/A"},
    }
    fields = {
        "components": {"schemas": schemas},
        "paths": {"/a/{id}": "path"},
        "x-odd": {"~~1%": "odd", "": "empty"},
        "tags": [{"name": "first"}, {"name": "second"}],
    }
    assert resolved(reference, **fields) == (value, None)


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (None, "ref-not-a-string"),
        (7, "ref-not-a-string"),
        ({"$ref": "#"}, "ref-not-a-string"),
        ("#/nowhere", "ref-target-missing"),
        ("#/tags/01", "ref-target-missing"),
        ("#/tags/-", "ref-target-missing"),
        ("#/tags/1", "ref-target-missing"),
        ("#/tags/-1", "ref-target-missing"),
        ("#/tags/²", "ref-target-missing"),
        ("#/info/title/0", "ref-target-missing"),
        ("#unnamed", "ref-target-missing"),
        ("#/%ff", "ref-malformed"),
        ("http://[#/x", "ref-malformed"),
        ("#/x-self", "ref-circle"),
        ("#/x-one", "ref-circle"),
        ("http://169.254.169.254/latest/meta-data/", "ref-elsewhere"),
        ("HTTPS://example.nl/x.yaml#/A", "ref-elsewhere"),
        ("//example.nl/x.yaml", "ref-elsewhere"),
        ("file:///etc/passwd", "ref-elsewhere"),
        ("\tfile:///etc/passwd", "ref-elsewhere"),
        ("data:application/json,{}", "ref-elsewhere"),
        ("urn:x", "ref-elsewhere"),
        ("C:/windows/system.ini", "ref-elsewhere"),
        ("other.yaml", "ref-without-folder"),
        ("Pet", "ref-without-folder"),
        ("/etc/passwd", "ref-without-folder"),
    ],
)
def test_a_broken_reference_says_why(reference: object, reason: str) -> None:
    self_reference, one, two = {"$ref": "#/x-self"}, {"$ref": "#/x-two"}, {"$ref": "#/x-one"}
    fields = {"tags": [{}], "x-self": self_reference, "x-one": one, "x-two": two}
    loaded = document("3.1.0", **fields)
    assert loaded.resolve({"$ref": reference}, loaded.place("x"))[0] is None
    (broken,) = loaded.broken
    assert broken.reason == f"errors.{reason}"
    assert say(broken.reason, reference=broken.reference).nl.startswith("$ref ")


def test_a_broken_link_is_told_once_and_where_it_is() -> None:
    a, b = {"$ref": "#/x-b"}, {"$ref": "#/nowhere"}
    loaded = document("3.1.0", **{"x-a": a, "x-b": b})
    for _ in range(2):
        assert loaded.resolve(a, loaded.place("x-a")) == (None, loaded.place("x-b"))
        assert loaded.resolve({"$ref": "#/x-a"}, loaded.place("x"))[0] is None
    assert [(broken.place.pointer, broken.reference) for broken in loaded.broken] == [("/x-b/$ref", "#/nowhere")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document to be, beside a file that is nobody's business."""
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    (tmp_path / "inside-too").mkdir()
    for place in (tmp_path, tmp_path / "inside-too"):
        (place / "secret.yaml").write_text(f"{PRIVATE}: true\n")
    (inside / "good.yaml").write_text("A: {type: string}\nB: {$ref: 'deep/more.json#/C'}\n")
    (inside / "deep" / "more.json").write_text('{"C": {"$ref": "../good.yaml#/A"}, "D": {"$ref": "../openapi.json#/info"}}')
    (inside / "spaced name.yaml").write_text("A: spaced\n")
    (inside / "bad.json").write_text("{")
    (inside / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "elsewhere").symlink_to(tmp_path)
    (inside / "inner.yaml").symlink_to(inside / "good.yaml")
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    (inside / "zero.yaml").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe.yaml")
    return inside


def loaded_with(folder: Path, reference: str) -> tuple[Document, object]:
    (folder / "openapi.json").write_text(json.dumps({**described(), "x-ref": {"$ref": reference}}))
    loaded = openapi.load(str(folder / "openapi.json"))
    value, _ = loaded.resolve(loaded.root["x-ref"], loaded.place("x-ref"))
    return loaded, value


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("good.yaml#/A", {"type": "string"}),
        ("./good.yaml#/A", {"type": "string"}),
        ("deep/../good.yaml#/A", {"type": "string"}),
        ("../inside/good.yaml#/A", {"type": "string"}),
        ("good.yaml#/B", {"type": "string"}),
        ("deep/more.json#/D", {"title": "Gebouwen", "version": "1.0.0"}),
        ("inner.yaml#/A", {"type": "string"}),
        ("spaced%20name.yaml#/A", "spaced"),
        ("spaced name.yaml#/A", "spaced"),
        ("openapi.json#/info/title", "Gebouwen"),
    ],
)
def test_files_in_the_folder_are_read(folder: Path, reference: str, value: object) -> None:
    loaded, found = loaded_with(folder, reference)
    assert found == value
    assert loaded.broken == ()


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("../secret.yaml", "ref-outside-folder"),
        ("%2e%2e/secret.yaml", "ref-outside-folder"),
        ("..%2fsecret.yaml", "ref-outside-folder"),
        ("deep/../../secret.yaml", "ref-outside-folder"),
        ("../inside-too/secret.yaml", "ref-outside-folder"),
        ("link.yaml", "ref-outside-folder"),
        ("elsewhere/secret.yaml", "ref-outside-folder"),
        ("/etc/passwd", "ref-outside-folder"),
        ("%2fetc/passwd", "ref-outside-folder"),
        ("/dev/zero", "ref-outside-folder"),
        ("/proc/self/environ", "ref-outside-folder"),
        ("zero.yaml", "ref-outside-folder"),
        ("file:secret.yaml", "ref-elsewhere"),
        ("pipe.yaml", "ref-no-file"),
        ("deep", "ref-no-file"),
        ("?x=1#/A", "ref-no-file"),
        ("missing.yaml", "ref-file-missing"),
        ("good.yaml/x", "ref-file-missing"),
        ("bad.json", "ref-file-unreadable"),
        ("picture.png", "ref-file-unreadable"),
        ("good%00.yaml", "ref-malformed"),
        ("loop.yaml", "ref-malformed"),
        ("%ff.yaml", "ref-malformed"),
        ("x" * 5_000, "ref-file-unreadable"),
        ("good.yaml#/Z", "ref-target-missing"),
    ],
)
def test_nothing_else_is_read(folder: Path, reference: str, reason: str) -> None:
    loaded, found = loaded_with(folder, reference)
    assert found is None
    assert [broken.reason for broken in loaded.broken] == [f"errors.{reason}"]
    assert PRIVATE not in str(vars(loaded._files))


def test_a_document_behind_a_link_stands_where_the_link_leads(tmp_path: Path, folder: Path) -> None:
    loaded_with(folder, "good.yaml#/A")
    (tmp_path / "linked.json").symlink_to(folder / "openapi.json")
    loaded = openapi.load(str(tmp_path / "linked.json"))
    assert loaded.resolve(loaded.root["x-ref"], loaded.place("x-ref"))[0] == {"type": "string"}


def test_a_relative_path_is_shown_as_it_was_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded_with(folder, "good.yaml#/A")
    monkeypatch.chdir(folder.parent)
    loaded = openapi.load("inside/openapi.json")
    _, place = loaded.resolve(loaded.root["x-ref"], loaded.place("x-ref"))
    assert place.file == "good.yaml"
    assert loaded.locate(place).file == "inside/good.yaml"
    assert loaded.locate(loaded.place("info")).file == "inside/openapi.json"
    monkeypatch.chdir(folder)
    assert (again := openapi.load("openapi.json")).locate(again.place()).file == "openapi.json"


def test_all_files_together_have_one_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1_000)
    (folder / "large.yaml").write_text("A: " + "a" * 1_000)
    assert loaded_with(folder, "large.yaml")[0].broken[0].reason == "errors.ref-too-much"
    monkeypatch.setattr(files, "MOST_FILES", 1)
    assert loaded_with(folder, "good.yaml")[0].broken[0].reason == "errors.ref-too-much"


def test_a_reference_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    schema = {
        "allOf": [{"$ref": url} for url in ("http://127.0.0.1/", "//127.0.0.1/x", "ftp://127.0.0.1/x", "http://2130706433:9/x")]
    }
    api = View(document(components={"schemas": {"S": schema}}))
    assert {broken.reason for broken in api.document.broken} == {"errors.ref-elsewhere"}
    assert len(api.document.broken) == 4


def test_a_long_chain_costs_its_length() -> None:
    def calls(length: int) -> int:
        schemas = {f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(length)} | {f"S{length}": {}}
        loaded = document(components={"schemas": schemas})
        count = 0

        def tally(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(tally)
        try:
            for name, value in schemas.items():
                assert loaded.resolve(value, loaded.place("components", "schemas", name))[0] == {}
        finally:
            sys.setprofile(None)
        return count

    assert calls(2_000) < 11 * calls(200)


def test_a_file_that_may_not_be_opened_is_our_trouble(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *how: Any, **more: Any) -> object:
        if path.name == "good.yaml":
            raise PermissionError
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", refuse)
    loaded, found = loaded_with(folder, "good.yaml#/A")
    assert found is None
    assert [broken.reason for broken in loaded.broken] == ["errors.ref-file-forbidden"]
