"""How does a person see whether a finding is still there?"""

from __future__ import annotations

from typing import Annotated

import typer

from apicheck import openapi
from apicheck.cli.options import Config, ConsentFile, Header, Lang, Url, say_help, secrets
from apicheck.cli.output import command_line
from apicheck.cli.report import ReportFile
from apicheck.courtesy import introduction
from apicheck.errors import TargetRefused
from apicheck.leave import HARMLESS
from apicheck.model import Mode, Source
from apicheck.plan import Plan
from apicheck.report.json_ import read
from apicheck.settings import read as read_settings
from apicheck.settings import where
from apicheck.words import say

FindingId = Annotated[str, typer.Argument(metavar="FINDING", help=say_help("argument-finding"))]
SpecToo = Annotated[str | None, typer.Option("--spec", metavar="SPEC", help=say_help("option-replay-spec"))]

_EXIT = {"gone": 0, "same": 1, "different": 3, "unknown": 4}


def add_to(app: typer.Typer) -> None:
    """Add ``replay`` to the command line."""
    app.command("replay", help=say_help("replay"))(replay)


def replay(
    file: ReportFile,
    finding: FindingId,
    url: Url,
    spec: SpecToo = None,
    header: Header = None,
    config: Config = None,
    consent: ConsentFile = None,
    lang: Lang = "nl",
) -> None:
    """Send the exchange of a finding again. Exit code 0 when it is gone, 1 when it is the same, 3 when it is different, else 4."""
    from apicheck import probe  # noqa: PLC0415  # only this needs the network
    from apicheck import replay as again  # noqa: PLC0415
    from apicheck.scope import agree  # noqa: PLC0415

    told, settings = read(file), read_settings(config)
    _, _, then = again.exchange_of(told, finding)
    plan = Plan(
        spec=spec or "",
        base_url=url,
        sources=(Source.PROBE,),
        auth=settings.auth,
        ca=settings.ca,
        headers=secrets("header", header),
        mode=Mode.READ_ONLY if then.method in HARMLESS else Mode.FULL,
        consent=consent or (where(config) if settings.consent else None),
        command=command_line(),
    )
    document = openapi.load(spec) if spec else openapi.parse(b'{"openapi": "3.0.3", "paths": {}}', "")
    agreed = agree(plan, openapi.View(document))
    if agreed is None:
        raise TargetRefused("base-url-unusable", url=url)

    def client() -> probe.Client:
        sender = probe.Client(url, headers=plan.headers, keyring=agreed.keyring, leave=agreed.leave)
        sender.user_agent = introduction(settings.contact)
        return sender

    done = again.replay(told, finding, client, keyring=agreed.keyring, headers=plan.headers, document=document if spec else None)
    request = f"{then.method} {then.url}"
    said = [
        say("replay.then", when=then.started, request=request, status=then.status or then.error),
        say("replay.now", request=request, status=done.now.status or done.now.error),
        say(f"replay.{done.comparison}", error=done.now.error or ""),
    ]
    for text in said:
        typer.echo(text.in_(lang))
    raise typer.Exit(_EXIT[done.comparison])
