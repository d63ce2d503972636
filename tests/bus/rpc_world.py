"""What the tests of RPC and draining share: both buses, a line that can break, and services that run on them."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import nameko
import pytest
from nameko.containers import ServiceContainer

from chassis.rpc.client import RpcCaller
from tests.bus.line import Line


@pytest.fixture(params=["embedded", "rabbitmq"])
def bus_uri(request: pytest.FixtureRequest) -> str:
    """The URI of a bus: once the embedded one, once the real one."""
    if request.param == "embedded":
        return f"embedded://test-{uuid4()}/"
    uri: str = request.getfixturevalue("module_amqp_uri")
    return uri


@pytest.fixture
def line(module_amqp_uri: str) -> Iterator[Line]:
    """A line to the real broker that the test may freeze, cut and mend."""
    made = Line(module_amqp_uri)
    yield made
    made.thaw()
    made.cut()


@pytest.fixture
def unique() -> str:
    """A service name no other test uses: tests share a virtual host."""
    return f"test{uuid4().hex[:12]}"


Serve = Callable[..., ServiceContainer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(service_class, uri, **config)` starts a service's container; all are stopped after the test."""
    running: list[ServiceContainer] = []
    before = dict(nameko.config)

    def start(service_class: type, uri: str, **settings: Any) -> ServiceContainer:
        nameko.config.setup({"AMQP_URI": uri, "HEARTBEAT": 5, "DRAIN_SECONDS": 5, **settings})
        container = ServiceContainer(service_class)
        running.append(container)
        container.start()
        return container

    yield start
    for container in running:
        container.stop()
    nameko.config.setup(before)


@pytest.fixture
def caller_to() -> Iterator[Callable[..., RpcCaller]]:
    """`caller_to(uri)` starts an RpcCaller; all are stopped after the test."""
    running: list[RpcCaller] = []

    def start(uri: str, **options: Any) -> RpcCaller:
        caller = RpcCaller(uri, "tests", heartbeat=options.pop("heartbeat", 5), **options)
        running.append(caller)
        caller.start()
        return caller

    yield start
    for caller in running:
        caller.stop()
