"""Is what is secret masked as well when it is written in another way, or stands in something that stands in something?"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, quote_plus

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from apicheck.model import Evidence, Finding, Outcome, Source, Text
from apicheck.probe.redact import conceal, redact, scrub
from tests.probe.test_redact import PLAIN, bsns, emails, ibans, opaque, tokens

Write = Callable[[str], str]
WAYS: dict[str, Write] = {
    "plain": lambda text: text,
    "in JSON": lambda text: json.dumps({"melding": text}),
    "in JSON in JSON": lambda text: json.dumps({"fout": json.dumps({"melding": text})}),
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded JSON": lambda text: quote(json.dumps({"q": [text]}), safe=""),
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "as a form": lambda text: f"naam=x&waarde={quote_plus(text)}",
    "in HTML": lambda text: f"<p>{html.escape(text)}</p>",
    "in HTML attributes": lambda text: f'<a href="/x?q={html.escape(quote(text))}">',
    "in a list of Python": lambda text: repr([{"a": text}]),
    "after a space": lambda text: f"%20{text}%20",
}
personal = st.one_of(bsns, ibans, emails, tokens)


def everywhere(text: str) -> str:
    """Return all that is shown of an exchange in which a text stands in every place that a server or a request has."""
    exchange = replace(
        PLAIN,
        url=f"https://api.example.nl/v1/x/{quote(text, safe='%')}?q={quote(text, safe='%')}",
        request_headers=(("Accept", text),),
        request_body=text.encode(),
        headers=(("Location", f"/v1/y?terug={text}"), ("Server", text), ("Link", f"<{text}>; rel=next")),
        body=text.encode(),
    )
    finding = Finding(id="x", message=Text(nl=f"gaf {text}", en=f"gave {text}"))
    evidence = Evidence(check="x", source=Source.PROBE, outcome=Outcome.VIOLATED, findings=(finding,))
    recorded = redact(exchange)
    shown = [
        recorded.url,
        recorded.curl,
        recorded.request.body,
        recorded.response.body,
        *(value for _, value in recorded.response.headers),
    ]
    return "\n".join([*shown, *(value for _, value in recorded.request.headers), str(conceal(evidence, ())), scrub(text)])


def traces(secret: str) -> set[str]:
    """Return how a secret looks when it can be read back: in any of the ways, without what stands around it."""
    once = quote(secret, safe="")
    return {
        secret,
        once,
        quote(once, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        html.escape(secret),
        quote(html.escape(secret)),
    }


@settings(deadline=None)
@given(personal, st.sampled_from(sorted(WAYS)), st.sampled_from(sorted(WAYS)))
def test_what_is_told_by_its_form_is_masked_in_whatever_it_stands(secret: str, inner: str, outer: str) -> None:
    shown = everywhere(WAYS[outer](WAYS[inner](secret)))
    assert not [trace for trace in traces(secret) if trace in shown]


NAMES = ("wachtwoord", "password", "client_secret", "apiKey", "access_token", "X-Api-Key")
HELD: dict[str, Callable[[str, str], str]] = {
    "member": lambda name, value: json.dumps({name: value}),
    "member of a member": lambda name, value: json.dumps({name: {"waarde": value}}),
    "list": lambda name, value: json.dumps({name: [value, value]}),
    "list of members": lambda name, value: json.dumps({name: [{"waarde": value}]}),
    "member of what a list holds": lambda name, value: json.dumps(
        {"lijst": [{"naam": "x", name: value}, {"naam": "y", name: value}]}
    ),
    "list in a list": lambda name, value: json.dumps({name: [["a"], [value]]}),
    "JSON in JSON": lambda name, value: json.dumps({"fout": json.dumps({name: value})}),
    "JSON in JSON in JSON": lambda name, value: json.dumps({"a": json.dumps({"fout": json.dumps({name: value})})}),
    "dictionary of Python": lambda name, value: str({"naam": "x", name: value}),
    "query": lambda name, value: f"/pad?{name}={value}&pagina=1",
    "percent-encoded query": lambda name, value: quote(f"/pad?{name}={value}&pagina=1", safe=""),
    "header": lambda name, value: f"{name}: {value}",
    "YAML": lambda name, value: f"naam: x\n{name}: {value}\n",
    "XML": lambda name, value: f"<{name}>{value}</{name}>",
}


@settings(deadline=None)
@given(opaque, st.sampled_from(NAMES), st.sampled_from(sorted(HELD)))
def test_what_is_named_as_a_secret_is_masked_in_whatever_it_stands(secret: str, name: str, held: str) -> None:
    assume(not secret.startswith("-"))
    text = HELD[held](name, secret)
    assert secret not in scrub(text)
    assert secret not in redact(replace(PLAIN, body=text.encode(), request_body=text.encode())).model_dump_json()


ECHOES: dict[str, Write] = {
    "as it is": lambda text: text,
    "percent-encoded": lambda text: quote(text, safe=""),
    "as a form": quote_plus,
    "JSON-escaped": lambda text: json.dumps(text)[1:-1],
    "HTML-escaped": html.escape,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of a URL": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode(),
}
awkward = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@settings(deadline=None)
@given(awkward, st.sampled_from(sorted(ECHOES)))
@example('pa"ss\\wo&rd', "JSON-escaped")
def test_a_credential_is_masked_in_whatever_way_it_comes_back(secret: str, way: str) -> None:
    echo = ECHOES[way](secret)
    around = f"gaf ({echo})"
    evidence = Evidence(check="x", source=Source.PROBE, outcome=Outcome.MET, reason=Text(nl=around, en=around))
    assert echo not in conceal(evidence, [secret]).reason.en  # type: ignore[union-attr]  # it was given one
    recorded = redact(replace(PLAIN, body=around.encode(), headers=(("Location", f"/x?e={echo}"),)), [secret])
    assert echo not in recorded.response.body
    assert echo not in recorded.response.headers[0][1]


@settings(deadline=None)
@given(st.text("abcdefghijklmnop", min_size=6, max_size=12), opaque)
def test_the_pair_of_a_basic_login_is_masked_in_one_piece_and_in_two(user: str, password: str) -> None:
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    exchange = replace(
        PLAIN, request_headers=(("Authorization", f"Basic {pair}"),), body=f"wie is {user} met {password}? {pair}".encode()
    )
    shown = redact(exchange).model_dump_json()
    assert not [secret for secret in (pair, user, password) if secret in shown]
