"""What does ``apicheck conform`` print, and with which exit code does it end?"""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from apicheck.report import _comparison
from tests.cli.conftest import Run
from tests.conform.vendor import STANDARD, deviant, faithful

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "comparison-1.0.json"

DEVIANT = """\
Getoetst:   Zaaksysteem Voorbeeld 4.1.0 (leverancier.json, sha256:DIGEST)
Referentie: Zaken (standaard) 1.2.0 (standaard.json, sha256:DIGEST)
Bekeken: 2 bewerkingen van de referentie, waarvan 2 hier gevonden, met 2 parameters en 13 schema's.
Paden die in de referentie met / beginnen, beginnen hier met /v1.

Breekt een client die voor de referentie is gemaakt (3)

  GET /zaken, GET /zaken/{uuid}
    ✗ Een client die rekent op registratiedatum in Zaak, kan die missen: hier is deze eigenschap
    niet verplicht.
      leverancier.json:167  ·  referentie standaard.json:150
    ✗ Een client die de waarden kent die Status volgens de referentie kan hebben, kan een andere
    krijgen: "geparkeerd".
      leverancier.json:135  ·  referentie standaard.json:118

  GET /zaken
    ✗ Een client die de parameter organisatie (query) weglaat, zoals de referentie toestaat, wordt
    geweigerd.
      leverancier.json:24  ·  referentie standaard.json:14

Komt erbij en breekt niets (2)

  GET /zaken, GET /zaken/{uuid}
    + In Zaak komt behandelaar erbij.
      leverancier.json:171  ·  referentie standaard.json:134

  Het document als geheel
    + De bewerking GET /v1/werkvoorraad komt erbij; een client van de referentie merkt daar niets
    van.
      leverancier.json:124  ·  referentie standaard.json:12

Conformeert niet: een client die voor de referentie is gemaakt, breekt op de plaatsen hierboven.
"""


def written(folder: Path, vendor: dict[str, Any], standard: dict[str, Any] | None = None) -> tuple[str, str, str]:
    """Write both documents and return the arguments that name them."""
    (folder / "leverancier.json").write_text(json.dumps(vendor, indent=1), "utf-8")
    (folder / "standaard.json").write_text(json.dumps(standard or STANDARD, indent=1), "utf-8")
    return "leverancier.json", "--to", "standaard.json"


def test_the_whole_of_what_a_person_reads(run: Run, tmp_path: Path) -> None:
    result = run("conform", *written(tmp_path, deviant()))
    assert result.code == 1
    lines = [line.partition("sha256:") for line in result.out.splitlines()]
    said = "\n".join(f"{before}sha256:DIGEST)" if found else before for before, found, _ in lines) + "\n"
    assert said == DEVIANT


def test_what_conforms_ends_with_0(run: Run, tmp_path: Path) -> None:
    result = run("conform", *written(tmp_path, faithful()), "--lang", "en")
    assert result.code == 0
    assert result.out.endswith("Conforms: nothing was found that breaks a client that was made for the reference.\n")


def test_what_cannot_be_told_ends_with_3(run: Run, tmp_path: Path) -> None:
    vendor = faithful()
    vendor["components"]["schemas"]["Zaak"]["properties"]["omschrijving"]["maxLength"] = 80
    standard = json.loads(json.dumps(STANDARD))
    standard["components"]["schemas"]["Zaak"]["properties"]["toelichting"] = {"type": "string"}
    result = run("conform", *written(tmp_path, vendor, standard))
    assert result.code == 3
    assert "weet niet of het ooit komt" in " ".join(result.out.split())


@pytest.mark.parametrize("what", ["er-is-niets.json", "kapot.json"])
def test_input_that_cannot_be_used_ends_with_4(run: Run, tmp_path: Path, what: str) -> None:
    written(tmp_path, faithful())
    (tmp_path / "kapot.json").write_text("{", "utf-8")
    assert run("conform", "leverancier.json", "--to", what).code == 4
    assert run("conform", what, "--to", "standaard.json").code == 4


def test_the_prefix_can_be_stated(run: Run, tmp_path: Path) -> None:
    assert run("conform", *written(tmp_path, faithful()), "--prefix", "/v2").code == 1
    assert run("conform", *written(tmp_path, faithful()), "--prefix", "/v1").code == 0


def test_machines_get_what_the_published_schema_says(run: Run, tmp_path: Path) -> None:
    result = run("conform", *written(tmp_path, deviant()), "--format", "json")
    assert result.code == 1
    told = json.loads(result.out)
    jsonschema_rs.validate(json.loads(SCHEMA.read_text("utf-8")), told)
    assert told["effect"] == "breaking"
    assert told["examined"] == {"operations": 2, "matched": 2, "parameters": 2, "schemas": 13}
    assert SCHEMA.read_bytes() == _comparison.schema()


def test_a_strangers_text_does_not_act_on_a_terminal(run: Run, tmp_path: Path) -> None:
    vendor = deviant()
    vendor["info"]["title"] = "\x1b[2J[bold]rood\x1b]8;;http://x\x07"
    vendor["paths"]["/v1/zaken"]["get"]["parameters"][1]["name"] = "\x1b[31m\u202eorganisatie"
    result = run("conform", *written(tmp_path, vendor))
    assert "\x1b" not in result.out
    assert "\u202e" not in result.out
    assert "[bold]rood" in result.out
