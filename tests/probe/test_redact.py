"""Is nothing shown of an exchange that nobody else may see?"""

import shlex
import string
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apicheck.model import Exchange, Source
from apicheck.probe.redact import EXCERPT, redact, scrub

PLAIN = Exchange(
    id="x0001",
    sender=Source.PROBE,
    purpose="test",
    method="GET",
    url="https://api.example.nl/v1/gebouwen?pagina=2",
    request_headers=(("User-Agent", "apicheck/1"),),
    operation="GET /gebouwen",
    status=200,
    headers=(("Content-Type", "application/json"), ("API-Version", "1.0.0")),
    body=b'{"naam": "Stadhuis"}',
    started="2026-01-01T00:00:00.000+00:00",
    elapsed=0.1,
)

ALPHABET = string.ascii_letters + string.digits + "-_"
opaque = st.text(ALPHABET, min_size=8, max_size=80)
letters = st.text(string.ascii_lowercase, min_size=3, max_size=12)


def with_eleven_test(digits: str) -> str:
    """Return a number of nine digits that passes, made of the first seven."""
    for last in range(100):
        candidate = f"{digits}{last:02}"
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        if sum(weight * int(digit) for weight, digit in zip(weights, candidate, strict=True)) % 11 == 0:
            return candidate
    raise AssertionError("two free digits always suffice")


def with_check_digits(account: str) -> str:
    plain = "".join(str(int(character, 36)) for character in f"{account}NL00")
    return f"NL{98 - int(plain) % 97:02}{account}"


bsns = st.text(string.digits, min_size=7, max_size=7).map(with_eleven_test)
ibans = st.text(string.digits, min_size=10, max_size=10).map(lambda digits: with_check_digits(f"ABNA{digits}"))
emails = st.builds("{}.{}@{}.nl".format, letters, letters, letters)
tokens = st.builds("eyJ{}.eyJ{}.{}".format, opaque, opaque, opaque)
telling = st.one_of(bsns, ibans, emails, tokens)
"""Values that are told by their form, wherever they stand."""


@settings(deadline=None)
@given(telling, st.sampled_from(["{}", '{{"a": "{}"}}', "Fout bij {}.", "a={}&b=1", "<a>{}</a>", "[{}]", "naam\n{}\nx", "bsn:{}"]))
def test_what_is_told_by_its_form_is_masked_everywhere(secret: str, around: str) -> None:
    text = around.format(secret)
    exchange = replace(
        PLAIN,
        url=f"https://api.example.nl/v1/personen/{quote(secret)}?q={quote(secret)}",
        request_headers=(("Referer", text), ("Accept", text)),
        request_body=text.encode(),
        headers=(("Location", f"/v1/personen/{secret}"), ("Server", text), ("X-Own", secret)),
        body=text.encode(),
    )
    shown = redact(exchange).model_dump_json()
    assert secret not in shown
    assert quote(secret) not in shown


@settings(deadline=None)
@given(opaque, st.sampled_from(["Authorization", "X-Api-Key", "Cookie", "Whatever"]))
def test_a_credential_is_masked_with_every_echo_of_it(secret: str, name: str) -> None:
    value = f"Bearer {secret}" if name == "Authorization" else secret
    headers = (("Set-Cookie", f"sid={secret}; HttpOnly"), ("Location", f"/x?echo={secret}"))
    assume(secret not in redact(replace(PLAIN, headers=(("Set-Cookie", ""), ("Location", "")))).model_dump_json())
    body = f"not allowed: {secret}".encode()
    recorded = redact(replace(PLAIN, request_headers=((name, value),), headers=headers, body=body, status=403))
    assert secret not in recorded.model_dump_json()
    assert recorded.request.headers == ((name, f"[masked: {len(value)}]"),)


@settings(deadline=None)
@given(opaque, st.sampled_from(["token", "api_key", "apiKey", "access_token", "client-secret", "wachtwoord", "sig", "key", "bsn"]))
def test_a_value_with_the_name_of_a_secret_is_masked(secret: str, name: str) -> None:
    exchange = replace(
        PLAIN,
        url=f"https://api.example.nl/v1/x?{name}={secret}&pagina=2",
        request_body=f"{name}={secret}&naam=x".encode(),
        body=f'{{"naam": "x", "{name}": "{secret}", "lijst": [{{"{name}" : ["{secret}"]}}]}}'.encode(),
    )
    recorded = redact(exchange)
    assert secret not in recorded.model_dump_json()
    assert recorded.url.endswith("&pagina=2")


@settings(deadline=None)
@given(st.text(), st.binary(max_size=2000))
def test_nothing_shown_can_act_and_no_body_is_long(text: str, body: bytes) -> None:
    recorded = redact(replace(PLAIN, headers=(("Server", text), (text, "x")), body=body, request_body=body, method="GET"))
    for shown in (recorded.response.body, recorded.request.body, recorded.curl, *(value for _, value in recorded.response.headers)):
        assert not [character for character in shown if (ord(character) < 32 and character != "\n") or 127 <= ord(character) < 160]
    assert len(recorded.response.body.encode()) <= EXCERPT
    assert recorded.response.body_size == len(body)


@settings(deadline=None)
@given(st.text(), st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_the_curl_line_is_one_command_of_the_shell(header: str, path: str) -> None:
    recorded = redact(replace(PLAIN, url=f"https://h/{quote(path)}", request_headers=(("Accept", header), ("X-Key", "geheim-123"))))
    words = shlex.split(recorded.curl)
    assert words[:4] == ["curl", "-i", "-X", "GET"]
    assert words[4] == "-H"
    assert words[6:] == ["-H", "X-Key: $X_KEY", f"https://h/{quote(path)}"] or "masked" in recorded.url


def test_what_is_harmless_is_shown_as_it_is() -> None:
    recorded = redact(PLAIN)
    assert recorded.url == PLAIN.url
    assert recorded.response.headers == PLAIN.headers
    assert recorded.response.body == '{"naam": "Stadhuis"}'
    assert recorded.curl == "curl -i -X GET -H 'User-Agent: apicheck/1' 'https://api.example.nl/v1/gebouwen?pagina=2'"


def test_the_curl_line_leaves_room_for_what_was_masked() -> None:
    exchange = replace(
        PLAIN,
        method="POST",
        url="https://api.example.nl/v1/x?token=abcdef",
        request_headers=(("Host", "api.example.nl"), ("Authorization", "Bearer abcdefgh")),
        request_body=b'{"naam": "It\'s"}',
    )
    assert redact(exchange).curl == (
        'curl -i -X POST -H \'Authorization: \'"$AUTHORIZATION" --data-binary \'{"naam": "It\'"\'"\'s"}\''
        " 'https://api.example.nl/v1/x?token='\"$MASKED\""
    )


def test_a_body_too_long_to_show_is_a_variable_in_the_curl_line() -> None:
    assert '--data-binary "$BODY"' in redact(replace(PLAIN, request_body=b"x" * (EXCERPT + 1))).curl


@pytest.mark.parametrize(
    "text",
    [
        "GET /gebouwen/123456789",
        "2026-01-01T00:00:00Z",
        "0363100012000001",
        "zonder adres @ home",
        "versie 1.0.2",
        "NL00ABNA0123456789",
    ],
)
def test_what_only_looks_like_a_secret_is_shown(text: str) -> None:
    assert scrub(text) == text


def test_what_is_no_text_is_not_shown() -> None:
    assert redact(replace(PLAIN, body="111222333".encode("utf-16"))).response.body == "[masked: 20]"


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=50))
def test_the_same_exchange_gives_the_same_record(body: bytes, url: str) -> None:
    exchange = replace(PLAIN, body=body, url=f"https://h/{url}")
    assert redact(exchange) == redact(exchange)


def test_redaction_of_a_hostile_body_takes_no_time_to_speak_of() -> None:
    for body in (
        b"a" * 1_000_000,
        b'"' * 1_000_000,
        b'"a":"' * 200_000,
        b"eyJaaaaa" * 125_000,
        b"NL00" * 250_000,
        b"a=" * 500_000,
        b"a." * 500_000,
        b"%25" * 300_000,
        b'\\\\\\"' * 200_000,
        b'"\\"' * 300_000,
        b'"token":[' * 100_000,
        b"'token':{" * 100_000,
        b"<token>" * 140_000,
        b"token: " * 140_000,
        b"ey" * 500_000,
        b"eya.eya." * 120_000,
    ):
        redact(replace(PLAIN, body=body))
