"""What an orchestrator is told: alive, ready, and the metrics; and that no client can end the telling."""

import errno
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import eventlet
import pytest
import requests
from structlog.testing import capture_logs

from chassis.process.metrics import Metrics
from chassis.process.probes import Probes
from chassis.wire.errors import SettingsError


@pytest.fixture
def metrics() -> Metrics:
    """The metrics of the service that is probed."""
    return Metrics("probed")


@pytest.fixture
def probes(metrics: Metrics) -> Iterator[Probes]:
    """Probes that are being served, with short patience."""
    probes = Probes("127.0.0.1:0", metrics, deadline_seconds=0.3)
    probes.start()
    yield probes
    probes.stop()


def get(probes: Probes, path: str, method: str = "GET", **more: Any) -> requests.Response:
    return requests.request(method, url(probes, path), timeout=5, **more)


def url(probes: Probes, path: str) -> str:
    assert probes.address is not None
    return "http://{}:{}{}".format(*probes.address, path)


def passes() -> None:
    """A check that passes."""


def fails() -> None:
    raise ConnectionError("cannot reach amqp://parts:s3cr3t@broker/")


def hangs() -> None:
    eventlet.sleep(60)


def each_in_turn(*checks: Callable[[], None]) -> Callable[[], None]:
    """A check that behaves like the first one when it is first asked, then like the second."""
    left = iter(checks)

    def check() -> None:
        next(left)()

    return check


def test_a_process_with_nothing_to_check_is_alive_and_ready(probes: Probes) -> None:
    for path in ("/healthz", "/readyz"):
        answer = get(probes, path)
        assert answer.status_code == 200
        assert answer.json() == {"state": "passed", "checks": []}


@pytest.mark.parametrize(("path", "register"), [("/healthz", "register_liveness"), ("/readyz", "register_readiness")])
def test_each_check_is_named_with_its_state(probes: Probes, path: str, register: str) -> None:
    """One failed check is enough; its reason is told without the secret in it."""
    getattr(probes, register)("database", passes)
    assert get(probes, path).status_code == 200
    getattr(probes, register)("topology", fails)
    answer = get(probes, path)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "state": "failed",
        "checks": [
            {"name": "database", "state": "passed"},
            {
                "name": "topology",
                "state": "failed",
                "reason": "ConnectionError: cannot reach amqp://parts:***@broker/",
            },
        ],
    }


def test_a_process_that_is_not_ready_is_still_alive(probes: Probes) -> None:
    """A database outage must not have every replica restarted."""
    probes.register_readiness("database", fails)
    assert get(probes, "/readyz").status_code == 503
    assert get(probes, "/healthz").status_code == 200


def test_a_check_that_recovers_passes_again(probes: Probes) -> None:
    probes.register_liveness("consumer", each_in_turn(fails, passes))
    assert [get(probes, "/healthz").status_code for _ in range(2)] == [503, 200]


def test_hanging_checks_fail_at_their_deadline_all_at_the_same_time(probes: Probes) -> None:
    """Three checks that hang cost one deadline, not three: the orchestrator's own patience is short."""
    for name in ("database", "migrations", "topology"):
        probes.register_readiness(name, hangs)
    probes.register_readiness("quick", passes)
    started = time.monotonic()
    answer = get(probes, "/readyz")
    assert time.monotonic() - started < 0.6
    assert answer.status_code == 503
    assert [check["state"] for check in answer.json()["checks"]] == ["failed", "failed", "failed", "passed"]
    assert answer.json()["checks"][0]["reason"] == "CheckTimedOut: no answer within 0.3 s"


def test_one_hanging_request_holds_up_no_other(probes: Probes) -> None:
    probes.register_readiness("database", hangs)
    slow = eventlet.spawn(get, probes, "/readyz")
    eventlet.sleep(0.05)
    started = time.monotonic()
    assert get(probes, "/healthz").status_code == 200
    assert time.monotonic() - started < 0.2
    assert slow.wait().status_code == 503


def test_a_change_of_state_is_logged_once(probes: Probes) -> None:
    probes.register_readiness("database", each_in_turn(passes, fails, fails, passes))
    with capture_logs() as logs:
        for _ in range(4):
            get(probes, "/readyz")
    assert [(line["event"], line["check"], line["state"]) for line in logs] == [
        ("probe_check_changed", "database", "failed"),
        ("probe_check_changed", "database", "passed"),
    ]


def test_the_metrics_are_served(probes: Probes, metrics: Metrics) -> None:
    metrics.published(3)
    answer = get(probes, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'servicelane_outbox_published_total{service="probed"} 3.0' in answer.text


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/", {}, 404),
        ("GET", "/healthz/", {}, 404),
        ("GET", "/metrics/../etc/passwd", {}, 404),
        ("POST", "/nowhere", {}, 404),
        ("POST", "/healthz", {}, 405),
        ("HEAD", "/readyz", {}, 405),
        ("DELETE", "/metrics", {}, 405),
        ("GET", "/readyz", {"data": b"x"}, 400),
        ("GET", "/readyz", {"data": iter([b"x"])}, 400),
    ],
)
def test_everything_else_is_a_problem(probes: Probes, method: str, path: str, more: dict[str, Any], status: int) -> None:
    answer = get(probes, path, method, **more)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers.get("Allow") == ("GET" if status == 405 else None)
    if method != "HEAD":
        assert answer.json()["type"] == "about:blank"
        assert answer.json()["status"] == status


def connect(probes: Probes) -> socket.socket:
    assert probes.address is not None
    return socket.create_connection(probes.address, timeout=5)


def reset(client: socket.socket) -> None:
    """Close with a TCP reset instead of a farewell."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost",
        b"GET /readyz HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x00nonsense\r\n\r\n",
        b"\x00" * 70_000,
    ],
)
def test_a_client_that_hangs_up_harms_nobody(probes: Probes, said: bytes) -> None:
    """Whatever it had said so far, and while its answer is being made."""
    probes.register_readiness("slow", lambda: eventlet.sleep(0.05))
    for _ in range(3):
        client = connect(probes)
        client.sendall(said)
        reset(client)
    assert get(probes, "/readyz").status_code == 200


def test_a_silent_client_holds_up_no_other(probes: Probes) -> None:
    silent = connect(probes)
    assert get(probes, "/healthz").status_code == 200
    silent.close()


@pytest.mark.parametrize("error", [errno.ECONNABORTED, errno.EMFILE, errno.ECONNRESET, errno.ENOTCONN, errno.EPROTO])
def test_an_error_while_accepting_does_not_end_the_serving(probes: Probes, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    """A client gone before it was accepted, or no file handle left for a moment: the next one is answered."""
    assert get(probes, "/healthz").status_code == 200
    errors = iter([OSError(error, "told by the kernel")])
    listening = probes._listener._listening  # type: ignore[union-attr]  # it is being served
    accept = listening.accept

    def accept_with_an_error() -> Any:
        for told in errors:
            raise told
        return accept()

    monkeypatch.setattr(listening, "accept", accept_with_an_error)
    for _ in range(3):
        assert get(probes, "/healthz").status_code == 200
    assert next(errors, None) is None, "the error was never told"


def test_without_an_address_nothing_is_served(metrics: Metrics) -> None:
    probes = Probes(None, metrics)
    probes.start()
    assert probes.address is None
    probes.stop()


def test_after_the_stop_nobody_is_answered_and_the_address_is_free(metrics: Metrics) -> None:
    first = Probes("127.0.0.1:0", metrics)
    first.start()
    assert first.address is not None
    address = "{}:{}".format(*first.address)
    first.register_readiness("database", hangs)
    under_way = connect(first)
    under_way.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
    assert get(first, "/healthz").status_code == 200  # by now the other one is being answered
    first.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://{address}/healthz", timeout=1)
    second = Probes(address, metrics)
    second.start()
    assert get(second, "/healthz").status_code == 200
    second.stop()
    assert under_way.recv(100).startswith(b"HTTP/1.1 503"), "what was under way was not answered"
    under_way.close()


def test_an_address_in_use_is_a_wrong_setting(probes: Probes, metrics: Metrics) -> None:
    """Two processes that share the port would each be judged by the other's state."""
    assert probes.address is not None
    with pytest.raises(SettingsError, match="PROBE_ADDRESS"):
        Probes("{}:{}".format(*probes.address), metrics).start()


@pytest.mark.parametrize("address", ["8080", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:99999", "no such host:80"])
def test_an_address_that_is_none_is_a_wrong_setting(metrics: Metrics, address: str) -> None:
    with pytest.raises(SettingsError, match="PROBE_ADDRESS"):
        Probes(address, metrics).start()


def test_an_ipv6_address_is_served(metrics: Metrics) -> None:
    probes = Probes("[::1]:0", metrics)
    probes.start()
    assert probes.address is not None
    assert requests.get(f"http://[::1]:{probes.address[1]}/healthz", timeout=5).status_code == 200
    probes.stop()
