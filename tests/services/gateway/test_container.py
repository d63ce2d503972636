"""The gateway as it runs: a nameko container on the in-process bus, its HTTP server on a real socket."""

from collections.abc import Iterator

import nameko
import pytest
import requests
from nameko.containers import ServiceContainer

from chassis.service.entrypoints import Chassis
from chassis.store.migrations import migrate
from chassis.wire.call import Call
from chassis.wire.errors import SettingsError
from chassis.wire.ids import new_id
from contracts.gateway.account import CreateAccount
from gateway.service import GatewayService
from servicelane.client import Client, ProblemError

SECRET = "a secret of the container's tests, long enough"


@pytest.fixture
def environ(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a gateway with a database of its own; the port is chosen by the system."""
    url = f"sqlite:///{tmp_path}/gateway.sqlite"
    migrate(GatewayService, url)
    variables = {
        "AMQP_URI": "embedded://gateway-container/",
        "DATABASE_URL": url,
        "JWT_SECRET": SECRET,
        "HTTP_ADDRESS": "127.0.0.1:0",
        "ATTACHMENT_STORE": str(tmp_path / "attachments"),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with nameko.config.patch({"AMQP_URI": variables["AMQP_URI"]}):
        yield


def _address(container: ServiceContainer) -> str:
    http = next(one for one in container.dependencies if one.attr_name == "http")
    host, port = http.server.address
    return f"http://{host}:{port}"


def test_it_answers_over_http_while_the_container_runs(environ: None) -> None:
    """The description and refusals from the first moment; nobody after the stop."""
    container = ServiceContainer(GatewayService)
    container.start()
    try:
        address = _address(container)
        assert requests.get(f"{address}/v1/openapi.json", timeout=10).json()["openapi"].startswith("3.1")
        asked = {"grant_type": "password", "username": "nobody", "password": "guess"}
        assert requests.post(f"{address}/v1/tokens", data=asked, timeout=10).status_code == 401
        assert requests.get(f"{address}/v1/dealers", timeout=10).headers["Content-Type"] == "application/problem+json"
    finally:
        container.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/v1/openapi.json", timeout=10)


def test_a_client_stays_signed_in_until_its_session_is_ended(environ: None) -> None:
    """It gets the next access token when most of the time of the one it has is over, and says so when there is none any more."""
    container = ServiceContainer(GatewayService)
    container.start()
    try:
        address = _address(container)
        chassis = next(one for one in container.dependencies if isinstance(one, Chassis))
        account = {"login": "wang", "name": "王强", "password": "correct horse battery"}
        opening = GatewayService.use_case(CreateAccount)
        chassis.runtime.executor.execute(CreateAccount, opening, account, Call(), new_id())
        later = 0.0
        wang = Client.sign_in(address, "wang", "correct horse battery", now=lambda: later)
        [used] = wang.get("/sessions")["items"]
        assert wang.get("/sessions")["items"] == [used]
        later += 541
        [used_again] = wang.get("/sessions")["items"]
        assert (used_again["id"], used_again["last_used_at"] > used["last_used_at"]) == (used["id"], True)
        wang.post("/sessions/end-all")
        later += 541
        with pytest.raises(ProblemError) as ended:
            wang.get("/me")
        assert ended.value.problem["code"] == "session_ended"
    finally:
        container.stop()


@pytest.mark.parametrize(("name", "value"), [("JWT_SECRET", "short"), ("RATE_PER_DEALER", "many"), ("HTTP_ADDRESS", "nowhere")])
def test_a_wrong_setting_stops_the_start(environ: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """With one line that names it."""
    monkeypatch.setenv(name, value)
    container = ServiceContainer(GatewayService)
    with pytest.raises(SettingsError, match=name):
        container.start()
    container.kill()
