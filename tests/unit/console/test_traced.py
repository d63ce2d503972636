"""A page is the beginning of a trace, and what the gateway is asked for it belongs to it."""

from collections.abc import Iterator

import pytest
from flask import Response

from chassis.process import tracing
from chassis.process.metrics import HttpMetrics
from chassis.wire.traces import NAME, trace_id
from console.app import build_app
from console.settings import ConsoleSettings
from tests.collector import SERVER, Collector
from tests.pages import Browser
from tests.unit.console.test_gateway import PROBLEM, Scripted
from tests.waiting import awaited


@pytest.fixture
def gateway() -> Iterator[Scripted]:
    """A gateway that lets nobody in."""
    found = Scripted()
    no = '{"code": "invalid_credentials", "title": "No."}'
    found.answers = [lambda: Response(no, 401, content_type=PROBLEM)] * 5
    yield found
    found.stop()


def tried(gateway: Scripted) -> None:
    """Somebody tries to sign in."""
    app = build_app(ConsoleSettings(gateway_url=gateway.url, secure_cookie=False), HttpMetrics("console"))
    Browser(app.test_client()).sign_in("nobody", "a wrong password")


def test_what_the_gateway_is_asked_belongs_to_the_page(gateway: Scripted) -> None:
    """The traceparent that it is sent is that of the page's span."""
    with Collector() as collector:
        tracing.start(collector.url)
        try:
            tried(gateway)
            pages = awaited(lambda: {one.trace: one for one in collector.named("POST /sign-in")}, "the page's span")
        finally:
            tracing.stop()
    asked = [headers.get("Traceparent", "") for headers in gateway.asked]
    assert {trace_id(one) for one in asked} == set(pages)
    [page] = pages.values()
    assert {one.split("-")[2] for one in asked} == {page.id}
    assert (page.service, page.kind, page.facts["http.route"]) == ("console", SERVER, "/sign-in")
    assert b"a wrong password" not in b"".join(collector.bodies)


def test_without_a_collector_the_gateway_begins_the_trace(gateway: Scripted) -> None:
    """Nothing is sent along that nobody would find."""
    tried(gateway)
    assert gateway.asked
    assert not any(NAME.title() in headers for headers in gateway.asked)
