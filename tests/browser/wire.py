"""A wire to the gateway that a test can cut and mend. This process knows no green threads: threads forward."""

import socket
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit


class Wire:
    """Forwards TCP to where `url` leads; clients use `self.url` instead."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._there = (str(parts.hostname), int(parts.port or 80))
        self._ends: set[socket.socket] = set()
        self._address = ("127.0.0.1", 0)
        self.mend()
        self.url = f"http://127.0.0.1:{self._address[1]}"

    def mend(self) -> None:
        """Take connections."""
        self._listener = socket.create_server(self._address)
        self._address = self._listener.getsockname()
        Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """Break every connection and refuse new ones: what a gateway that has died looks like."""
        for end in [self._listener, *self._ends]:
            _hang_up(end)
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._there)
                self._ends |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    Thread(target=self._forward, args=[source, sink], daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            _hang_up(end)
            self._ends.discard(end)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):  # it may not be connected any more
        end.shutdown(socket.SHUT_RDWR)
