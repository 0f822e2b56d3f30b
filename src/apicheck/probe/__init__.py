"""What does a running API itself say about the rules?

``reach`` finds out what answers, ``ask_questions`` asks on purpose, and a ``Watcher`` looks at every response, also of the fuzzer.
"""

from apicheck.probe.client import Client, secrets
from apicheck.probe.live import LiveApi, Reached, json_body
from apicheck.probe.paper import on_paper
from apicheck.probe.preflight import reach
from apicheck.probe.questions import BEYOND, ask_questions, question
from apicheck.probe.questions.publication import drift
from apicheck.probe.questions.tls import AT_ANY_RATE
from apicheck.probe.redact import conceal, redact, scrub
from apicheck.probe.responses import Watcher, response_check
from apicheck.probe.responses.secrets import shown_secret
from apicheck.probe.tls import TlsServer
from apicheck.probe.values import documented

__all__ = [
    "AT_ANY_RATE",
    "BEYOND",
    "Client",
    "LiveApi",
    "Reached",
    "TlsServer",
    "Watcher",
    "ask_questions",
    "conceal",
    "documented",
    "drift",
    "json_body",
    "on_paper",
    "question",
    "reach",
    "redact",
    "response_check",
    "scrub",
    "secrets",
    "shown_secret",
]
