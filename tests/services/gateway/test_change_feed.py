"""The change feed of gateways as they run: containers on the in-process bus and on RabbitMQ, HTTP on real sockets."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import eventlet
import nameko
import pytest
import requests
from nameko.containers import ServiceContainer

from chassis.service.entrypoints import Chassis
from chassis.store.migrations import migrate
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from contracts.gateway.account import CreateAccount
from contracts.gateway.dealer import ChangeDealer, RegisterDealer
from gateway.service import GatewayService
from tests.bus.line import Line
from tests.doors.listening import Listener, listening
from tests.waiting import awaited

DEALER = "sh-pudong"
PATH = f"/v1/dealers/{DEALER}/changes"
PASSWORD = "a password of the change feed's tests"
FACTS: dict[str, Any] = {"name": "浦东店", "time_zone": "Asia/Shanghai", "locale": "zh", "tax_mode": "inclusive"}


class Gateway:
    """One running replica of the gateway."""

    def __init__(self) -> None:
        self.container = ServiceContainer(GatewayService)
        self.container.start()
        parts = {type(one).__name__: one for one in self.container.dependencies}
        self.http = parts["HttpInterface"]
        chassis = next(one for one in parts.values() if isinstance(one, Chassis))
        self.executor = chassis.runtime.executor
        awaited(lambda: self.http._listener.hearing, "the gateway to hear")

    @property
    def address(self) -> tuple[str, int]:
        """Where it answers."""
        found: tuple[str, int] = self.http.server.address
        return found

    def do(self, contract: Any, **facts: Any) -> Any:
        """Have it done by its own use case."""
        return self.executor.execute(contract, GatewayService.use_case(contract), facts, Call(principal="cli"), new_id())

    def token(self) -> str:
        """A new token of the technician."""
        asked = {"grant_type": "password", "username": "li", "password": PASSWORD}
        address = "http://{}:{}/v1/tokens".format(*self.address)
        return str(requests.post(address, data=asked, timeout=30).json()["access_token"])


@pytest.fixture(params=["embedded", "server"])
def bus(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Where they listen: the URI, and a line that can be cut if there is one."""
    if request.param == "embedded":
        yield f"embedded://changes-{uuid4()}/", None
        return
    line = Line(request.getfixturevalue("vhosts").make())
    yield line.uri, line
    line.cut()


@pytest.fixture
def start(bus: Any, tmp_path: Any, migrated_database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Gateway]]:
    """Starts replicas of a gateway that knows a dealer and a technician."""
    uri, line = bus
    url = migrated_database(GatewayService).url if line else f"sqlite:///{tmp_path}/gateway.sqlite"
    if not line:
        migrate(GatewayService, url)
    variables = {"AMQP_URI": uri, "DATABASE_URL": url, "JWT_SECRET": "x" * 40, "HTTP_ADDRESS": "127.0.0.1:0", "HEARTBEAT": "5"}
    variables["ATTACHMENT_STORE"] = str(tmp_path / "attachments")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    running: list[Gateway] = []

    def started() -> Gateway:
        running.append(Gateway())
        if len(running) == 1:
            running[0].do(RegisterDealer, dealer=DEALER, currency="CNY", **FACTS)
            dealers = [{"dealer": DEALER, "roles": ["technician"]}]
            running[0].do(CreateAccount, login="li", name="李", password=PASSWORD, dealers=dealers)
        return running[-1]

    with nameko.config.patch({"AMQP_URI": uri}):
        yield started
        for one in running:
            one.container.stop()


def opened(listener: Listener) -> Listener:
    """The stream has begun."""
    awaited(lambda: listener.blocks, "the stream to begin")
    return listener


def rename(gateway: Gateway, name: str, version: int) -> None:
    """Something changes at the dealer."""
    gateway.executor.execute(
        ChangeDealer,
        GatewayService.use_case(ChangeDealer),
        {"dealer": DEALER, **FACTS, "name": name},
        Call(principal="cli", if_match=version),
        new_id(),
    )


def told(listener: Listener, sequence: int) -> bool:
    """Whether it was told that the dealer's registration has this version."""
    return any(f'"type":"gateway.dealer.recorded","subject":"{DEALER}","sequence":{sequence},' in one for one in listener.told)


def test_every_replica_tells_what_any_of_them_has_committed(start: Callable[[], Gateway]) -> None:
    """And who goes on at another one misses nothing."""
    one, other = start(), start()
    with listening(one.address, PATH, one.token()) as here, listening(other.address, PATH, other.token()) as there:
        opened(here), opened(there)
        rename(one, "浦东一店", 1)
        awaited(lambda: told(here, 2) and told(there, 2), "both to tell of it")
        last = here.seen
    rename(one, "浦东二店", 2)
    with listening(other.address, PATH, other.token(), Last_Event_ID=str(last)) as there:
        awaited(lambda: told(there, 3) or "resync" in there.events, "what was missed")


def test_a_lost_line_is_told_as_resync_when_it_is_back(start: Callable[[], Gateway], bus: Any) -> None:
    """Whoever listens reads everything again; what is committed after that is told."""
    gateway = start()
    with listening(gateway.address, PATH, gateway.token()) as listener:
        opened(listener)
        _, line = bus
        if line:
            line.cut()
            line.mend()
        else:
            gateway.http._listener.sever()
        awaited(lambda: "resync" in listener.events, "to be told")
        rename(gateway, "浦东一店", 1)
        awaited(lambda: told(listener, 2), "what is new")
        assert not listener.ended


def test_a_gateway_that_stops_lets_go_of_its_streams_first(start: Callable[[], Gateway]) -> None:
    """A rolling restart waits for nobody who only listens: with half a minute to drain it is over at once."""
    gateway = start()
    with listening(gateway.address, PATH, gateway.token()) as listener:
        opened(listener)
        with eventlet.Timeout(15, AssertionError("the stop waited for the stream")):
            gateway.container.stop()
        awaited(lambda: listener.ended, "the end of the stream")
