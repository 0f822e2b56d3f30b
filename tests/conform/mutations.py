"""Which single changes of a document break a client, and which do not?

Each mutation is applied to one side of one operation: what it refers to is copied in first, so that the label follows from what the
mutation means and not from who else uses a component. Nothing is changed inside a choice (``oneOf``, ``anyOf``), where another
alternative could make up for it, and no property that several parts of an ``allOf`` describe.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")


class NoPlace(Exception):
    """The document has no place for this mutation."""


@dataclass(frozen=True)
class Mutation:
    """A change by name; ``breaks``: a client that was made for the document as it was."""

    name: str
    breaks: bool
    apply: Callable[[Site], None]


MUTATIONS: list[Mutation] = []


def mutation(*, breaks: bool) -> Callable[[Callable[[Site], None]], Callable[[Site], None]]:
    def register(apply: Callable[[Site], None]) -> Callable[[Site], None]:
        MUTATIONS.append(Mutation(apply.__name__, breaks, apply))
        return apply

    return register


class Site:
    """A copy of a document, to be changed in one place that chance chooses."""

    def __init__(self, root: Json, seed: object) -> None:
        self.root = copied(root)
        self.random = random.Random(str(seed))  # noqa: S311  # chance that can be repeated, no secret
        self.later = not str(root.get("openapi")).startswith("3.0")

    def pick(self, options: Any) -> Any:
        found = list(options)
        if not found:
            raise NoPlace
        return self.random.choice(found)

    def operations(self) -> Iterator[tuple[str, str, Json]]:
        paths = self.root.get("paths", {})
        for path in paths:
            item = self.own(paths, path) if isinstance(paths[path], dict) else None
            if item is not None:
                for method in METHODS:
                    if isinstance(item.get(method), dict):
                        yield path, method, item[method]

    def operation(self) -> tuple[str, str, Json]:
        found: tuple[str, str, Json] = self.pick(self.operations())
        return found

    def own(self, holder: Any, key: Any) -> Json:
        """Return what is meant at a place, copied in there when it is a reference."""
        for _ in range(20):
            value = holder[key]
            if not (isinstance(value, dict) and "$ref" in value):
                break
            if len(value) > 1 and self.later:
                raise NoPlace
            holder[key] = deepcopy(self.target(value["$ref"]))
        if not isinstance(holder[key], dict) or "$ref" in holder[key]:
            raise NoPlace
        found: Json = holder[key]
        return found

    def target(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            raise NoPlace
        value: Any = self.root
        for part in reference[2:].split("/"):
            token = unquote(part).replace("~1", "/").replace("~0", "~")
            value = value[int(token)] if isinstance(value, list) else value.get(token) if isinstance(value, dict) else None
        if value is None:
            raise NoPlace
        return value

    def parameters(self, where: str) -> tuple[list[Any], int, Json]:
        """Return a list of parameters of an operation, an index in it, and the parameter there."""
        _, _, operation = self.operation()
        listed = operation.get("parameters", [])
        for index in self.random.sample(range(len(listed)), len(listed)):
            parameter = self.own(listed, index)
            if parameter.get("in") == where and "content" not in parameter and isinstance(parameter.get("schema"), dict):
                return listed, index, parameter
        raise NoPlace

    def success(self) -> tuple[Json, str, Json]:
        """Return the responses of an operation, a 2xx status and the response to it."""
        _, _, operation = self.operation()
        responses = operation.get("responses", {})
        if "default" in responses or "2XX" in responses:
            raise NoPlace
        status = self.pick(status for status in responses if str(status).startswith("2"))
        return responses, status, self.own(responses, status)

    def body(self, side: str) -> tuple[Json, str]:
        """Return the media type object of a body and the key of its schema."""
        if side == "request":
            _, _, operation = self.operation()
            if "requestBody" not in operation:
                raise NoPlace
            holder: Any = self.own(operation, "requestBody")
        else:
            holder = self.success()[2]
        content = holder.get("content", {})
        media_type = self.own(content, self.pick(name for name in content if "json" in name))
        if "schema" not in media_type:
            raise NoPlace
        return media_type, "schema"

    def an_object(self, side: str) -> Json:
        """Return an object schema somewhere in a body, which can be changed by itself."""
        holder: Any
        key: Any
        holder, key = self.body(side)
        for _ in range(8):
            schema = self.own(holder, key)
            if set(schema) & {"oneOf", "anyOf", "not", "if", "discriminator", "enum", "const"}:
                raise NoPlace
            if len(schema.get("allOf", ())) == 1 and "properties" not in schema:
                holder, key = schema["allOf"], 0
            elif schema.get("allOf"):
                raise NoPlace
            elif isinstance(schema.get("items"), dict):
                holder, key = schema, "items"
            elif schema.get("type") == "object" and isinstance(schema.get("properties"), dict) and schema["properties"]:
                deeper = [name for name in self.names(schema, side) if self.goes_on(schema["properties"][name])]
                if not deeper or self.random.random() < 0.5:
                    return schema
                holder, key = schema["properties"], self.pick(deeper)
            else:
                raise NoPlace
        raise NoPlace

    def goes_on(self, schema: Any) -> bool:
        return isinstance(schema, dict) and ("$ref" in schema or schema.get("type") == "object" or "items" in schema)

    def names(self, schema: Json, side: str) -> list[str]:
        """Return the properties that go this way."""
        mark = "readOnly" if side == "request" else "writeOnly"
        return [name for name, child in schema["properties"].items() if not self.marked(child, mark)]

    def marked(self, schema: Any, mark: str) -> bool:
        for _ in range(10):
            if not isinstance(schema, dict) or schema.get(mark):
                return isinstance(schema, dict)
            if any(self.marked(part, mark) for part in schema.get("allOf", ())):
                return True
            if "$ref" not in schema:
                return False
            schema = self.target(schema["$ref"])
        return False

    def property(self, side: str, fits: Callable[[Json], bool] = lambda schema: True) -> tuple[Json, str, Json]:
        """Return an object schema, the name of one of its properties, and that property, plain and fit."""
        schema = self.an_object(side)
        names = self.names(schema, side)
        for name in self.random.sample(names, len(names)):
            try:
                child = self.own(schema["properties"], name)
            except NoPlace:
                continue
            if not set(child) & {"oneOf", "anyOf", "allOf", "not", "if"} and "type" in child and fits(child):
                return schema, name, child
        raise NoPlace

    def nullable(self, schema: Json) -> bool:
        kinds = schema.get("type")
        return schema.get("nullable") is True or (isinstance(kinds, list) and "null" in kinds)

    def set_nullable(self, schema: Json, *, on: bool) -> None:
        if self.later:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            kinds = [kind for kind in kinds if kind != "null"]
            schema["type"] = [*kinds, "null"] if on else kinds[0] if len(kinds) == 1 else kinds
        elif on:
            schema["nullable"] = True
        else:
            schema.pop("nullable")


def is_plain_text(schema: Json) -> bool:
    return schema["type"] == "string" and not set(schema) & {"enum", "pattern", "format", "const", "maxLength", "minLength"}


def of_type(*types: str) -> Callable[[Json], bool]:
    return lambda schema: schema["type"] in types and not set(schema) & {"enum", "const"}


def mutate(root: Json, chosen: Mutation, seed: int, tries: int = 25) -> Json:
    """Return a changed copy of a document.

    Raises:
        NoPlace: chance found no place for it.
    """
    site = Site(root, f"{chosen.name} {seed}")
    for _ in range(tries):
        try:
            chosen.apply(site)
        except NoPlace:  # what was copied in on the way means the same
            continue
        except (KeyError, TypeError, AttributeError, RecursionError):  # the document is not what it should be there
            site.root = copied(root)
            continue
        return site.root
    raise NoPlace


def copied(root: Json) -> Json:
    copy: Json = orjson.loads(orjson.dumps(root))
    return copy


# What breaks a client: the operation


@mutation(breaks=True)
def operation_removed(site: Site) -> None:
    path, method, _ = site.operation()
    del site.root["paths"][path][method]


@mutation(breaks=True)
def path_renamed(site: Site) -> None:
    path, _, _ = site.operation()
    if len(site.root["paths"]) < 3:
        raise NoPlace  # the only path under another name may be taken for one with another start
    site.root["paths"][f"{path}-anders"] = site.root["paths"].pop(path)


@mutation(breaks=True)
def required_parameter_added(site: Site) -> None:
    _, _, operation = site.operation()
    new = {"name": "nieuweParameter", "in": "query", "required": True, "schema": {"type": "string"}}
    operation["parameters"] = [*operation.get("parameters", []), new]


@mutation(breaks=True)
def parameter_removed(site: Site) -> None:
    listed, index, _ = site.parameters("query")
    del listed[index]


@mutation(breaks=True)
def parameter_made_required(site: Site) -> None:
    _, _, parameter = site.parameters("query")
    if parameter.get("required"):
        raise NoPlace
    parameter["required"] = True


@mutation(breaks=True)
def parameter_narrowed(site: Site) -> None:
    _, _, parameter = site.parameters("query")
    if parameter["schema"].get("type") != "string" or not is_plain_text(parameter["schema"]):
        raise NoPlace
    parameter["schema"]["enum"] = ["alleen", "deze"]


@mutation(breaks=True)
def success_status_changed(site: Site) -> None:
    responses, status, _ = site.success()
    if "203" in responses:
        raise NoPlace
    responses["203"] = responses.pop(status)


@mutation(breaks=True)
def response_media_type_changed(site: Site) -> None:
    content = site.success()[2].get("content", {})
    content["application/x-anders"] = content.pop(site.pick(name for name in content if "*" not in name))


@mutation(breaks=True)
def response_header_removed(site: Site) -> None:
    headers = site.success()[2].get("headers", {})
    del headers[site.pick(name for name in headers if name.lower() != "content-type")]


@mutation(breaks=True)
def access_asked(site: Site) -> None:
    _, _, operation = site.operation()
    schemes = site.root.setdefault("components", {}).setdefault("securitySchemes", {})
    if not schemes:
        raise NoPlace  # a reference that says nothing of access leaves it to the implementer
    schemes["nieuweSleutel"] = {"type": "apiKey", "in": "header", "name": "X-Nieuwe-Sleutel"}
    operation["security"] = [{"nieuweSleutel": []}]


# What breaks a client: the request


@mutation(breaks=True)
def request_required_property_added(site: Site) -> None:
    schema = site.an_object("request")
    schema["properties"]["nieuweEigenschap"] = {"type": "string"}
    schema["required"] = [*schema.get("required", []), "nieuweEigenschap"]


@mutation(breaks=True)
def request_property_made_required(site: Site) -> None:
    schema, name, _ = site.property("request")
    if name in schema.get("required", ()):
        raise NoPlace
    schema["required"] = [*schema.get("required", []), name]


@mutation(breaks=True)
def request_property_removed(site: Site) -> None:
    schema, name, _ = site.property("request")
    if len(schema["properties"]) < 2 or schema.get("additionalProperties"):
        raise NoPlace
    del schema["properties"][name]
    if name in schema.get("required", ()):
        schema["required"].remove(name)


@mutation(breaks=True)
def request_type_changed(site: Site) -> None:
    _, _, child = site.property("request", of_type("string", "integer", "boolean", "number"))
    kept = {key: child[key] for key in ("nullable", "description") if key in child}
    other = {"type": "boolean" if child["type"] != "boolean" else "integer"}
    child.clear()
    child.update(other | kept)


@mutation(breaks=True)
def request_value_removed(site: Site) -> None:
    _, _, child = site.property("request", lambda schema: len([one for one in schema.get("enum", ()) if one is not None]) > 1)
    child["enum"].remove(site.pick(one for one in child["enum"] if one is not None))


@mutation(breaks=True)
def request_length_limited(site: Site) -> None:
    _, _, child = site.property("request", is_plain_text)
    child["maxLength"] = 7


@mutation(breaks=True)
def request_length_tightened(site: Site) -> None:
    def fits(schema: Json) -> bool:
        return (
            schema["type"] == "string"
            and not set(schema) & {"enum", "pattern", "format"}
            and schema.get("maxLength", 0) > schema.get("minLength", 0) + 1
        )

    _, _, child = site.property("request", fits)
    child["maxLength"] -= 1


@mutation(breaks=True)
def request_pattern_added(site: Site) -> None:
    _, _, child = site.property("request", is_plain_text)
    child["pattern"] = "^[0-9]{9}$"


@mutation(breaks=True)
def request_format_added(site: Site) -> None:
    _, _, child = site.property("request", is_plain_text)
    child["format"] = "uuid"


@mutation(breaks=True)
def request_null_refused(site: Site) -> None:
    _, _, child = site.property("request", lambda schema: site.nullable(schema) and None not in schema.get("enum", ()))
    site.set_nullable(child, on=False)


@mutation(breaks=True)
def request_object_closed(site: Site) -> None:
    schema = site.an_object("request")
    if "additionalProperties" in schema:
        raise NoPlace
    schema["additionalProperties"] = False


# What breaks a client: the response


@mutation(breaks=True)
def response_required_property_removed(site: Site) -> None:
    schema, name, _ = site.property("response")
    if name not in schema.get("required", ()):
        raise NoPlace
    schema["required"].remove(name)
    del schema["properties"][name]


@mutation(breaks=True)
def response_property_made_optional(site: Site) -> None:
    schema, name, _ = site.property("response")
    if name not in schema.get("required", ()):
        raise NoPlace
    schema["required"].remove(name)


@mutation(breaks=True)
def response_type_changed(site: Site) -> None:
    _, _, child = site.property("response", of_type("string", "integer", "boolean", "number"))
    other = {"type": "boolean" if child["type"] != "boolean" else "integer"}
    child.clear()
    child.update(other)


@mutation(breaks=True)
def response_value_added(site: Site) -> None:
    _, _, child = site.property("response", lambda schema: schema["type"] == "string" and bool(schema.get("enum")))
    child["enum"].append("een nieuwe waarde")


@mutation(breaks=True)
def response_values_freed(site: Site) -> None:
    _, _, child = site.property("response", lambda schema: schema["type"] == "string" and bool(schema.get("enum")))
    del child["enum"]


@mutation(breaks=True)
def response_null_added(site: Site) -> None:
    _, _, child = site.property("response", lambda schema: not site.nullable(schema) and not schema.get("enum"))
    site.set_nullable(child, on=True)


@mutation(breaks=True)
def response_length_freed(site: Site) -> None:
    def fits(schema: Json) -> bool:
        return schema["type"] == "string" and "maxLength" in schema and not set(schema) & {"enum", "pattern", "format"}

    _, _, child = site.property("response", fits)
    del child["maxLength"]


@mutation(breaks=True)
def response_format_removed(site: Site) -> None:
    def fits(schema: Json) -> bool:
        return schema.get("format") in {"date", "date-time", "uuid", "uri", "email"} and "pattern" not in schema

    _, _, child = site.property("response", fits)
    del child["format"]


@mutation(breaks=True)
def response_became_list(site: Site) -> None:
    holder, key = site.body("response")
    schema = site.own(holder, key)
    if schema.get("type") not in {"object", "array"}:
        raise NoPlace
    holder[key] = {"type": "array", "items": schema} if schema["type"] == "object" else {"type": "object", "properties": {}}


# What does not break a client


@mutation(breaks=False)
def path_added(site: Site) -> None:
    site.root["paths"]["/iets-nieuws"] = {"get": {"responses": {"200": {"description": "nieuw"}}}}


@mutation(breaks=False)
def operation_added(site: Site) -> None:
    path, _, _ = site.operation()
    method = site.pick(name for name in METHODS if name not in site.root["paths"][path])
    site.root["paths"][path][method] = {"responses": {"204": {"description": "nieuw"}}}


@mutation(breaks=False)
def optional_parameter_added(site: Site) -> None:
    _, _, operation = site.operation()
    new = {"name": "nieuweParameter", "in": "query", "schema": {"type": "string"}}
    operation["parameters"] = [*operation.get("parameters", []), new]


@mutation(breaks=False)
def parameters_in_another_order(site: Site) -> None:
    _, _, operation = site.operation()
    if len(operation.get("parameters", ())) < 2:
        raise NoPlace
    operation["parameters"].reverse()


@mutation(breaks=False)
def path_parameter_renamed(site: Site) -> None:
    path, method, operation = site.operation()
    item = site.root["paths"][path]
    listed = operation.get("parameters", [])
    if item.get("parameters") or [name for name in METHODS if name in item] != [method]:
        raise NoPlace
    found = [site.own(listed, index) for index in range(len(listed))]
    parameter = site.pick(one for one in found if one.get("in") == "path" and f"{{{one['name']}}}" in path)
    renamed = path.replace(f"{{{parameter['name']}}}", "{hernoemd}")
    parameter["name"] = "hernoemd"
    site.root["paths"][renamed] = site.root["paths"].pop(path)


@mutation(breaks=False)
def paths_in_another_order(site: Site) -> None:
    if len(site.root["paths"]) < 2:
        raise NoPlace
    before = list(site.root["paths"].items())
    site.root["paths"] = dict(reversed(before))
    site.root["info"]["description"] = "in een andere volgorde"


@mutation(breaks=False)
def response_header_added(site: Site) -> None:
    site.success()[2].setdefault("headers", {})["X-Nieuw"] = {"schema": {"type": "string"}}


@mutation(breaks=False)
def error_added(site: Site) -> None:
    _, _, operation = site.operation()
    if {"418", "4XX", "default"} & operation["responses"].keys():
        raise NoPlace
    operation["responses"]["418"] = {"description": "nieuw"}


@mutation(breaks=False)
def response_media_type_added(site: Site) -> None:
    site.success()[2]["content"]["application/x-nieuw"] = {}


@mutation(breaks=False)
def request_media_type_added(site: Site) -> None:
    _, _, operation = site.operation()
    site.own(operation, "requestBody")["content"]["application/x-nieuw"] = {}


@mutation(breaks=False)
def access_widened(site: Site) -> None:
    _, _, operation = site.operation()
    schemes = site.root.setdefault("components", {}).setdefault("securitySchemes", {})
    stated = operation.get("security", site.root.get("security"))
    if not stated:
        raise NoPlace
    schemes["nieuweSleutel"] = {"type": "apiKey", "in": "header", "name": "X-Nieuwe-Sleutel"}
    operation["security"] = [{"nieuweSleutel": []}, *stated]


@mutation(breaks=False)
def texts_changed(site: Site) -> None:
    _, _, operation = site.operation()
    operation["summary"] = operation["description"] = "Andere woorden."
    operation["operationId"] = "andereNaam"
    operation["tags"] = ["anders"]
    site.root["servers"] = [{"url": "https://elders.example.org/api"}]


@mutation(breaks=False)
def component_renamed(site: Site) -> None:
    schemas = site.root["components"]["schemas"]
    name = site.pick(schemas)
    if "discriminator" in repr(site.root):
        raise NoPlace  # there a name may be a value
    old, new = f"#/components/schemas/{name}", f"#/components/schemas/{name}Anders"
    site.root["components"]["schemas"] = {f"{key}Anders" if key == name else key: value for key, value in schemas.items()}
    waiting: list[Any] = [site.root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("$ref") == old:
                value["$ref"] = new
            elif isinstance(value.get("$ref"), str) and value["$ref"].startswith(f"{old}/"):
                value["$ref"] = new + value["$ref"].removeprefix(old)
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []


@mutation(breaks=False)
def reference_wrapped(site: Site) -> None:
    schema = site.an_object(site.pick(("request", "response")))
    name = site.pick(name for name, child in schema["properties"].items() if isinstance(child, dict) and set(child) == {"$ref"})
    schema["properties"][name] = {"allOf": [schema["properties"][name]]}


@mutation(breaks=False)
def object_split(site: Site) -> None:
    holder, key = site.body(site.pick(("request", "response")))
    schema = site.own(holder, key)
    if set(schema) - {"type", "properties", "required", "description", "title", "example"} or len(schema["properties"]) < 2:
        raise NoPlace
    name = site.pick(schema["properties"])
    rest = {**schema, "properties": {other: child for other, child in schema["properties"].items() if other != name}}
    holder[key] = {"allOf": [rest, {"type": "object", "properties": {name: schema["properties"][name]}}]}


@mutation(breaks=False)
def choice_of_one(site: Site) -> None:
    holder, key = site.body(site.pick(("request", "response")))
    holder[key] = {"anyOf": [holder[key]]}


@mutation(breaks=False)
def default_changed(site: Site) -> None:
    _, _, child = site.property(site.pick(("request", "response")))
    child["default"] = child["example"] = "iets anders"
    child["deprecated"] = True


@mutation(breaks=False)
def request_optional_property_added(site: Site) -> None:
    site.an_object("request")["properties"]["nieuweEigenschap"] = {"type": "string"}


@mutation(breaks=False)
def request_property_made_optional(site: Site) -> None:
    schema, name, _ = site.property("request")
    schema["required"].remove(site.pick(one for one in schema.get("required", ()) if one == name))


@mutation(breaks=False)
def request_value_added(site: Site) -> None:
    _, _, child = site.property("request", lambda schema: schema["type"] == "string" and bool(schema.get("enum")))
    child["enum"].append("een nieuwe waarde")


@mutation(breaks=False)
def request_length_freed(site: Site) -> None:
    _, _, child = site.property("request", lambda schema: "maxLength" in schema)
    del child["maxLength"]


@mutation(breaks=False)
def request_null_allowed(site: Site) -> None:
    _, _, child = site.property("request", lambda schema: not site.nullable(schema))
    site.set_nullable(child, on=True)


@mutation(breaks=False)
def response_optional_property_added(site: Site) -> None:
    schema = site.an_object("response")
    if "additionalProperties" in schema:
        raise NoPlace
    schema["properties"]["nieuweEigenschap"] = {"type": "string"}


@mutation(breaks=False)
def response_property_made_required(site: Site) -> None:
    schema, name, _ = site.property("response")
    if name in schema.get("required", ()):
        raise NoPlace
    schema["required"] = [*schema.get("required", []), name]


@mutation(breaks=False)
def response_value_removed(site: Site) -> None:
    _, _, child = site.property("response", lambda schema: len([one for one in schema.get("enum", ()) if one is not None]) > 1)
    child["enum"].remove(site.pick(one for one in child["enum"] if one is not None))


@mutation(breaks=False)
def response_null_excluded(site: Site) -> None:
    _, _, child = site.property("response", lambda schema: site.nullable(schema) and None not in schema.get("enum", ()))
    site.set_nullable(child, on=False)


@mutation(breaks=False)
def response_length_limited(site: Site) -> None:
    _, _, child = site.property("response", is_plain_text)
    child["maxLength"] = 7
