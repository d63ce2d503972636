"""The receiver of health records that an operator tries things with (docs/runbooks/health-records.md), as a process."""

import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from deploy.dev.infrastructure import PROJECT
from deploy.dev.state import free_port
from deploy.local.installation import COMMAND
from servicelane.health_record_sandbox import HealthRecordSandbox
from tests.unit.servicelane.command import environment, servicelane, the_line

RECORD: dict[str, Any] = {
    "schema_version": 1,
    "business_key": "sh-pudong:order:1",
    "dealer": "sh-pudong",
    "work_order_id": "order",
    "revision": 1,
    "vin": "LSVAA49J132047371",
    "plate": "沪A·12345",
    "closed_at": "2026-03-02T04:00:00+00:00",
    "faults": [],
    "operations": [],
    "parts": [],
}
ABSENT = object()


@pytest.fixture
def url() -> Iterator[str]:
    """Where it answers; it is down at first."""
    command = [*COMMAND, "health-record-sandbox", "--port", str(free_port()), "--down"]
    with subprocess.Popen(command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert "HEALTH_RECORD_URL=" in said
            yield said.split("HEALTH_RECORD_URL=")[1].split()[0]
        finally:
            process.terminate()


def send(url: str, key: str | None = None, **changed: Any) -> tuple[int, Any]:
    record = {name: value for name, value in {**RECORD, **changed}.items() if value is not ABSENT}
    told = requests.post(url, json=record, headers={"Idempotency-Key": key or RECORD["business_key"]}, timeout=10)
    return told.status_code, told.json()


def control(url: str, **told: Any) -> Any:
    return requests.post(url.replace("/records", "/control"), json=told, timeout=10).json()


def test_the_command_is_a_receiver_that_fails_as_it_is_told(url: str) -> None:
    """Down, up, refusing a car; what it has is had once, and another record under its key is refused."""
    assert send(url) == (503, {"reason": "down"})
    assert control(url, down=False, refuse={RECORD["vin"]: "unknown"}) == {
        "down": False,
        "refuse": {RECORD["vin"]: "unknown"},
        "slow": 0.0,
    }
    assert send(url) == (422, {"reason": "unknown"})
    assert control(url, refuse={})["down"] is False
    assert [send(url)[0], send(url)[0]] == [201, 200]
    assert send(url, plate="沪A·99999") == (422, {"reason": "another record under this key"})
    assert requests.get(url, timeout=10).json() == {RECORD["business_key"]: RECORD}


def test_it_refuses_what_is_no_record() -> None:
    """As a platform would: what is missing, a key that is not the record's, a VIN that is none."""
    with HealthRecordSandbox() as sandbox:
        assert send(sandbox.url, schema_version=2)[0] == 422
        for name in ("vin", "plate", "faults", "revision"):
            assert send(sandbox.url, **{name: ABSENT}) == (422, {"reason": f"{name} is missing"})
        assert send(sandbox.url, key="other") == (422, {"reason": "Idempotency-Key is not the business key"})
        assert send(sandbox.url, dealer="bj-chaoyang") == (422, {"reason": "the business key is not dealer:order:revision"})
        assert send(sandbox.url, vin="NO VIN") == (422, {"reason": "vin is no VIN"})
        assert sandbox.records == {}


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = servicelane("health-record-sandbox", "--port", str(taken.getsockname()[1]))
    assert "--port" in the_line(done)
