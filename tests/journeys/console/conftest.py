"""The console before the embedded suite: a browser without script, and cars at every stage of a visit.

All journeys share one running suite. A module has a dealer of its own on it, named in its `DEALER`: nobody else's cars stand in
its queues.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from limits import parse

from chassis.process.metrics import HttpMetrics
from console.app import build_app
from console.gateway import Answer, Call, Caller, Gateway
from console.settings import ConsoleSettings
from deploy.local.installation import PASSWORD
from servicelane.api_guide import document
from servicelane.client import Client
from servicelane.dealership import Dealership, open_dealership
from servicelane.setup import ADMIN
from tests.cars import brought, stocked
from tests.contracts.test_console_actions import BELOW
from tests.deployment import Embedded
from tests.pages import Browser, Page


class Asked:
    """Every call the console makes, kept for the test of the published document."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def must_be_published(self) -> None:
        """The address, the method, and every parameter of each call are in the published document."""
        published = document()["paths"]
        for call in self.calls:
            if call.path == "/v1/openapi.json":
                continue
            path = re.sub(r"^/v1/dealers/[^/]+", BELOW, call.path)
            found = [known for known in published if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path) or known == path]
            operations = [published[known].get(call.method.lower()) for known in found]
            assert any(operations), f"{call.method} {call.path}"
            known = {
                one["name"] for operation in operations if operation for one in operation.get("parameters", []) if "name" in one
            }
            assert set(call.query) <= known, f"{call.path}: {set(call.query) - known}"


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """What the console asked in this module."""
    noted, ask = Asked(), Gateway.ask

    def noting(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        noted.calls.append(call)
        return ask(gateway, call, caller)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gateway, "ask", noting)
        yield noted


@pytest.fixture(scope="module")
def app(embedded: Embedded, asked: Asked, dealership: Dealership) -> Flask:
    """One replica of the console; the module's dealer is open."""
    return replica(embedded)


def replica(embedded: Embedded) -> Flask:
    """A replica with a memory of its own, that lets the tests, which are all at one address, ask as fast as they can."""
    settings = ConsoleSettings(gateway_url=embedded.base_url, secure_cookie=False, client_rate=parse("10000/second"))
    return build_app(settings, HttpMetrics("console"))


@pytest.fixture(scope="module")
def dealership(embedded: Embedded, other_dealership: Dealership, request: pytest.FixtureRequest) -> Dealership:
    """The module's dealer; there is another one, `OTHER`, where everybody works as well as nobody else."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    return stocked(open_dealership(admin, embedded.base_url, dealer=request.module.DEALER, name="浦东店", password=PASSWORD))


@pytest.fixture
def car(dealership: Dealership) -> Callable[[str], dict[str, Any]]:
    """`car("opened")`: the order of a car whose visit has come so far."""

    return partial(brought, dealership)


@pytest.fixture
def at_desk(app: Flask, dealership: Dealership) -> Callable[..., Browser]:
    """`at_desk("advisor")`: their browser, signed in."""

    def signed_in(who: str, dealer: str = dealership.dealer, language: str = "en", on: Flask = app) -> Browser:
        browser = Browser(on.test_client(), language)
        page = browser.sign_in(f"{dealer}.{who}", PASSWORD)
        assert page.status == 200, page.text
        return browser

    return signed_in


def order_page(browser: Browser, order: dict[str, Any], more: str = "") -> Page:
    """The page of an order."""
    page = browser.get(f"/d/{browser.dealer}/orders/{order['id']}{more}")
    assert page.status == 200, page.text
    return page
