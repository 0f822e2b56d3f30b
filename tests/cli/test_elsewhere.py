"""Is nothing sent to another host, wherever the API and its document point?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.auth.servers import Reply, Request, serving

from .conftest import Run
from .test_modes import CONSENT, DOCUMENT


def test_redirects_links_and_references_lead_nowhere_else(run: Run, tmp_path: Path) -> None:
    strayed: list[str] = []
    made: list[str] = []

    def elsewhere(request: Request) -> Reply:
        strayed.append(f"{request.method} {request.path}")
        return 200, {"id": "x"}

    with serving(elsewhere) as trap:

        def answer(request: Request) -> Reply:
            links = {"self": {"href": f"{trap}/gebouwen"}, "next": {"href": f"{trap}/gebouwen?pagina=2"}}
            headers = {"Link": f'<{trap}/gebouwen?pagina=2>; rel="next"', "Content-Location": f"{trap}/gebouwen"}
            if request.path == "/gebouwen" and request.method == "GET":
                return 200, {"_links": links, "next": f"{trap}/p2", "items": [{"id": "1", "url": f"{trap}/gebouwen/1"}]}, headers
            if request.method == "POST":
                made.append(request.path)
                return 201, {"url": f"{trap}/ergens/9"}, {"Location": f"{trap}/ergens/9"}
            return 302, {}, {"Location": f"{trap}{request.path}"}

        document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
        document["servers"] = [{"url": trap}]
        document["externalDocs"] = {"url": f"{trap}/uitleg"}
        document["paths"]["/gebouwen"]["get"]["responses"]["200"] = {
            "description": "ok",
            "content": {"application/json": {"schema": {"$ref": f"{trap}/schema.json"}}},
            "links": {"een": {"operationRef": f"{trap}/openapi.json#/paths/~1x/get"}},
        }
        (tmp_path / "openapi.json").write_text(json.dumps(document))
        with serving(answer) as url:
            (tmp_path / "apicheck.toml").write_text(CONSENT.format(url=url))
            limits = ("--rate", "1000", "--max-requests", "150", "--max-time", "20", "--mode", "safe-write")
            result = run("check", "openapi.json", "--url", url, *limits, "--format", "json=-")
    assert strayed == []
    assert made
    report = json.loads(result.out)
    assert report["run"]["trespasses"] == []
    assert report["coverage"]["answered"] >= 1
    assert any("POST" in note["nl"] for note in report["notes"])
