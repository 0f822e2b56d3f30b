"""A standard of a domain, a vendor's reading of it, and a server that does what the document of the vendor says.

Both are our own: enough like the Dutch API standards for cases to be recognised, and nobody's.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

UUID = "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"
ZAAK = {
    "url": f"http://127.0.0.1/zaken/{UUID}",
    "uuid": UUID,
    "omschrijving": "Vergunning voor een dakkapel",
    "status": "open",
    "registratiedatum": "2026-03-01",
}
PROBLEM = {"type": "about:blank", "title": "Niet gevonden", "status": 404, "detail": "Deze zaak is er niet."}

STANDARD: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Zaken (standaard)", "version": "1.2.0"},
    "servers": [{"url": "https://voorbeeld.example.org"}],
    "paths": {
        "/zaken": {
            "get": {
                "operationId": "zaak_list",
                "parameters": [{"name": "status", "in": "query", "schema": {"$ref": "#/components/schemas/Status"}}],
                "responses": {
                    "200": {
                        "description": "Alle zaken",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["count", "results"],
                                    "properties": {
                                        "count": {"type": "integer"},
                                        "results": {"type": "array", "items": {"$ref": "#/components/schemas/Zaak"}},
                                    },
                                },
                                "example": {"count": 1, "results": [ZAAK]},
                            }
                        },
                    }
                },
            }
        },
        "/zaken/{uuid}": {
            "get": {
                "operationId": "zaak_read",
                "parameters": [
                    {
                        "name": "uuid",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "format": "uuid"},
                        "example": UUID,
                    }
                ],
                "responses": {
                    "200": {
                        "description": "Een zaak",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Zaak"}, "example": ZAAK}},
                    },
                    "404": {"description": "Er is geen zaak", "content": {"application/problem+json": {"example": PROBLEM}}},
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Status": {"type": "string", "enum": ["open", "gesloten"]},
            "Zaak": {
                "type": "object",
                "required": ["url", "uuid", "omschrijving", "status", "registratiedatum"],
                "properties": {
                    "url": {"type": "string", "format": "uri"},
                    "uuid": {"type": "string", "format": "uuid"},
                    "omschrijving": {"type": "string", "maxLength": 80},
                    "status": {"$ref": "#/components/schemas/Status"},
                    "registratiedatum": {"type": "string", "format": "date"},
                },
            },
        }
    },
}


def faithful() -> dict[str, Any]:
    """Return what a vendor writes who follows the standard: other names, other places for things, and something more."""
    document = deepcopy(STANDARD)
    document["info"] = {"title": "Zaaksysteem Voorbeeld", "version": "4.1.0"}
    document["paths"] = {f"/v1{path}".replace("{uuid}", "{id}"): item for path, item in document["paths"].items()}
    document["paths"]["/v1/zaken/{id}"]["get"]["parameters"][0]["name"] = "id"
    document["components"]["schemas"]["Zaak"]["properties"]["behandelaar"] = {"type": "string"}
    document["paths"]["/v1/werkvoorraad"] = {"get": {"responses": {"204": {"description": "Niets te doen"}}}}
    return document


def deviant() -> dict[str, Any]:
    """Return what a vendor writes who reads the standard in a way of its own."""
    document = faithful()
    schemas = document["components"]["schemas"]
    schemas["Status"]["enum"].append("geparkeerd")
    schemas["Zaak"]["required"].remove("registratiedatum")
    parameter = {"name": "organisatie", "in": "query", "required": True, "schema": {"type": "string"}, "example": "0363"}
    document["paths"]["/v1/zaken"]["get"]["parameters"].append(parameter)
    parked = {**ZAAK, "status": "geparkeerd"}
    del parked["registratiedatum"]
    content = document["paths"]["/v1/zaken"]["get"]["responses"]["200"]["content"]["application/json"]
    content["example"] = {"count": 1, "results": [parked]}
    return document


@contextmanager
def serving(document: dict[str, Any]) -> Iterator[str]:
    """Run a server that answers with the examples of a document; yield its base URL."""
    routes = [(re.compile(re.sub(r"\{[^}]*\}", "([^/]+)", path)), item) for path, item in document["paths"].items()]

    class Handler(BaseHTTPRequestHandler):
        """Answers GET."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name that http.server looks for
            path = self.path.partition("?")[0]
            for pattern, item in routes:
                if (found := pattern.fullmatch(path)) and "get" in item:
                    known = not found.groups() or found[1] == UUID
                    self._answer(item["get"]["responses"], "200" if known else "404")
                    return
            self._send(404, "application/problem+json", PROBLEM)

        def _answer(self, responses: dict[str, Any], status: str) -> None:
            status = status if status in responses else next(iter(responses))
            media_type, content = next(iter(responses[status].get("content", {"": {}}).items()))
            self._send(int(status), media_type, content.get("example"))

        def _send(self, status: int, media_type: str, value: Any) -> None:
            body = json.dumps(value).encode() if media_type else b""
            self.send_response(status)
            if media_type:
                self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
