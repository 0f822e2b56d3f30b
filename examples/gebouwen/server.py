"""How does an API behave that keeps every design rule a machine can check?

``python server.py --port 8080`` prints the base URL and serves until it is stopped. The document beside this file is the source
of every route, parameter and schema; what stands here is the six operations and the manners of HTTP. The server is reached from
this machine only and forgets every change when it stops.
"""

from __future__ import annotations

import argparse
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import orjson
import yaml_rs
from certificates import TLS_FAULTS
from faults import FAULTS, Fault
from jsonschema_rs import Draft202012Validator, ValidationError
from store import Building, Store, addresses
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

DOCUMENT = Path(__file__).with_name("openapi.yaml")

SECURITY_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every response (/core/transport/security-headers), as a server behind TLS has them. The data are open to any website."""

TITLES = {
    400: "Ongeldige invoer",
    404: "Niet gevonden",
    405: "Methode niet toegestaan",
    406: "Niet acceptabel",
    413: "Verzoek te groot",
    415: "Contenttype niet ondersteund",
}
DETAILS = {
    404: "Hier is niets te vinden.",
    405: "Gebruik een methode uit de header Allow.",
    413: "Een verzoek mag hoogstens 1 MB groot zijn.",
    415: "Stuur de body als application/json.",
}


class Problem(Exception):
    """What is wrong with a request, told in the form of RFC 9457."""

    def __init__(self, status: int, detail: str = "", errors: Iterable[dict[str, str]] = ()) -> None:
        super().__init__(detail)
        title = TITLES.get(status, HTTPStatus(status).phrase)
        self.status = status
        self.body: dict[str, Any] = {
            "type": f"https://www.example.org/gebouwen-api/fouten/{status}",
            "title": title,
            "status": status,
            "detail": detail or DETAILS.get(status, "De server kan dit verzoek niet verwerken."),
        }
        if errors:
            self.body["errors"] = list(errors)

    def response(self) -> Response:
        """Return the problem as it is sent."""
        return Response(orjson.dumps(self.body), self.status, content_type="application/problem+json")


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of the document, ready to check a request with."""

    run: Callable[..., Response]
    query: dict[str, tuple[str, Draft202012Validator]] = field(default_factory=dict)
    """The type and the schema of each query parameter."""
    body: Draft202012Validator | None = None


class Api:
    """The WSGI application. ``origin`` is where it is reached, such as ``http://127.0.0.1:8080``."""

    def __init__(self, document: Path = DOCUMENT, faults: Iterable[Fault] = ()) -> None:
        self.yaml = document.read_bytes()
        self.document = cast("dict[str, Any]", yaml_rs.loads(self.yaml.decode(), parse_datetime=False))
        self.base_path: str = urlsplit(self.document["servers"][0]["url"]).path
        self.headers = {"API-Version": self.document["info"]["version"], **SECURITY_HEADERS}
        self.faults = tuple(faults)
        self.origin = ""
        self.store = Store()
        self.routes = Map(list(self._rules()), merge_slashes=False)

    @property
    def base_url(self) -> str:
        """Where the paths of the document start."""
        return self.origin + self.base_path

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        request = Request(environ)
        request.max_content_length = 1_000_000
        response = self.answer(request)
        response.headers.extend(self.headers)
        for fault in self.faults:
            response = fault(request, response)
        return response(environ, start_response)

    def answer(self, request: Request) -> Response:
        """Return the response to a request; whatever goes wrong, it comes as problem details."""
        routes = self.routes.bind_to_environ(request.environ)
        try:
            if request.method == "OPTIONS" and (allowed := list(routes.allowed_methods())):
                return _empty(_allow(allowed))
            operation, path_parameters = routes.match()
            return self._perform(operation, path_parameters, request)
        except Problem as problem:
            return problem.response()
        except HTTPException as error:
            response = Problem(error.code or 500).response()
            if isinstance(error, MethodNotAllowed):
                response.headers.extend(_allow(error.valid_methods or ()))
            return response

    def _perform(self, operation: Operation, path_parameters: Mapping[str, Any], request: Request) -> Response:
        """Run an operation once everything that is said about its request holds."""
        accepted = "application/yaml" if operation.run == self.openapi_yaml else "application/json"
        if "Accept" in request.headers and not request.accept_mimetypes.best_match([accepted]):
            raise Problem(406, f"De API kan hier alleen {accepted} leveren.")
        query, errors = self._query(operation, request)
        arguments: dict[str, Any] = {**path_parameters, **query}
        if operation.body:
            body, wrong = self._body(operation.body, request)
            arguments["body"] = body
            errors += wrong
        if errors:
            raise Problem(400, f"De invoer bevat {len(errors)} {'fout' if len(errors) == 1 else 'fouten'}.", errors)
        return operation.run(**arguments)

    @staticmethod
    def _query(operation: Operation, request: Request) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """Return the query parameters as values of their type, and everything that is wrong with them."""
        values: dict[str, Any] = {}
        errors = []
        for name, texts in request.args.lists():
            if name not in operation.query:
                errors.append(_error("query", name, "Deze parameter bestaat hier niet."))
            elif len(texts) > 1:
                errors.append(_error("query", name, "Deze parameter mag één keer voorkomen."))
            else:
                kind, validator = operation.query[name]
                number = kind == "integer" and re.fullmatch("-?[0-9]{1,15}", texts[0])
                values[name] = int(texts[0]) if number else texts[0]
                errors += [_error("query", name, _say(found)) for found in validator.iter_errors(values[name])]
        return values, errors

    @staticmethod
    def _body(validator: Draft202012Validator, request: Request) -> tuple[Any, list[dict[str, str]]]:
        """Return the body as JSON, and everything that is wrong with it."""
        data = request.get_data()
        if request.mimetype != "application/json" and (data or request.mimetype):
            raise Problem(415)
        if not data:
            return None, [_error("body", "", "De body ontbreekt.")]
        try:
            body = orjson.loads(data)
        except orjson.JSONDecodeError:
            return None, [_error("body", "", "De body is geen JSON.")]
        return body, [
            _error("body", "".join(f"/{part}" for part in found.instance_path), _say(found))
            for found in validator.iter_errors(body)
        ]

    def _rules(self) -> Iterable[Rule]:
        """Yield a route for each operation of the document, and the two for the document itself."""
        yield Rule(f"{self.base_path}/openapi.json", methods=["GET"], endpoint=Operation(self.openapi_json))
        yield Rule(f"{self.base_path}/openapi.yaml", methods=["GET"], endpoint=Operation(self.openapi_yaml))
        for path, item in self.document["paths"].items():
            route = self.base_path + path.replace("{", "<").replace("}", ">")
            for method in item.keys() & {"get", "post", "put", "delete"}:
                yield Rule(route, methods=[method.upper()], endpoint=self._operation(item, item[method]))

    def _operation(self, item: dict[str, Any], described: dict[str, Any]) -> Operation:
        parameters = [self._resolve(node) for node in (*item.get("parameters", ()), *described.get("parameters", ()))]
        query = {
            parameter["name"]: (self._resolve(parameter["schema"])["type"], self._validator(parameter["schema"]))
            for parameter in parameters
            if parameter["in"] == "query"
        }
        body = self._resolve(described["requestBody"])["content"]["application/json"] if "requestBody" in described else None
        return Operation(
            run=getattr(self, re.sub("([A-Z])", r"_\1", described["operationId"]).lower()),
            query=query,
            body=self._validator(body["schema"]) if body else None,
        )

    def _resolve(self, node: dict[str, Any]) -> Any:
        while "$ref" in node:
            found: Any = self.document
            for token in node["$ref"].removeprefix("#/").split("/"):
                found = found[token]
            node = found
        return node

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        return Draft202012Validator({**schema, "components": self.document["components"]}, validate_formats=True)

    # The operations. Each is called as its operationId in snake case, with its parameters and body by name.

    def openapi_json(self) -> Response:
        """Publish the document (/core/publish-openapi)."""
        return _json(self.document)

    def openapi_yaml(self) -> Response:
        """Publish the document as it was written."""
        return Response(self.yaml, content_type="application/yaml")

    def haal_gebouwen_op(self, **query: Any) -> Response:
        """Give one page of the buildings that pass the filters."""
        return self._page(self.store.search(query), "/gebouwen", query)

    def zoek_gebouwen(self, body: dict[str, Any], **query: Any) -> Response:
        """Give one page of the buildings that meet the criteria in the body."""
        return self._page(self.store.search(body), "/_zoek", query)

    def voeg_gebouw_toe(self, body: dict[str, Any]) -> Response:
        """Add a building and say where it is."""
        building = self._shown(self.store.add(body))
        return _json(building, 201, {"Location": building["_links"]["self"]["href"]})

    def haal_gebouw_op(self, identificatie: str) -> Response:
        """Give one building."""
        return _json(self._shown(self._existing(identificatie)))

    def wijzig_gebouw(self, identificatie: str, body: dict[str, Any]) -> Response:
        """Replace what is known of a building."""
        self._existing(identificatie)
        return _json(self._shown(self.store.replace(identificatie, body)))

    def verwijder_gebouw(self, identificatie: str) -> Response:
        """Forget a building."""
        if not self.store.remove(identificatie):
            raise Problem(404)
        return _empty()

    def haal_adressen_op(self, identificatie: str) -> Response:
        """Give the addresses of a building."""
        building = self._existing(identificatie)
        links = self._shown(building)["_links"]
        return _json({"adressen": addresses(building), "_links": {"self": links["adressen"], "gebouw": links["self"]}})

    def _existing(self, identification: str) -> Building:
        if building := self.store.get(identification):
            return building
        raise Problem(404)

    def _shown(self, building: Building) -> Building:
        """Return a building with its links."""
        href = f"{self.base_url}/gebouwen/{building['identificatie']}"
        return {**building, "_links": {"self": {"href": href}, "adressen": {"href": f"{href}/adressen"}}}

    def _page(self, buildings: list[Building], path: str, query: dict[str, Any]) -> Response:
        """Give one page of a list, with links to itself and to the pages beside it."""
        page, size = query.get("page", 1), query.get("pageSize", 10)
        last = max(1, ceil(len(buildings) / size))
        pages = {"self": page, "vorige": page - 1 if 1 < page <= last + 1 else None, "volgende": page + 1 if page < last else None}
        links = {
            name: {"href": f"{self.base_url}{path}?{urlencode({**query, 'page': number, 'pageSize': size})}"}
            for name, number in pages.items()
            if number
        }
        shown = [self._shown(building) for building in buildings[(page - 1) * size : page * size]]
        return _json({"gebouwen": shown, "totaal": len(buildings), "_links": links})


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(data), status, headers, content_type="application/json")


def _empty(headers: dict[str, str] | None = None) -> Response:
    response = Response(status=204, headers=headers)
    del response.headers["Content-Type"]
    return response


def _allow(methods: Iterable[str]) -> dict[str, str]:
    """Return the headers that say what may be done with a resource, to anyone (RFC 9110) and to a browser (CORS)."""
    allowed = ", ".join(sorted({*methods, "OPTIONS"}))
    return {"Allow": allowed, "Access-Control-Allow-Methods": allowed, "Access-Control-Allow-Headers": "Content-Type"}


def _error(place: str, location: str, detail: str) -> dict[str, str]:
    """Return one entry of the list of errors in a 400 (/core/error-handling/all-errors)."""
    return {"in": place, "location": location, "detail": detail}


def _say(found: ValidationError) -> str:
    value = found.kind.value
    return f"Voldoet niet aan {found.kind.name}: {', '.join(value) if isinstance(value, list) else value}."


class Handler(WSGIRequestHandler):
    """The HTTP below the application, taught the same manners."""

    server_version = ""
    default_request_version = "HTTP/1.1"  # else http.server answers a bad request line without status line and headers

    def send_header(self, keyword: str, value: str) -> None:
        """Send a header, but not which software this is (/core/hide-implementation)."""
        if keyword.lower() != "server":
            super().send_header(keyword, value)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Tell in problem details what http.server itself refuses, such as a bad request line."""
        response = Problem(code).response()
        response.headers.extend(cast("Api", self.server.app).headers)
        self.close_connection = True
        self.send_response(code)
        for name, value in (*response.headers, ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.data)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the name is werkzeug's
        """Keep silent: the test's own report is what people read."""


def _stop_with_stdin(server: BaseWSGIServer) -> None:
    """Stop when whoever started this server is gone, however it ended."""
    sys.stdin.read()
    server.shutdown()


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="Een voorbeeld-API, alleen bereikbaar vanaf deze computer.")
    parser.add_argument("--port", type=int, default=0, help="0 kiest een vrije poort")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="een ander OpenAPI-document")
    parser.add_argument(
        "--fault", nargs="*", default=[], choices=[*FAULTS, *TLS_FAULTS], metavar="NAAM", help="gebreken uit faults.py"
    )
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop zodra de standaardinvoer sluit")
    options = parser.parse_args()
    api = Api(options.document, [FAULTS[name] for name in options.fault if name in FAULTS])
    tls = next((TLS_FAULTS[name]() for name in options.fault if name in TLS_FAULTS), None)
    server = make_server("127.0.0.1", options.port, api, threaded=True, request_handler=Handler, ssl_context=tls)
    api.origin = f"{'https' if tls else 'http'}://127.0.0.1:{server.port}"
    print(api.base_url, flush=True)  # noqa: T201  # how the caller learns the port
    if options.stop_with_stdin:
        threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
