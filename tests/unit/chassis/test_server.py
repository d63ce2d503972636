"""The sockets under the doors: real connections, rude clients, a gentle end."""

import errno
import socket
from collections.abc import Iterator

import eventlet
import pytest
from eventlet import wsgi
from flask import Flask, request

from chassis.process.server import CLOSE, Server
from chassis.wire.errors import SettingsError

PATIENCE = 5.0


@pytest.fixture
def app() -> Flask:
    """Answers at once, after a while, with what was sent, or with a refusal of what it has not read."""
    app = Flask("doors")

    @app.get("/")
    def at_once():
        return "here"

    @app.get("/slow")
    def slow():
        eventlet.sleep(0.5)
        return "done"

    @app.post("/length")
    def length():
        return str(len(request.get_data()))

    @app.post("/refuse")
    def refuse():
        request.environ[CLOSE]()
        return "no", 413

    return app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """A running server with two places."""
    server = Server(app, "127.0.0.1:0", connections=2)
    server.start()
    yield server
    server.stop(0)


def _connect(server: Server) -> socket.socket:
    return socket.create_connection(server.address, timeout=PATIENCE)


def _get(server: Server, path: str = "/") -> bytes:
    with _connect(server) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return _read(client)


def _read(client: socket.socket) -> bytes:
    received = b""
    while more := client.recv(65536):
        received += more
    return received


def test_clients_that_go_away_do_not_stop_the_server(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """Connected and gone, half a request and gone, no HTTP at all, reset while the answer is written: no server, no trace."""
    for rude in (b"", b"GET / HT", b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n", b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"):
        client = _connect(server)
        client.sendall(rude)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # close by reset
        client.close()
        assert b"here" in _get(server)
    eventlet.sleep(0.6)  # the slow answer finds its client gone only when it is written
    assert "Traceback" not in capfd.readouterr().err


def test_a_long_request_line_reaches_the_application(server: Server) -> None:
    """A cursor of 500 characters may be 6,000 bytes: the contract refuses it in its words, not the server."""
    with _connect(server) as client:
        client.sendall(f"GET /?cursor={'%F4%81%8B%A4' * 2000} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert b"here" in _read(client)


@pytest.mark.parametrize("error", [OSError(errno.ETIMEDOUT, "timed out"), ValueError("I/O operation on closed file")])
def test_what_breaks_one_connection_does_not_trouble_the_server(
    server: Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: Exception
) -> None:
    """Errors the protocol lets through end that connection; its place is free again."""

    def broken(*ignored: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(wsgi.HttpProtocol, "handle", broken)
        for _ in range(3):
            assert _get(server) == b""
    assert b"here" in _get(server)
    assert "Traceback" not in capfd.readouterr().err


def test_a_connection_is_kept_for_the_next_request(server: Server) -> None:
    """HTTP/1.1 keep-alive."""
    with _connect(server) as client:
        for _ in range(3):
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            received = b""
            while not received.endswith(b"here"):
                received += client.recv(65536)


def test_a_body_in_chunks_is_read_whole(server: Server) -> None:
    """No Content-Length is needed."""
    with _connect(server) as client:
        client.sendall(
            b"POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        )
        assert _read(client).endswith(b"\r\n\r\n11")


def test_a_refused_body_is_not_read_to_its_end(server: Server) -> None:
    """The client gets its answer, also when it reads only after writing; then the connection ends, however much was announced."""
    with _connect(server) as client:
        client.sendall(b"POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n" + b"x" * 100_000)
        eventlet.sleep(0.2)
        client.sendall(b"x" * 100_000)  # a connection that was simply closed would be reset here
        received = _read(client)
    assert b" 413 " in received
    assert b"Connection: close" in received


def test_no_more_are_served_than_there_are_places(server: Server) -> None:
    """Two wait for their answers; the third is served when one of them is done."""
    clients = [_connect(server) for _ in range(2)]
    for client in clients:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    with _connect(server) as third:
        third.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        third.settimeout(0.2)
        with pytest.raises(TimeoutError):
            third.recv(1)
        third.settimeout(PATIENCE)
        assert b"done" in _read(clients[0])
        assert b"here" in _read(third)
    for client in clients:
        client.close()


def test_a_stop_finishes_what_runs_and_takes_nothing_new(app: Flask) -> None:
    """The running request is answered and told to close; an idle connection ends; nobody gets in."""
    server = Server(app, "127.0.0.1:0", connections=10)
    server.start()
    idle, busy = _connect(server), _connect(server)
    busy.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    eventlet.sleep(0.1)
    address = server.address
    server.stop(PATIENCE)
    answer = _read(busy)
    assert b"done" in answer
    assert b"Connection: close" in answer
    assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=PATIENCE)


def test_a_stop_does_not_wait_for_ever(app: Flask) -> None:
    """What has not ended by the deadline is cut off."""
    server = Server(app, "127.0.0.1:0", connections=10)
    server.start()
    with _connect(server) as busy:
        busy.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        eventlet.sleep(0.1)
        with eventlet.Timeout(0.4, AssertionError("stop() took longer than its deadline")):
            server.stop(0.1)
        assert b"done" not in _read(busy)


@pytest.mark.parametrize("address", ["", "8000", "127.0.0.1:http", "127.0.0.1:99999", "203.0.113.1:1"])
def test_an_address_that_cannot_be_listened_on_stops_the_start(app: Flask, address: str) -> None:
    """One line naming the variable."""
    with pytest.raises(SettingsError, match="HTTP_ADDRESS"):
        Server(app, address, connections=1).start()
