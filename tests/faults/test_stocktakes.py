"""A store is counted while cars are delivered from it, and processes of parts die."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import eventlet
import eventlet.event
import pytest

from deploy.local.desk import PatientClient
from deploy.local.installation import PASSWORD
from servicelane.client import ProblemError, signed_in
from tests.faults.orders import Desk
from tests.faults.world import DRAIN_SECONDS, Fault, MakeFault

pytestmark = pytest.mark.long

SEED = 2026
COUNTING_SECONDS = 90.0


def test_a_store_is_counted_while_cars_are_delivered_and_parts_dies(make_fault: MakeFault) -> None:
    """Rule P6: one piece of each part is missing; what moved is counted again, and each difference is booked once."""
    with make_fault("a stocktake while parts move, parts killed", 300) as fault:
        work = fault.world.ready(30, hot=True)
        desk = fault.world.desks[0]
        path = f"/stocktakes/{desk.client.post('/stocktakes', {})['id']}"
        load = fault.serve(work, over=30, reversing=False)
        delivered = eventlet.event.Event()
        people = [_signed_in(fault, desk, who) for who in ("clerk", "technician")]
        counting = [eventlet.spawn(_count, one, path, delivered.ready) for one in people]
        _kill_parts(fault, still=lambda: load.answered < len(work))
        load.wait()
        fault.proof.await_drained(DRAIN_SECONDS)
        delivered.send()
        for one in counting:
            one.wait()
        desk.client.post(f"{path}/approve")
        assert desk.client.get(path)["state"] == "approved"
        differences = desk.client.get(f"{path}/differences")["items"]
        assert {one["difference"] for one in differences} == {"-1.000"}
        moves = desk.client.get("/stock/moves", document_id=path.removeprefix("/stocktakes/"))["items"]
        assert sorted(one["part_number"] for one in moves) == sorted(one["part_number"] for one in differences)
        fault.result.answered += 1


def _signed_in(fault: Fault, desk: Desk, who: str) -> PatientClient:
    token = signed_in(fault.fleet.addresses[0], f"{desk.dealer}.{who}", PASSWORD)["refresh_token"]
    return PatientClient(fault.fleet.addresses, token, dealer=desk.dealer)


def _count(client: PatientClient, path: str, all_delivered: Callable[[], bool]) -> None:
    """Count what is on one's sheet, one piece less than there is, until nothing moves any more and nothing is left to count."""
    while not all_delivered() or client.get(f"{path}/sheet")["left"]:
        for line in client.get(f"{path}/sheet")["items"]:
            seen_at = datetime.now(UTC).isoformat()
            there = client.get("/parts/lookup", part_number=line["part_number"], resolve="false")["in_bin"]
            told = {"counted_at": seen_at, "lines": [{"code": line["part_number"], "quantity": f"{float(there) - 1:.3f}"}]}
            _unless_refused(client, f"{path}/counts", told)
        eventlet.sleep(0.2)


def _unless_refused(client: PatientClient, path: str, body: dict[str, Any]) -> None:
    try:
        client.post(path, body)
    except ProblemError as refused:
        if refused.problem["code"] != "counted_by_you":
            raise


def _kill_parts(fault: Fault, *, still: Callable[[], bool]) -> None:
    chance, end = random.Random(SEED), time.monotonic() + COUNTING_SECONDS
    while time.monotonic() < end and still():
        eventlet.sleep(chance.uniform(1, 3))
        victim = next((one for one in fault.fleet.of("parts") if one.ready), None)
        if victim is not None:
            victim.kill()
            fault.fleet.start("parts")
            fault.inject()
