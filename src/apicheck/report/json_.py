"""How is a report written for machines, and read back so that nobody is fooled?

All other formats are rendered from ``report.json``. The same report gives the same bytes.
"""

from __future__ import annotations

import codecs
import json
import math
from functools import cache
from pathlib import Path

import orjson
from pydantic import ValidationError

from apicheck.errors import UnreadableReport
from apicheck.model import Report
from apicheck.report._text import Language

FILE = "report.json"
SCHEMA = Report.model_fields["schema_"].default
LARGEST = 256_000_000
"""Bytes of a report that is read."""
_ESCAPING = "apicheck.escaping"
"""What encoding to ASCII does with other characters, by the name that ``codecs`` has for it."""


def render(report: Report, language: Language = "nl") -> bytes:
    """Return the report in both languages, its keys in the order of the model."""
    data = report.model_dump(mode="json", by_alias=True)
    for counts in ("rules", "requests"):  # two dictionaries that came about in another order are still equal
        data["coverage"][counts] = dict(sorted(data["coverage"][counts].items()))
    for limit in ("max-time", "rate"):  # JSON knows no infinity
        data["run"][limit] = None if data["run"][limit] == math.inf else data["run"][limit]
    return written(data)


def written(data: object) -> bytes:
    """Return data as indented JSON in UTF-8, ended by a newline.

    What is not printable is escaped, so that nothing a stranger said can act on a terminal or turn the reading order in an
    editor. A lone surrogate, which UTF-8 cannot hold, becomes a question mark.
    """
    try:
        text = orjson.dumps(data, option=orjson.OPT_INDENT_2).decode("utf-8")
    except orjson.JSONEncodeError:  # a lone surrogate, or a number beyond 64 bits
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2).encode("utf-8", "replace").decode("utf-8")
    return (text.replace("\x7f", "\\u007f") + "\n").encode("ascii", _ESCAPING)


def _escaped(beyond_ascii: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(beyond_ascii, UnicodeEncodeError):
        raise beyond_ascii
    run = beyond_ascii.object[beyond_ascii.start : beyond_ascii.end]
    return "".join(map(_escape, run)).encode("utf-8"), beyond_ascii.end


codecs.register_error(_ESCAPING, _escaped)


@cache
def _escape(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of ``report.json``, as it is published in ``docs/schema``."""
    described = Report.model_json_schema(by_alias=True, mode="serialization")
    return written({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})


def read(file: Path) -> Report:
    """Return the report that stands in a file.

    Raises:
        UnreadableReport: there is no such file, it is too large, or it is no report of this schema.
    """
    return parse(content(file), str(file))


def content(file: Path) -> bytes:
    """Return the bytes of a file that holds a report.

    Raises:
        UnreadableReport: there is no such file, or it is too large.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise UnreadableReport("report-too-large", file=file, largest=LARGEST // 1_000_000)
        return file.read_bytes()
    except OSError as error:
        raise UnreadableReport("report-missing", file=file, error=error) from None


def parse(data: bytes, name: str = FILE) -> Report:
    """Return the report that these bytes hold; ``name`` is what an error calls them.

    Raises:
        UnreadableReport: this is no JSON, another schema, not as the schema asks, or a report that contradicts itself.
    """
    try:
        loaded = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise UnreadableReport("report-no-json", file=name, error=error) from None
    schema = loaded.get("schema") if isinstance(loaded, dict) else None
    if schema != SCHEMA:
        raise UnreadableReport("report-other-schema", file=name, schema=schema or "-", known=SCHEMA)
    try:
        report = Report.model_validate(loaded)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise UnreadableReport("report-not-as-schema", file=name, where=where, error=first["msg"]) from None
    known = {rule.id for rule in report.standard.rules}
    if strange := [verdict.rule for verdict in report.verdicts if verdict.rule not in known]:
        raise UnreadableReport("report-unknown-rule", file=name, rule=strange[0])
    return report
