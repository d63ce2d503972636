"""Somebody who listens to a stream of server-sent events over a real socket, as any client would."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import eventlet


@dataclass
class Listener:
    """What came so far: the head of the response, its blocks (by name; a comment has none), and its end as it should be."""

    client: socket.socket
    head: str = ""
    blocks: list[dict[str, str]] = field(default_factory=list)
    ended: bool = False

    @property
    def status(self) -> int:
        """Of the response; 0 before there is one."""
        return int(self.head.split(" ", 2)[1]) if self.head else 0

    @property
    def events(self) -> list[str]:
        """The names of the events that came."""
        return [one["event"] for one in self.blocks if "event" in one]

    @property
    def told(self) -> list[str]:
        """The data of the changes that came."""
        return [one["data"] for one in self.blocks if one.get("event") == "change"]

    @property
    def seen(self) -> str | None:
        """The id of the last event that has one."""
        return next((one["id"] for one in reversed(self.blocks) if "id" in one), None)

    def read(self) -> None:
        """Read until the stream ends."""
        with self.client.makefile("rb") as answer:
            head = iter(lambda: answer.readline().decode(), "\r\n")
            self.head = "".join(line for line in head if line or self._end())
            block: dict[str, str] = {}
            for line in _body(answer) if "Transfer-Encoding: chunked" in self.head else answer:
                if line.strip():
                    name, _, value = line.decode().rstrip("\n").partition(": ")
                    block[name] = value
                elif block:
                    self.blocks.append(block)
                    block = {}
        self.ended = True

    def _end(self) -> bool:
        raise ConnectionError("the connection ended before the response had begun")


def _body(answer: Any) -> Iterator[bytes]:
    """The lines of a chunked body, as they come. Raises ConnectionError when it is cut off."""
    left = b""
    while size := int(answer.readline() or b"x", 16):
        left += answer.read(size)
        answer.readline()
        *lines, left = left.split(b"\n")
        yield from (line + b"\n" for line in lines)


@contextmanager
def connected(address: tuple[str, int], path: str, token: str, **headers: str) -> Iterator[socket.socket]:
    """A connection on which the stream has been asked for."""
    with socket.create_connection(address, timeout=300) as client:
        lines = [f"GET {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        yield client


@contextmanager
def listening(address: tuple[str, int], path: str, token: str, **headers: str) -> Iterator[Listener]:
    """Somebody who asked for the stream and reads what comes."""
    with connected(address, path, token, **headers) as client:
        listener = Listener(client)

        def read() -> None:
            with suppress(OSError, ValueError):  # cut off, or we have hung up
                listener.read()

        reading = eventlet.spawn(read)
        try:
            yield listener
        finally:
            reading.kill()
