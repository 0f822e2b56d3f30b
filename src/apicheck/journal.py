"""What was asked and found so far, when a run is ended by force?

A line of JSON for everything as it comes, so that a machine that stops leaves what was known by then: what was sent and answered,
without bodies; what was established; and above all what was made and is still there. Masked like a report.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from apicheck.errors import NotWritten
from apicheck.leave import Leave
from apicheck.model import Evidence, Exchange, Scope
from apicheck.probe.redact import scrub


class Journal:
    """Writes a file as a run goes on. A file of a run that never ended is kept beside it.

    Raises:
        NotWritten: the file cannot be written.
    """

    def __init__(self, file: Path, scope: Scope, leave: Leave) -> None:
        self._leave = leave
        self._made = 0
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists():
                file.replace(file.with_name(f"{file.stem}-{int(file.stat().st_mtime)}{file.suffix}"))
            self._stream = file.open("w", encoding="utf-8", buffering=1)  # line by line: what was written, survives us
        except OSError as error:
            raise NotWritten("not-written", file=file, error=error.strerror or error) from None
        self._write("scope", scope.model_dump(mode="json", by_alias=True))

    def see(self, exchange: Exchange) -> None:
        """Write down what was sent and answered, and what that made."""
        self._write(
            "exchange",
            {
                "id": exchange.id,
                "started": exchange.started,
                "purpose": exchange.purpose,
                "method": exchange.method,
                "url": scrub(exchange.url.partition("?")[0]),
                "status": exchange.status,
                "error": exchange.error,
            },
        )
        for url in self._leave.own[self._made :]:
            self._write("made", {"url": scrub(url)})
        self._made = len(self._leave.own)

    def establish(self, evidence: Evidence) -> None:
        """Write down what a check came to."""
        self._write("evidence", evidence.model_dump(mode="json", by_alias=True))

    def _write(self, kind: str, said: dict[str, Any]) -> None:
        self._stream.write(json.dumps({kind: said}) + "\n")
