"""Which servers do the probes meet in these tests? Real ones, on the loopback address, that behave well or badly on purpose."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Handler = Callable[[socket.socket, bytes], None]
"""Is given the connection and the head of the request, and writes whatever it likes."""


def request_of(connection: socket.socket) -> bytes:
    """Read a request, its body too: who closes a connection with something unread in it resets it."""
    request = b""
    while not _is_whole(request):
        received = connection.recv(4096)
        if not received:
            break
        request += received
    return request


def _is_whole(request: bytes) -> bool:
    if request.startswith(b"\x16"):  # a TLS client waits for us to speak
        return True
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(end) and len(body) >= int(length[1] if length else 0)


@contextmanager
def raw_server(handle: Handler) -> Iterator[str]:
    """Run a server that speaks as the handler does, HTTP or not; yield its origin."""
    stopped = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def converse(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            head = request_of(connection)
            if head and not stopped.is_set():
                handle(connection, head)

    def serve() -> None:
        while not stopped.is_set():
            with suppress(TimeoutError, OSError):
                connection, _ = listener.accept()
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        listener.close()
        thread.join()


def saying(*pieces: bytes) -> Handler:
    """Return a handler that answers every request with these bytes."""

    def handle(connection: socket.socket, _head: bytes) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return handle
