"""Is a text or a number in the format that a JSON Schema names?

What is asked is what the validator behind Spectral asks, which is not always what the RFC says: a date-time may lack its zone.
Formats that are not listed are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from apicheck.rulesets.patterns import NoPattern, pattern

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(\.\d+)?(z|[+-]\d\d(?::?\d\d)?)?", re.ASCII | re.IGNORECASE)
_UNRESERVED = r"a-z0-9\-._~!$&'()*+,;="
_ESCAPED = "%[0-9a-f]{2}"
_LITERAL = rf"\[[0-9a-f:.]+\]|\[v[0-9a-f]+\.[{_UNRESERVED}:]+\]"
_AUTHORITY = rf"(?:(?:[{_UNRESERVED}:]|{_ESCAPED})*@)?(?:{_LITERAL}|(?:[{_UNRESERVED}QUOTE]|{_ESCAPED})*)(?::\d*)?"
_SEGMENT = rf"(?:[{_UNRESERVED}QUOTE:@]|{_ESCAPED})"
_PATH = rf"(?:/?/{_AUTHORITY}(?:/{_SEGMENT}*)*|/(?:{_SEGMENT}+(?:/{_SEGMENT}*)*)?|{_SEGMENT}+(?:/{_SEGMENT}*)*)"
_REST = rf"(?:\?(?:{_SEGMENT}|[/?])*)?(?:#(?:{_SEGMENT}|[/?])*)?"
_URI = f"[a-z][a-z0-9+\\-.]*:{_PATH}{_REST}".replace("QUOTE", "")
_URI_REFERENCE = f"(?:[a-z][a-z0-9+\\-.]*:)?{_PATH}?{_REST}".replace("QUOTE", '"')
_BYTE = re.compile(r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", re.MULTILINE)
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_BYTE_OF_IP = r"(?:25[0-5]|2[0-4]\d|[01]?\d\d?)"
_PUBLIC_IP = (
    r"(?!(?:10|127)(?:\.\d{1,3}){3})(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})"
    r"(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))"
)

Check = Callable[[Any], bool]


def _date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = map(int, found.groups())
    february = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 1 <= month <= 12 and 1 <= day <= (february if month == 2 else _DAYS[month - 1])


def _time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    return (hour <= 23 and minute <= 59 and second <= 59) or (hour, minute, second) == (23, 59, 60)


def _date_time(text: str) -> bool:
    parts = re.split(r"t|\s", text, flags=re.IGNORECASE)
    return len(parts) == 2 and _date(parts[0]) and _time(parts[1])


def _regex(text: str) -> bool:
    try:
        pattern(text)
    except NoPattern:
        return False
    return re.search(r"[^\\]\\Z", text) is None


def _ipv6(text: str) -> bool:
    import ipaddress  # noqa: PLC0415  # few schemas ask for it

    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def _matching(pattern: str, flags: re.RegexFlag = re.ASCII) -> Check:
    """A check by a regular expression, which is made ready when it is first asked for: some of these take long."""
    return lambda text: re.fullmatch(pattern, text, flags) is not None


_CASELESS = re.ASCII | re.IGNORECASE

OF_TEXT: dict[str, Check] = {
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "duration": _matching(r"P(?!$)((\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|(\d+W)?)"),
    "uri": _matching(_URI, _CASELESS),
    "uri-reference": _matching(_URI_REFERENCE, _CASELESS),
    "uri-template": _matching(
        rf"""(?:(?:[^\x00-\x20"'<>%\\^`{{|}}]|{_ESCAPED})|\{{[+#./;?&=,!@|]?(?:[a-z0-9_]|{_ESCAPED})+(?::[1-9][0-9]{{0,3}}|\*)?"""
        rf"""(?:,(?:[a-z0-9_]|{_ESCAPED})+(?::[1-9][0-9]{{0,3}}|\*)?)*\}})*""",
        re.IGNORECASE,
    ),
    "url": _matching(
        rf"(?:https?|ftp)://(?:\S+(?::\S*)?@)?(?:{_PUBLIC_IP}|(?:(?:[a-z0-9\u00a1-\uffff]+-)*[a-z0-9\u00a1-\uffff]+)"
        r"(?:\.(?:[a-z0-9\u00a1-\uffff]+-)*[a-z0-9\u00a1-\uffff]+)*(?:\.(?:[a-z\u00a1-\uffff]{2,})))(?::\d{2,5})?(?:/\S*)?",
        re.IGNORECASE,
    ),
    "email": _matching(rf"{_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+{_LABEL}", _CASELESS),
    "hostname": _matching(rf"(?=.{{1,253}}\.?$){_HOST_LABEL}(?:\.{_HOST_LABEL})*\.?", _CASELESS),
    "ipv4": _matching(rf"(?:{_BYTE_OF_IP}\.){{3}}{_BYTE_OF_IP}"),
    "ipv6": _ipv6,
    "regex": _regex,
    "uuid": _matching(r"(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", _CASELESS),
    "json-pointer": _matching(r"(?:/(?:[^~/]|~0|~1)*)*"),
    "json-pointer-uri-fragment": _matching(rf"#(?:/(?:[a-z0-9_\-.!$&'()*+,;:=@]|{_ESCAPED}|~0|~1)*)*", _CASELESS),
    "relative-json-pointer": _matching(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)"),
    "byte": lambda text: _BYTE.search(text) is not None,
}
"""The formats of texts."""

OF_NUMBER: dict[str, Check] = {
    "int32": lambda number: number == int(number) and -(2**31) <= number < 2**31,
    "int64": lambda number: number == int(number),
}
"""The formats of numbers."""
