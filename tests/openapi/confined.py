"""Read documents in a process of their own that may do little: ``python confined.py FILE...`` prints what happened, as JSON.

Each file is read in a fork, with two seconds of the processor, a gigabyte of addresses on top of what the libraries reserve,
and an audit hook that notes every file and every connection.
"""

import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from apicheck import openapi
from apicheck.errors import ApicheckError
from apicheck.openapi import View

MOST_SECONDS = 2
MORE_ADDRESSES = 2**30


def examine(file: str) -> dict[str, Any]:
    """Do everything that one can do with a document."""
    try:
        document = openapi.load(file)
    except ApicheckError as refusal:
        return {"sentence": refusal.explain().nl, "message": refusal.message}
    view = View(document)
    items = (view.servers, view.operations, view.parameters, view.request_bodies, view.responses, view.headers, view.media_types)
    for item in (*(item for kind in items for item in kind), *view.schemas):
        assert isinstance(item.used_by, tuple)
    for schema in view.schemas:
        assert isinstance(schema.direction, frozenset)
    for place in (*(schema.place for schema in view.schemas[:25]), *(broken.place for broken in document.broken[:25])):
        document.locate(place)
    return {"operations": len(view.operations), "broken": [broken.reason for broken in document.broken]}


def confined(file: str, write: int) -> None:
    """Examine a file, as a child that leaves with what it found."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most_addresses = pages * resource.getpagesize() + MORE_ADDRESSES
    resource.setrlimit(resource.RLIMIT_AS, (most_addresses, most_addresses))
    opened: list[str] = []
    sockets: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            opened.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else str(arguments[0]))
        elif event.startswith("socket."):
            sockets.append(event)

    sys.addaudithook(note)
    started = time.process_time()
    try:
        found = examine(file)
    except BaseException:  # noqa: BLE001  # whatever it is, the parent must hear of it
        found = {"traceback": traceback.format_exc()}
    found |= {
        "seconds": time.process_time() - started,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "opened": opened,
        "sockets": sockets,
    }
    os.write(write, json.dumps(found).encode())
    os._exit(0)


def main(files: list[str]) -> None:
    """Examine the files one by one."""
    results = {}
    for file in files:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            confined(file, write)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        results[file] = json.loads(said) if said else {"died": os.waitstatus_to_exitcode(status)}
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1:])
