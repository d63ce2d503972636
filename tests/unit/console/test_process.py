"""The console as a process: when it is ready, and that it finishes what it began."""

from collections.abc import Iterator

import eventlet
import pytest
import requests
from flask import Flask, request

from chassis.process.metrics import HttpMetrics
from chassis.process.peers import networks
from chassis.process.server import Server
from chassis.wire.errors import SettingsError
from console.app import build_app
from console.process import Console
from console.settings import ConsoleSettings
from deploy.dev.state import free_port
from tests.waiting import awaited


@pytest.fixture
def port() -> int:
    """Where a gateway will be."""
    return free_port()


class Sluggish:
    """Something that answers where a gateway will be; sign-ins when the test says so."""

    def __init__(self, port: int) -> None:
        self.came, self.go = eventlet.Event(), eventlet.Event()
        self.told = ""
        self._server = Server(self._app(), f"127.0.0.1:{port}", connections=10)
        self._server.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.stop(0)

    def _app(self) -> Flask:
        app = Flask("gateway")

        @app.get("/problems")
        def problems() -> str:
            return "here"

        @app.post("/v1/tokens")
        def tokens() -> tuple[dict[str, str], int, dict[str, str]]:
            self.told = request.headers["X-Forwarded-For"]
            self.came.send()
            self.go.wait()
            return {"code": "invalid_credentials", "title": "No."}, 401, {"Content-Type": "application/problem+json"}

        return app


@pytest.fixture
def console(port: int) -> Iterator[Console]:
    """A console that listens; its gateway is not there yet."""
    settings = ConsoleSettings(f"http://127.0.0.1:{port}", http_address="127.0.0.1:0", probe_address=f"127.0.0.1:{free_port()}")
    console = Console(settings)
    console.start()
    yield console
    console.stop()


def probe(console: Console, path: str) -> requests.Response:
    return requests.get(f"http://{console.probe_address}{path}", timeout=5)


def listens(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def test_it_is_ready_when_it_has_reached_the_gateway(console: Console, port: int) -> None:
    """Not before, though alive; and it stays so when the gateway goes away: it is the one that says it."""
    assert probe(console, "/healthz").status_code == 200
    assert probe(console, "/readyz").status_code == 503
    gateway = Sluggish(port)
    awaited(lambda: probe(console, "/readyz").status_code == 200, "the console to be ready", 20)
    gateway.stop()
    assert probe(console, "/readyz").status_code == 200


def test_its_metrics_tell_its_own_time_from_the_gateways(console: Console) -> None:
    """Under its own name."""
    host, listened = console.address
    requests.get(f"http://{host}:{listened}/sign-in", timeout=5)
    told = probe(console, "/metrics").text
    assert 'servicelane_http_seconds_count{route="/sign-in",service="console"}' in told
    assert 'servicelane_http_upstream_seconds_count{service="console"}' in told


def test_a_stop_finishes_what_runs(console: Console, port: int) -> None:
    """A sign-in under way is answered; then nobody is let in."""
    gateway = Sluggish(port)
    url = "http://{}:{}/sign-in".format(*console.address)
    sent = {"console-login": "wang", "console-password": "guess"}
    origin = {"Origin": url.removesuffix("/sign-in")}
    running = eventlet.spawn(requests.post, url, data=sent, headers=origin, timeout=10)
    gateway.came.wait()
    stopping = eventlet.spawn(console.stop)
    awaited(lambda: not listens(url), "the console to let nobody in", 10)
    gateway.go.send()
    assert running.wait().status_code == 401
    stopping.wait()
    console.stop()  # once more does no harm
    gateway.stop()


def test_an_address_that_is_taken_stops_the_start(console: Console) -> None:
    """One line naming the variable."""
    host, taken = console.address
    with pytest.raises(SettingsError, match="HTTP_ADDRESS"):
        Console(ConsoleSettings("http://127.0.0.1:1", http_address=f"{host}:{taken}")).start()


@pytest.mark.parametrize(("trusted", "told"), [("", "127.0.0.1"), ("127.0.0.0/8", "203.0.113.9, 127.0.0.1")])
def test_the_gateway_is_told_whose_browser_it_is(port: int, trusted: str, told: str) -> None:
    """What a trusted proxy said goes before its own address; what anybody else said of themselves does not."""
    gateway = Sluggish(port)
    gateway.go.send()
    app = build_app(ConsoleSettings(f"http://127.0.0.1:{port}", trusted_proxies=networks("X", trusted)), HttpMetrics("told"))
    headers = {"Origin": "http://localhost", "X-Forwarded-For": "203.0.113.9"}
    assert app.test_client().post("/sign-in", data={"console-login": "wang"}, headers=headers).status_code == 401
    assert gateway.told == told
    gateway.stop()
