"""A telephone line to the broker that a test can freeze, cut and mend, without harm to the broker's other users."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import eventlet
from eventlet.event import Event


class Line:
    """Forwards TCP to the broker behind `uri`; clients use `self.uri` instead."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._broker = (parts.hostname, parts.port)
        self._sockets: set[socket.socket] = set()
        self._moving = Event()
        self._moving.send()
        self._answering = Event()
        self._answering.send()
        self._listener = eventlet.listen(("127.0.0.1", 0))
        self._address = self._listener.getsockname()
        self._thread = eventlet.spawn(self._accept, self._listener)
        credentials = parts.netloc.rpartition("@")[0]
        self.uri = urlunsplit(parts._replace(netloc=f"{credentials}@127.0.0.1:{self._address[1]}"))

    def freeze(self) -> None:
        """From now on nothing comes through, and nobody is told: what a stopped broker process looks like."""
        self._moving = Event()

    def mute(self) -> None:
        """From now on the broker hears everything and nothing of what it answers comes through: confirms are lost."""
        self._answering = Event()

    def thaw(self) -> None:
        """Let everything through that has been waiting."""
        for gate in (self._moving, self._answering):
            if not gate.ready():
                gate.send()

    def cut(self) -> None:
        """Break every connection and refuse new ones: what a broker that has died looks like."""
        self._thread.kill()
        self._listener.close()
        for end in self._sockets:
            self._hang_up(end)

    def mend(self) -> None:
        """Take connections again."""
        self._listener = eventlet.listen(self._address, reuse_port=True)
        self._thread = eventlet.spawn(self._accept, self._listener)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            client, _ = listener.accept()
            self._sockets.add(client)
            eventlet.spawn(self._connect, client)

    def _connect(self, client: socket.socket) -> None:
        self._moving.wait()
        broker = eventlet.connect(self._broker)
        self._sockets.add(broker)
        there = eventlet.spawn(self._forward, client, broker)
        self._forward(broker, client, answers=True)
        there.wait()
        for end in (client, broker):  # not before both directions have ended: nobody may wait for a closed socket
            self._sockets.discard(end)
            end.close()

    def _forward(self, source: socket.socket, sink: socket.socket, *, answers: bool = False) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._moving.wait()
                if answers:
                    self._answering.wait()
                sink.sendall(data)
        self._moving.wait()  # nor does anybody learn through a frozen line that the other end has hung up
        self._hang_up(source)
        self._hang_up(sink)

    def _hang_up(self, end: socket.socket) -> None:
        with suppress(OSError):  # it may not be connected any more
            end.shutdown(socket.SHUT_RDWR)
