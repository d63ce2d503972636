"""A receiver of health records that behaves as no receiver should: what it says is up to a test, byte by byte."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Self

import eventlet
from eventlet import GreenPool

Says = Callable[[socket.socket], None]


def answer(status: str, body: bytes = b"", *headers: str) -> Says:
    """A whole answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return lambda line: line.sendall("\r\n".join(head).encode() + body)


class AwkwardReceiver:
    """Listens while the block lasts and has `says` speak to whoever sends something; `requests` are what was sent, as it came."""

    def __init__(self, says: Says) -> None:
        self.says = says
        self.requests: list[str] = []
        self._threads = GreenPool()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.url = f"http://{self.host}/records"

    def __enter__(self) -> Self:
        self._serving = eventlet.spawn(self._serve)
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._serving, *self._threads.coroutines_running):
            eventlet.kill(one)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            line, _ = self._listening.accept()
            self._threads.spawn_n(self._speak, line)

    def _speak(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            received = line.recv(65_536)
            head, _, body = received.partition(b"\r\n\r\n")
            [length] = [int(one.split(b":")[1]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length")]
            while len(body) < length:
                body += line.recv(65_536)
            self.requests.append((head + b"\r\n\r\n" + body).decode())
            self.says(line)
