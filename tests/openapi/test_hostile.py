"""Does every input that was made to break a loader come to a document or one sentence, in little time and memory?"""

import csv
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.openapi.documents import CORPUS, corpus

HOSTILE = CORPUS / "hostile"
INDEX = HOSTILE / "index.tsv"
CASES = [row["entry"] for row in csv.DictReader(INDEX.open(encoding="utf-8"), delimiter="\t")] if INDEX.exists() else []
MOST_MEGABYTES = 300
READABLE = {
    "control-chars.yaml",
    "csv-formula.json",
    "html-in-descriptions.json",
    "huge-enum-100k.json",
    "info-null.yaml",
    "invalid-pattern.json",
    "json-in-yaml.yaml",
    "many-tags-5k-duplicates.json",
    "no-extension",
    "openapi-and-swagger.json",
    "parameters-wrong-types.json",
    "paths-null.json",
    "python-only-pattern.json",
    "recursion-allof.json",
    "recursion-legal-tree.json",
    "redos-schema-pattern.json",
    "ref-long-chain.json",
    "schema-wrong-types.json",
    "servers-null-items.json",
    "utf16be-no-bom.json",
    "version-bool.yaml",
    "wrong-extension.json",
    "yaml-custom-tag.yaml",
    "yaml-non-string-keys.yaml",
    "yaml-norway.yaml",
    "yaml-python-tag.yaml",
    "yaml-with-jsonpointer-hostile-keys.yaml",
}
BROKEN = {
    "ref-absolute-path.json": "outside-folder",
    "ref-cloud-metadata.json": "elsewhere",
    "ref-dev-zero.json": "outside-folder",
    "ref-file-cycle/openapi.yaml": "circle",
    "ref-ipv6-decimal-host.json": "elsewhere",
    "ref-missing-file.json": "file-missing",
    "ref-null.json": "not-a-string",
    "ref-pathitem-cycle.json": "circle",
    "ref-proc-self-environ.json": "outside-folder",
    "ref-self.json": "circle",
    "ref-two-cycle.json": "circle",
}


def examined(*files: Path) -> dict[str, dict[str, Any]]:
    """Read files in a confined process of their own."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system has no /proc to tell how much memory a process has")
    command = [sys.executable, str(Path(__file__).with_name("confined.py")), *map(str, files)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@cache
def hostile() -> dict[str, dict[str, Any]]:
    return examined(*(HOSTILE / case for case in CASES))


def assert_harmless(found: dict[str, Any], file: Path) -> None:
    assert "died" not in found, "it needed more time or memory than it may have"
    assert "traceback" not in found, found.get("traceback")
    assert found["megabytes"] < MOST_MEGABYTES
    assert found["sockets"] == []
    own = (str(file.parent), sys.prefix, sys.base_prefix, str(Path(__file__).parents[2] / "src"))
    assert [path for path in found["opened"] if not path.startswith(own)] == []


@pytest.mark.parametrize("case", CASES or ["index.tsv"])
def test_no_input_breaks_the_loader(case: str) -> None:
    file = corpus("hostile", case)
    found = hostile()[str(file)]
    assert_harmless(found, file)
    if case in BROKEN:
        assert found["broken"] == [f"errors.ref-{BROKEN[case]}"]
    elif case in READABLE:
        assert found["broken"] == []
    else:
        sentence = found["sentence"]
        assert case in sentence
        assert sentence.isprintable()
        assert sentence.count(". ") <= 2


def test_fifty_megabytes_of_string(tmp_path: Path) -> None:
    text = '{"openapi":"3.0.3","info":{"title":"x","version":"1.0.0","description":"%s"},"paths":{}}' % ("A" * 50_000_000)
    (tmp_path / "openapi.json").write_text(text)
    (tmp_path / "openapi.yaml").write_text(text.replace("}}", "},}"))
    for name, found in examined(tmp_path / "openapi.json", tmp_path / "openapi.yaml").items():
        assert_harmless(found, Path(name))


def test_more_than_the_limit(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_bytes(b" " * (64 * 2**20 + 1))
    (found,) = examined(tmp_path / "openapi.json").values()
    assert_harmless(found, tmp_path / "openapi.json")
    assert found["message"] == "document-too-large"


def test_a_file_outside_the_folder_is_not_even_opened(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.yaml").write_text("type: string\n")
    (tmp_path / "inside" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    references = ["../secret.yaml", "link.yaml", "/etc/passwd", "/dev/zero", "file:///etc/passwd", "%2e%2e/secret.yaml"]
    schemas = {f"S{number}": {"$ref": reference} for number, reference in enumerate(references)}
    file = tmp_path / "inside" / "openapi.json"
    file.write_text(json.dumps({"openapi": "3.1.0", "components": {"schemas": schemas}}))
    (found,) = examined(file).values()
    assert_harmless(found, file)
    assert len(found["broken"]) == len(references)
    assert str(tmp_path / "secret.yaml") not in found["opened"]
