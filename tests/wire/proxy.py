"""What stands between client and API in these tests? A proxy that passes answers on, and does to some of them what networks do."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

MEGABYTE = 1_000_000


class Line:
    """The connection to the client, with what the API answered: a fault does with it what it likes."""

    def __init__(self, writer: asyncio.StreamWriter, target: bytes, answer: bytes) -> None:
        self._writer = writer
        self.target = target
        self.head, _, self.body = answer.partition(b"\r\n\r\n")

    async def say(self, *pieces: bytes) -> None:
        """Send bytes as they are."""
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()

    def hang_up(self) -> None:
        """End the connection below TLS, which itself says no goodbye (RFC 8446 §6.1)."""
        self._writer.transport.abort()

    async def answer(self, *headers: bytes, body: bytes, without: bytes = b"content-length") -> None:
        """Send the answer of the API with other headers and another body."""
        kept = [line for line in self.head.split(b"\r\n") if line.partition(b":")[0].lower() != without]
        await self.say(b"\r\n".join([*kept, *headers, b"", b""]), body)

    def cut(self) -> None:
        """Break the connection in the rudest way: RST, not FIN."""
        connection: socket.socket = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Fault = Callable[[Line], Awaitable[None]]


async def none(line: Line) -> None:
    await line.say(line.head, b"\r\n\r\n", line.body)


async def reset(line: Line) -> None:
    line.cut()


async def half_a_body(line: Line) -> None:
    await line.answer(b"Content-Length: %d" % (len(line.body) + 2), body=line.body[: len(line.body) // 2])


async def content_length_too_large(line: Line) -> None:
    await line.answer(b"Content-Length: %d" % (len(line.body) + 100), body=line.body)


async def content_length_too_small(line: Line) -> None:
    await line.answer(b"Content-Length: %d" % max(len(line.body) - 3, 0), body=line.body)


async def content_length_absurd(line: Line) -> None:
    await line.answer(b"Content-Length: -12", body=line.body)


async def chunked_garbage(line: Line) -> None:
    await line.answer(b"Transfer-Encoding: chunked", body=b"zz\r\n" + line.body + b"\r\n\x00\xff\r\n")


async def gzip_bomb(line: Line) -> None:
    await line.answer(b"Content-Encoding: gzip", body=b"")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(10 * MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    await line.say(gzip.compress(b"")[:10], *[block] * 1000)  # ten gigabytes, in ten megabytes


async def endless_body(line: Line) -> None:
    await line.answer(body=b"")
    while True:
        await line.say(b" " * 65536)


async def dripping_body(line: Line) -> None:
    await line.answer(b"Content-Length: 1000", body=b"")
    while True:
        await line.say(b" ")
        await asyncio.sleep(0.2)


async def stall(line: Line) -> None:
    await asyncio.sleep(10)
    await none(line)


async def tls_cut(line: Line) -> None:
    await line.say(b"\x16\x03\x03\x00\x40\x02")  # a ServerHello that breaks off
    line.cut()


async def tls_cut_after_headers(line: Line) -> None:
    await line.answer(b"Content-Length: %d" % (len(line.body) + 2), body=b"")
    line.hang_up()


async def tls_cut_in_a_body(line: Line) -> None:
    await line.answer(b"Content-Length: %d" % (len(line.body) + 2), body=line.body[: len(line.body) // 2])
    line.hang_up()


async def tls_cut_where_no_length_is_told(line: Line) -> None:
    await line.answer(body=line.body[: len(line.body) // 2])
    line.hang_up()


async def redirect_loop(line: Line) -> None:
    await line.say(b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + line.target + b"\r\n\r\n")


async def gigabyte_of_headers(line: Line) -> None:
    await line.say(b"HTTP/1.1 200 OK\r\n", *[b"X-Fill: " + b"x" * 65000 + b"\r\n"] * 16_000, b"\r\n")


async def one_endless_header(line: Line) -> None:
    await line.say(b"HTTP/1.1 200 OK\r\nX-Fill: ", *[b"x" * 65536] * 16_000, b"\r\n\r\n")


def _named(*faults: Fault) -> dict[str, Fault]:
    return {fault.__name__.replace("_", "-"): fault for fault in faults}


OVER_TLS = _named(tls_cut_after_headers, tls_cut_in_a_body, tls_cut_where_no_length_is_told)
"""What can happen to an answer only when there is TLS."""
FAULTS = {
    **_named(
        reset,
        half_a_body,
        content_length_too_large,
        content_length_too_small,
        content_length_absurd,
        chunked_garbage,
        gzip_bomb,
        endless_body,
        dripping_body,
        stall,
        tls_cut,
        redirect_loop,
        gigabyte_of_headers,
        one_endless_header,
    ),
    **OVER_TLS,
}

Strikes = Callable[[int], bool]
"""Says whether the fault strikes the request with this number; the first is 1."""


@contextmanager
def between(api: str, fault: Fault, strikes: Strikes, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Stand between a client and an API; yield the base URL to ask instead, which speaks TLS when that is given."""
    target = urlsplit(api)
    count = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            first = await reader.readexactly(1)
            count += 1
            if first == b"\x16":  # TLS: whoever speaks that, gets no further
                await fault(Line(writer, b"/", b""))
                raise ConnectionAbortedError
            head = first + await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            answer = await _ask(target.hostname or "", target.port or 80, head, body)
            await (fault if strikes(count) else none)(Line(writer, head.split()[1], answer))
        writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}{target.path}"
    finally:
        loop.call_soon_threadsafe(_end, loop, server)
        thread.join()
        loop.close()


def _end(loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
    server.close()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.call_soon(loop.stop)


async def _ask(host: str, port: int, head: bytes, body: bytes) -> bytes:
    """Return what the API answers; its connection is used once."""
    kept = [line for line in head.removesuffix(b"\r\n\r\n").split(b"\r\n") if not line.lower().startswith(b"connection:")]
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body)
        return await reader.read()
    finally:
        writer.close()
