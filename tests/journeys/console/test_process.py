"""`servicelane run console`: a process that needs nothing but the gateway's address, and leaves no personal data behind."""

import json
import signal
from pathlib import Path

import requests

from deploy.dev.state import free_port
from deploy.local.child import Child, bare_environment
from deploy.local.installation import COMMAND, PASSWORD
from servicelane.welcome import DEALER
from tests.deployment import Embedded
from tests.waiting import awaited


def _run(tmp_path: Path, **settings: str) -> Child:
    return Child("console", [*COMMAND, "run", "console"], {**bare_environment(), **settings}, tmp_path / "console.log")


def test_it_runs_drains_and_logs_no_personal_data(embedded: Embedded, tmp_path: Path) -> None:
    """Ready when it has reached the gateway; SIGTERM ends it with status 0; its log has routes, no addresses, names or logins."""
    address, probe = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    process = _run(
        tmp_path, GATEWAY_URL=embedded.base_url, HTTP_ADDRESS=address, PROBE_ADDRESS=probe, SECURE_COOKIE="no", LOG_LEVEL="INFO"
    )
    try:
        awaited(lambda: _ready(probe) or not process.running, "the console to be ready", 120)
        with requests.Session() as browser:
            browser.headers["Origin"] = f"http://{address}"
            sent = {"console-login": f"{DEALER}.advisor", "console-password": PASSWORD}
            answer = browser.post(f"http://{address}/sign-in", data=sent, timeout=20)
            assert answer.url == f"http://{address}/d/{DEALER}/orders"
        process.signal(signal.SIGTERM)
        assert process.wait(40) == 0
    finally:
        process.kill()
    lines = [json.loads(line) for line in (tmp_path / "console.log").read_text().splitlines()]
    assert {"page_answered", "console_started", "console_stopped"} <= {line["event"] for line in lines}
    assert {line["service"] for line in lines} == {"console"}
    written = (tmp_path / "console.log").read_text()
    for personal in (PASSWORD, "advisor", DEALER, answer.request.headers["Cookie"].partition("=")[2]):
        assert personal not in written


def test_without_the_gateways_address_it_says_so(tmp_path: Path) -> None:
    """In one line that names the variable."""
    process = _run(tmp_path)
    assert process.wait(60) == 2
    assert (tmp_path / "console.log").read_text().strip() == "servicelane: GATEWAY_URL is not set"


def _ready(probe: str) -> bool:
    try:
        return requests.get(f"http://{probe}/readyz", timeout=2).ok
    except requests.RequestException:
        return False
