"""The console in a real Chromium, before an embedded suite with cars at every stage. This process knows no green threads."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.dev.state import free_port
from deploy.local.child import Child, bare_environment
from deploy.local.installation import COMMAND, PASSWORD
from servicelane.client import Client
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from servicelane.welcome import DEALER
from tests.browser.house import filled
from tests.browser.reception import TEMPLATE
from tests.cars import brought, stocked
from tests.deployment import Embedded
from tests.waiting import awaited

os.environ["PASSWORD_MEMORY_MIB"] = "12"  # as in tests/conftest.py, which this process does not read
CHROMIUM = os.environ["SERVICELANE_CHROMIUM"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The embedded suite, its console on a port of its own."""
    started = Embedded(tmp_path_factory.mktemp("suite"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def dealership(suite: Embedded) -> Dealership:
    """Everybody who works at the dealer."""
    return stocked(Dealership.sign_in(suite.base_url, DEALER, PASSWORD))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def car(dealership: Dealership) -> Callable[[str], dict[str, Any]]:
    """`car("opened")`: the order of a car whose visit has come so far."""

    return partial(brought, dealership)


@pytest.fixture
def sit(chromium: Browser, suite: Embedded) -> Iterator[Callable[..., Page]]:
    """`sit("advisor")`: their page, signed in; with `script=False` in a browser that runs none."""
    contexts: list[BrowserContext] = []

    def sat(who: str, *, language: str = "en", script: bool = True, **more: Any) -> Page:
        context = chromium.new_context(
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            java_script_enabled=script,
            **{"base_url": suite.console_url, "viewport": {"width": 1280, "height": 900}, **more},
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.add_cookies([{"name": "lane-language", "value": language, "url": more.get("base_url", suite.console_url)}])
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label({"en": "Login", "zh": "登录名"}[language]).fill(f"{DEALER}.{who}")
        page.get_by_label({"en": "Password", "zh": "密码"}[language]).fill(PASSWORD)
        page.locator("button.primary").click()
        page.wait_for_url(f"**/d/{DEALER}**")
        return page

    yield sat
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def cars(suite: Embedded, dealership: Dealership) -> dict[str, dict[str, Any]]:
    """A dealer with something on every screen, in a group with a template."""
    Client.sign_in(suite.base_url, ADMIN, PASSWORD).post("/inspection-templates", {"templates": [TEMPLATE]})
    return filled(dealership, suite.data)


@pytest.fixture(scope="session")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a console that has lost its gateway."""
    address, log = f"127.0.0.1:{free_port()}", tmp_path_factory.mktemp("away") / "console.log"
    nowhere = {"GATEWAY_URL": f"http://127.0.0.1:{free_port()}", "HTTP_ADDRESS": address, "SECURE_COOKIE": "no"}
    process = Child("console", [*COMMAND, "run", "console"], {**bare_environment(), **nowhere}, log)
    awaited(lambda: not process.running or "console_started" in _text(log), "the console to have started")
    yield f"http://{address}"
    process.kill()


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the pictures of the documents go."""
    folder = Path(__file__).parents[2] / "docs" / "figures" / "console"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
