"""Does everything that is no readable OpenAPI document get one clear sentence, in two languages, that says what to do?"""

import gzip
import os
import sys
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from apicheck import openapi
from apicheck.errors import UnreadableDocument

GOOD = '{"openapi": "3.0.3", "info": {"title": "x", "version": "1.0.0"}, "paths": {}}'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10))


def refusal(data: bytes | str, name: str = "openapi.yaml") -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        openapi.parse(data if isinstance(data, bytes) else data.encode(), name)
    return caught.value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "document-empty"),
        (b" \r\n\t ", "document-empty"),
        (b"\xef\xbb\xbf", "document-empty"),
        (b"# only a comment\n", "document-empty"),
        (b"---\n...\n", "document-empty"),
        (b"null", "document-empty"),
        (PNG, "document-binary"),
        (gzip.compress(b"x", mtime=0), "document-binary"),
        (GOOD.replace("x", "x\0").encode(), "document-binary"),
        ("titel: één".encode("latin-1"), "document-encoding"),
        ('{"titel": "één"}'.encode("latin-1"), "document-encoding"),
        (b"\xff\xfea", "document-encoding"),
        (b"<!DOCTYPE html><html></html>", "document-markup"),
        (b"\n <html>", "document-markup"),
        (b"<?xml version='1.0'?><wsdl/>", "document-markup"),
        (b"[1, 2]", "document-no-mapping"),
        (b"- a\n- b", "document-no-mapping"),
        (b"just text", "document-no-mapping"),
        (b"42", "document-no-mapping"),
        (b"{}", "document-no-openapi"),
        (b"info: {}", "document-no-openapi"),
        (b'swagger: "2.0"', "document-swagger"),
        (b'{"swaggerVersion": "1.2"}', "document-swagger"),
        (b"asyncapi: 3.0.0", "document-asyncapi"),
        (b"openapi: 3.0", "document-version-no-text"),
        (b'{"openapi": ["3.0.3"]}', "document-version-no-text"),
        (b"openapi: null", "document-version-no-text"),
        (b"openapi: 4.0.0", "document-version-unknown"),
        (b"openapi: 3.10.0", "document-version-unknown"),
        (b"openapi: 3.3.0", "document-version-unknown"),
        (b'openapi: "2.0"', "document-version-unknown"),
        (b"openapi: 3.0.3\n---\nopenapi: 3.0.3\n", "document-several"),
        (b"a: [1, 2", "document-syntax"),
        (b"a: *unknown", "document-syntax"),
        (b"a: b: c", "document-syntax"),
        (b"a:\n\tb: 1", "document-syntax"),
        (b"a: !!js/function 'x'", "document-yaml"),
        (b"1: a\n1.0: b", "document-duplicate-key"),
        (b"200: a\n'200': b", "document-keys-alike"),
        (b"a: &x\n  <<: *x\n", "document-merge-key"),
        (b"<<: text", "document-merge-key"),
        (LAUGHS.encode(), "document-aliases"),
        (b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (i, i, i - 1) for i in range(1, 300)), "document-too-deep"),
        (b"a: alias replay limit exceeded, recursion depth: x", "document-syntax"),
        (b"[" * 100_000, "document-too-deep"),
        (b"[" * 300 + b"]" * 300, "document-too-deep"),
        (b'{"a":' * 251 + b"1" + b"}" * 251, "document-too-deep"),
        (b"a: " + b"[" * 10_000, "document-too-deep"),
        (b"- " * 100_000 + b"x", "document-too-deep"),
        (b"? " * 100_000 + b"x", "document-too-deep"),
        (b"- " * 251 + b"x", "document-too-deep"),
        (b"\n".join(b" " * i + b"a:" for i in range(2_000)), "document-too-deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_has_its_own_sentence(data: bytes, message: str) -> None:
    said = refusal(data)
    assert said.message == message
    assert said.exit_code == 4
    for sentence in (said.explain().nl, said.explain().en):
        assert "openapi.yaml" in sentence
        assert len(sentence) < 400
        assert sentence.endswith((".", '".'))
        assert sentence.isprintable()


@pytest.mark.parametrize(
    ("data", "name", "line", "column"),
    [
        (b'{\n  "a": 1,\n  "b" 2\n}', "x.json", 3, 7),
        ('{"é": 1, x}'.encode(), "x.json", 1, 10),
        (b'{"openapi": "\\ud800"}', "x.json", 1, 14),
        (b'{"a": NaN}', "x.json", 1, 7),
        (b"{'a': True}", "x.json", 1, 2),
        (b'{"a": "b', "x.json", 1, 9),
        (b"a: 1\nb: [\n", "x.yaml", 2, 4),
        (b"openapi: 3.0.3\r\ninfo:\r\n\tx: y\r\n", "x.yaml", 3, 2),
        ("é: 1\né é: *nergens\n".encode(), "x.yaml", 2, 6),
    ],
)
def test_a_mistake_in_the_syntax_has_a_line_and_a_column(data: bytes, name: str, line: int, column: int) -> None:
    said = refusal(data, name)
    assert said.message == "document-syntax"
    assert (int(str(said.details["line"])), int(str(said.details["column"]))) == (line, column)


@pytest.mark.parametrize(
    ("data", "key", "line", "column"),
    [
        (b'{"openapi": "3.0.3", "openapi": "3.1.0"}', "openapi", 1, 22),
        (b'{"a": {"b": [{"c": 1,\n"c" : 2}]}}', "c", 2, 1),
        (b'{"a": 1, "\\u0061": 2}', "a", 1, 10),
        (b'{"a": 1, ":": ":", "a": 2}', "a", 1, 20),
        (b'{"a\\\\": 1, "b": 1, "b": "\\":"}', "b", 1, 20),
        (b"a: 1\nb: 2\na: 3\n", "a", 3, 1),
        (b"a:\n  - {c: 1, c: 2}\n", "c", 2, 12),
    ],
)
def test_a_key_that_stands_twice_is_refused_where_it_stands(data: bytes, key: str, line: int, column: int) -> None:
    said = refusal(data)
    assert said.message == "document-duplicate-key"
    assert said.details == {"name": "openapi.yaml", "key": key, "line": line, "column": column}


def test_a_string_that_looks_like_a_member_is_no_duplicate() -> None:
    document = openapi.parse(GOOD.replace('"x"', r'": a", "description": "\\\": \":", "x-\\": ":"').encode(), "x.json")
    assert document.root["info"]["description"] == '\\": ":'


def test_what_a_stranger_writes_cannot_act_in_a_sentence() -> None:
    said = refusal('{"openapi": "4\\u001b[31m\\u202e' + "x" * 5_000 + '"}').explain()
    assert "\x1b" not in said.nl
    assert "\u202e" not in said.nl
    assert len(said.nl) < 400


def unreadable(spec: str) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        openapi.load(spec)
    return caught.value


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert unreadable(str(tmp_path / "openapi.yaml")).message == "document-missing"
    assert unreadable(str(tmp_path / "x" / "openapi.yaml")).message == "document-missing"


def test_a_folder(tmp_path: Path) -> None:
    assert unreadable(str(tmp_path)).message == "document-is-a-directory"
    assert unreadable("").message == "document-is-a-directory"


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").touch()
    for name in (str(tmp_path / "loop"), "a\0b", "x" * 5_000, str(tmp_path / "file" / "x")):
        assert unreadable(name).message == "document-unreadable"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="whoever may read everything is never refused")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").touch(0o000)
    assert unreadable(str(tmp_path / "openapi.yaml")).message == "document-forbidden"


def test_a_file_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    (tmp_path / "openapi.yaml").touch()
    assert unreadable(str(tmp_path / "openapi.yaml")).message == "document-forbidden"


def test_a_file_without_end() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    said = unreadable("/dev/zero")
    assert said.message == "document-too-large"
    assert said.details["megabytes"] == 64


def test_a_pipe_can_be_read(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.write(write, GOOD.encode())
    os.close(write)
    if not Path(f"/dev/fd/{read}").exists():
        pytest.skip("this system has no /dev/fd")
    assert openapi.load(f"/dev/fd/{read}").version == "3.0"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(GOOD.encode())))
    document = openapi.load("-")
    assert (document.name, document.source.folder, document.source.url) == ("-", None, None)
    assert document.locate(document.place("info", "title")).file == "-"


@pytest.mark.parametrize("spec", ["ftp://example.nl/x", "file:///etc/passwd", "gopher://x"])
def test_an_address_of_another_kind(spec: str) -> None:
    assert unreadable(spec).message == "document-scheme"


@pytest.mark.parametrize("spec", ["http://[", "http://exa mple.nl:port/", "https://xn--a"])
def test_an_address_that_is_none(spec: str) -> None:
    assert unreadable(spec).message in {"document-url-invalid", "document-url-unreachable"}
