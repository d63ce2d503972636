"""The sockets: eventlet's WSGI protocol under a loop of our own.

eventlet's own loop ends for good when a client aborts its connection in the wrong moment or file handles run out, reads a refused
body to its end however long it is, and cannot finish what runs and then stop.
"""

import socket
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet import greenio, wsgi
from eventlet.semaphore import Semaphore

from chassis.wire.errors import SettingsError

log = structlog.get_logger()

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

SOCKET_SECONDS = 30.0
REQUEST_LINE_BYTES = 65_536
"""Room for every parameter at its longest, percent-encoded; so it is the contract that says no, with a problem."""
KEEP_ALIVE_SECONDS = 30.0
_DEAD_MILLISECONDS = 30_000
"""So long may what was sent stay unacknowledged before the client counts as gone."""
_STREAM_GRACE_SECONDS = 0.5
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 4 * 1024 * 1024
_BACKLOG = 512

CLOSE = "servicelane.close_connection"
"""In the WSGI environment: call it to have the connection closed after this response."""
STREAM = "servicelane.stream"
"""In the WSGI environment: call it for a response that goes on for long. It is sent as it comes, others get its place, and what
the call returns says whether the client is still there."""


class Server:
    """Serves one WSGI application on one address until it is stopped.

    `connections` places are for requests: what streams has given its own back.
    """

    def __init__(self, app: WsgiApp, address: str, *, connections: int) -> None:
        self._app = app
        self._address = address
        self._places = Semaphore(connections)
        self._connections: dict[int, list[Any]] = {}
        self._streaming: dict[int, Any] = {}
        self._socket: Any = None
        self._wsgi: Any = None
        self._accepting: Any = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that are listened on; the port is chosen when the setting says 0."""
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    @property
    def accepts(self) -> bool:
        """Whether the loop that lets connections in still runs."""
        return self._accepting is not None and not self._accepting.dead

    def start(self) -> None:
        """Listen. Raises SettingsError when HTTP_ADDRESS cannot be listened on."""
        self._socket = listen(self._address)
        self._wsgi = wsgi.Server(
            self._socket,
            self.address,
            self._app,
            protocol=_Protocol,
            keepalive=KEEP_ALIVE_SECONDS,
            socket_timeout=SOCKET_SECONDS,
            url_length_limit=REQUEST_LINE_BYTES,
            log_output=False,
            debug=False,
            # The protocol ends every body where it ends, chunked or not: the application may read to the end.
            environ={"wsgi.input_terminated": True},
        )
        self._wsgi.stream = self._stream
        self._accepting = eventlet.spawn(self._accept)
        log.info("http_listening", host=self.address[0], port=self.address[1])

    def stop(self, drain_seconds: float) -> None:
        """Take no more, let running requests finish for at most so long, then close what is left.

        A stream would go on for ever, and nobody waits for one whose client does not read.
        """
        self._accepting.kill()
        self._socket.close()
        self._wsgi.keepalive = False  # what is answered from here on says "Connection: close"
        for state in list(self._connections.values()):
            idle, state[2] = state[2] == wsgi.STATE_IDLE, wsgi.STATE_CLOSE
            if idle:
                greenio.shutdown_safe(state[1])
        started = time.monotonic()
        while self._connections and time.monotonic() - started < drain_seconds:
            eventlet.sleep(0.02)
            if time.monotonic() - started > _STREAM_GRACE_SECONDS:
                for streaming in list(self._streaming):
                    greenio.shutdown_safe(self._connections[streaming][1])
        for state in list(self._connections.values()):
            log.warning("http_request_cut_off", client=str(state[0]))
            greenio.shutdown_safe(state[1])

    def _accept(self) -> None:
        while True:
            try:
                client, address = self._socket.accept()
            except OSError as error:  # an aborted connection, or no file handle left: the next one may do
                log.warning("http_accept_failed", error=str(error))
                eventlet.sleep(0.05)
                continue
            self._places.acquire()  # while all are taken, who comes waits in the kernel's queue
            eventlet.spawn_n(self._serve, [address, client, wsgi.STATE_IDLE])

    def _serve(self, state: list[Any]) -> None:
        self._connections[id(state)] = state
        try:
            state[1].settimeout(SOCKET_SECONDS)
            state[1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            state[1].setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_MILLISECONDS)
            self._wsgi.process_request(state)
        except (OSError, ValueError) as error:  # the client went away or spoke no HTTP; eventlet reads on closed files
            log.debug("http_connection_lost", client=str(state[0]), error=str(error))
        finally:
            del self._connections[id(state)]
            if id(state) in self._streaming:
                self._streaming.pop(id(state)).kill()  # before the socket is closed: the next one may get its number
            else:
                self._places.release()
            greenio.shutdown_safe(state[1])
            state[1].close()

    def _stream(self, state: list[Any]) -> Callable[[], bool]:
        self._streaming[id(state)] = watching = eventlet.spawn(_hung_up, state[1])
        self._places.release()
        return lambda: not watching.dead


class _Protocol(wsgi.HttpProtocol):  # type: ignore[misc]  # eventlet ships no types
    """One connection. A refused body is not read to its end; the connection is closed instead, gently."""

    _refused = False

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ[CLOSE] = self._refuse_rest
        environ[STREAM] = partial(self._stream, environ)
        return environ

    def _stream(self, environ: dict[str, Any]) -> Callable[[], bool]:
        environ["eventlet.minimum_write_chunk_size"] = 0  # or eventlet would keep 4 kB before it sends any
        self.close_connection = 1
        there: Callable[[], bool] = self.server.stream(self.conn_state)
        return there

    def _refuse_rest(self) -> None:
        self._refused = True
        self.close_connection = 1

    def finish(self) -> None:
        if self._refused:
            self._linger()
        super().finish()

    def _linger(self) -> None:
        # Closing with unread input resets the connection, and the client would lose the answer it has not read yet.
        deadline, left = time.monotonic() + _LINGER_SECONDS, _LINGER_BYTES
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER_SECONDS)
            while left > 0 and time.monotonic() < deadline:
                received = self.connection.recv(65536)
                if not received:
                    return
                left -= len(received)
        except OSError:
            return  # the client did not wait


def _hung_up(client: Any) -> None:
    """Returns when the client has. Who listens says nothing, and what it says all the same is not wanted."""
    while True:
        try:
            if not client.recv(4096):
                return
        except TimeoutError:
            continue
        except OSError:
            return


def listen(address: str, setting: str = "HTTP_ADDRESS", *, backlog: int = _BACKLOG) -> Any:
    """A socket that listens on `host:port`. Raises SettingsError that names the setting when it cannot."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal():
        raise SettingsError(f"{setting} must be host:port, not {address!r}")
    host = host.removeprefix("[").removesuffix("]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Not shared: eventlet would let two processes listen on one port, and each get what is meant for the other.
        return eventlet.listen((host, int(port)), family, backlog=backlog, reuse_port=False)
    except (OSError, OverflowError) as error:
        raise SettingsError(f"{setting} {address} cannot be used: {error}") from error
