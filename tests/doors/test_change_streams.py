"""What the streams of the change feed cost: nobody pays for those who listen, and least for those who do not read."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import gc
import json
import socket
from contextlib import ExitStack

import eventlet
import pytest
import requests

from chassis.process import ring
from chassis.process.server import Server
from tests.doors.changes import PATH, ROW, happens, house, mine, opened, server  # noqa: F401  # fixtures
from tests.doors.house import OWN, House, problem
from tests.doors.listening import connected, listening
from tests.waiting import awaited


def test_a_caller_has_so_many_streams_and_all_together_so_many(house: House, server: Server) -> None:
    """429 with Retry-After; who closes one may open another."""
    with ExitStack() as stack:
        for number in (1, 1, 2):
            opened(stack.enter_context(listening(server.address, PATH, mine(number))))
        refused = house.ask(ROW, token=mine(1))
        problem(refused, 429, "too_many_streams")
        assert int(refused.headers["Retry-After"]) > 0
        with listening(server.address, PATH, mine(3)) as fourth:
            opened(fourth)
            problem(house.ask(ROW, token=mine(4)), 429, "too_many_streams")
        awaited(lambda: len(house.interior.streams._open) == 3, "the fourth to be gone")
        assert house.ask(ROW, token=mine(4)).status_code == 200


def test_a_stream_that_nobody_reads_is_none(house: House) -> None:
    """A response that was made and not sent is forgotten with it; a HEAD has no body to be read."""
    assert house.ask(ROW, token=mine()).status_code == 200
    assert house.app.test_client().head(PATH, headers={"Authorization": f"Bearer {mine()}"}).status_code == 200
    gc.collect()
    assert len(house.interior.streams._open) == 0


def test_streams_take_no_requests_place(house: House, server: Server) -> None:
    """There is one place: with three streams open a request is answered, and another, and so after their end."""

    def answered() -> bool:
        address = "http://{}:{}/v1/openapi.json".format(*server.address)
        return requests.get(address, timeout=30, headers={"Connection": "close"}).status_code == 200

    with ExitStack() as stack:
        for number in range(3):
            opened(stack.enter_context(listening(server.address, PATH, mine(number))))
        assert answered()
        assert answered()
    awaited(lambda: not house.interior.streams._open, "the streams to be gone")
    assert server._places.balance == 1
    assert answered()


def test_who_reads_nothing_is_cut_off_and_costs_no_memory(house: House, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has not read is kept for nobody: only the ring is, and that is bounded."""
    with connected(server.address, PATH, mine()) as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        awaited(lambda: server._streaming, "the stream to begin")
        [(_, connection, _)] = [server._connections[one] for one in server._streaming]
        connection.settimeout(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

        def flooded() -> bool:
            for _ in range(500):
                happens(house, "x" * 64)
            return not house.interior.streams._open

        awaited(flooded, "it to be cut off")
        assert len(house.interior.feed._rings[OWN]._changes) <= ring.MOST
    assert not server._connections


def test_who_reads_too_slowly_is_told_to_read_everything_again(house: House) -> None:
    """Its place in the ring is gone."""
    reader = house.interior.feed.reader(OWN, None)
    for number in range(ring.MOST + 1):
        happens(house, str(number))
    assert reader.read(10) is None
    assert reader.read(10) == []
    happens(house, "new")
    assert [json.loads(one.told)["subject"] for one in reader.read(10)] == ["new"]


def test_a_drain_ends_every_stream_at_once(house: House, server: Server) -> None:
    """Also one whose client reads nothing; nobody waits for the deadline, and no new one begins."""
    with listening(server.address, PATH, mine()) as listener, connected(server.address, PATH, mine(1)) as silent:
        opened(listener)
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        awaited(lambda: len(server._streaming) == 2, "both")
        for state in server._connections.values():
            state[1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        for _ in range(1000):
            happens(house, "x" * 64)
        eventlet.sleep(0)
        house.interior.streams.close()
        problem(house.ask(ROW, token=mine()), 503, "shutting_down")
        with eventlet.Timeout(15, AssertionError("the drain waited for streams")):
            server.stop(60)
        awaited(lambda: listener.ended, "the end")
        assert listener.head


def test_what_is_open_and_heard_is_counted(house: House, server: Server) -> None:
    """As Prometheus reads it."""
    with listening(server.address, PATH, mine()) as listener:
        opened(listener)
        before = house.executor.metrics.exposition().decode()
        assert 'servicelane_change_streams{service="gateway"} 1.0' in before
        happens(house, "one")
        heard = [line for line in before.splitlines() if line.startswith("servicelane_changes_heard_total")]
        assert heard
        assert heard[0] not in house.executor.metrics.exposition().decode()
