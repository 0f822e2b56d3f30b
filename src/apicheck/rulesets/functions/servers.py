"""Are the variables in the URL of a server defined, and does every value of them make a URL?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Any
from urllib.parse import quote, unquote

from apicheck.rulesets.functions.registry import Context, Path, Result, function

_VARIABLE = re.compile(r"\{(.+?)\}")
_FIELDS = {"enum", "default", "description", "examples"}
_MOST_TOLD = 5


@function("serverVariables")
def server_variables(server: Any, _options: Mapping[str, Any], context: Context) -> Iterable[Result]:
    """Is every variable in the URL of a server defined, with a default, and does every value make a URL?"""
    if not _is_server(server):
        yield Result("Invalid Server Object")
        return
    url, variables, path = server["url"], server.get("variables", {}), context.path
    used = _VARIABLE.findall(url)
    for name in variables:
        if name not in used:
            yield Result(f'Server\'s "variables" object has unused defined "{name}" url variable.', [*path, "variables", name])
    missing = [name for name in used if name not in variables]
    if missing:
        message = f'Not all server\'s variables are described with "variables" object. Missed: {", ".join(missing)}.'
        yield Result(message, [*path, "variables"])
    for name, variable in variables.items():
        if name in used:
            yield from _defaults(name, variable, [*path, "variables", name])
    values = {name: variable.get("enum", _listed(variable)) for name, variable in variables.items() if name in used}
    wrong = list(islice((each for each in _filled(url, values) if not _is_url(each)), _MOST_TOLD)) if values else []
    if len(wrong) == _MOST_TOLD:
        message = f"At least {_MOST_TOLD} substitutions of server variables resulted in invalid URLs: {', '.join(wrong)} and more"
        yield Result(message, [*path, "variables"])
    elif wrong:
        yield Result(f"A few substitutions of server variables resulted in invalid URLs: {', '.join(wrong)}", [*path, "variables"])


def _defaults(name: str, variable: dict[str, Any], path: Path) -> Iterable[Result]:
    default = variable.get("default")
    if default is None:
        yield Result(f'Server Variable "{name}" has a missing default.', path)
    elif "enum" in variable and default not in variable["enum"]:
        yield Result(f'Server Variable "{name}" has a default not listed in the enum.', [*path, "default"])


def _listed(variable: dict[str, Any]) -> list[str]:
    return [variable["default"]] if "default" in variable else []


def _is_server(server: Any) -> bool:
    if not isinstance(server, dict) or not isinstance(server.get("url"), str):
        return False
    variables = server.get("variables", {})
    return isinstance(variables, dict) and all(map(_is_variable, variables.values()))


def _is_variable(variable: Any) -> bool:
    if not isinstance(variable, dict) or not all(key in _FIELDS or key.startswith("x-") for key in variable):
        return False
    enum = variable.get("enum", [])
    texts = [variable[key] for key in ("default", "description", "examples") if key in variable]
    return isinstance(enum, list) and all(isinstance(each, str) for each in (*enum, *texts))


def _filled(url: str, values: Mapping[str, list[str]]) -> Iterator[str]:
    """The URLs that the variables make, one after another."""
    for chosen in product(*values.values()):
        filled = url
        for name, value in zip(values, chosen, strict=True):
            filled = filled.replace(f"{{{name}}}", quote(value, safe=";,/?:@&=+$-_.!~*'()#"))
        yield filled


_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_AUTHORITY = re.compile(r"[/\\]*(?:[^/\\?#]*@)?(\[[0-9a-fA-F:.]+\]|[^/\\?#:]*)(?::(\d*))?(?=[/\\?#]|$)")
_FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20#/:<>?@\\^|%\x7f\[\]]")


def _is_url(text: str) -> bool:
    """Whether a text is an absolute URL by the URL Standard of the WHATWG, as far as servers of APIs are concerned."""
    scheme = _SCHEME.match(text.strip())
    if not scheme:
        return False
    if scheme[1].lower() not in {"http", "https", "ws", "wss", "ftp"}:
        return True
    authority = _AUTHORITY.match(text.strip(), scheme.end())
    if not authority or int(authority[2] or 0) > 65535:
        return False
    host = authority[1]
    return host.startswith("[") or (host != "" and not _FORBIDDEN_IN_HOST.search(unquote(host)))
