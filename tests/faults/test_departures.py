"""The car at the gate and the manager who reverses its delivery, at the same moment: one of them wins, at both services."""

from typing import Any

import eventlet
import pytest
from eventlet import GreenPool

from chassis.wire.ids import new_id
from deploy.local.desk import PATIENCE_SECONDS, Order
from servicelane.client import ProblemError, awaited
from tests.faults.orders import Desk
from tests.faults.visits import settle
from tests.faults.world import HANDS, Fault, MakeFault

pytestmark = pytest.mark.long

PAIRS = 15
LONGEST_DELAY = 2.0
"""The way to the gate is shorter: with such a head start the reversal wins, without one the gate does."""
KILLED = ("", "command_after_commit:1", "subscriber_mid_effect:1", "subscriber_after_commit:1")


@pytest.mark.parametrize("point", KILLED, ids=lambda point: point or "nobody dies")
def test_the_gate_and_the_reversal_at_once(make_fault: MakeFault, point: str) -> None:
    """Rules L5 and W15: either the pass was used and the order closes, or it is revoked and the order is ready again."""
    with make_fault(f"gate and reversal at once, billing killed at {point or 'no point'}", 400) as fault:
        settled = list(GreenPool(HANDS).imap(_settled, fault.world.ready(PAIRS)))
        fault.orders += [order for _, order in settled]
        doomed = fault.fleet.arm("billing", point) if point else []
        contests = [
            eventlet.spawn(_contest, desk, order, delay=None if number % 3 == 0 else LONGEST_DELAY * number / PAIRS)
            for number, (desk, order) in enumerate(settled)
        ]
        if doomed:
            fault.inject(fault.fleet.fallen(doomed))
            fault.fleet.restore()
        winners = [one.wait() for one in contests]
        fault.result.answered += len(winners)
        _agree(fault)
        if not doomed:
            fault.inject(len(winners))
            assert set(winners) == {"gate", "reversal"}, "both win now and then"


def _settled(ready: tuple[Desk, Order]) -> tuple[Desk, Order]:
    desk, order = ready
    desk.deliver(order)
    settle(desk, order)
    return ready


def _contest(desk: Desk, order: Order, *, delay: float | None) -> str:
    """Both at once, or the gate so much later than the request was answered; who won, by the answers and by the order."""
    asked = eventlet.spawn(_answer, desk, f"/work-orders/{order.id}/reverse-delivery", {"reason": "wrong order"}, order.state)
    if delay is not None:
        asked.wait()
        eventlet.sleep(delay)
    at_gate = _answer(desk, "/gate-passes/use", {"code": order.gate_pass["code"]})
    request = asked.wait()
    order.state = awaited(lambda: _decided(desk, order), "the order to show who won", PATIENCE_SECONDS)
    revision = order.state["revision"]
    if order.state["status"] == "closed":
        assert "used_at" in at_gate, at_gate
        # Whoever asked for it had seen the order before the car left.
        assert request.get("code") in (None, "gate_pass_used", "version_is_stale"), request
        order.gate_passes[revision] = "used"
        return "gate"
    assert at_gate.get("code") in ("gate_pass_revoked", "order_not_billed"), at_gate
    order.deliveries[revision], order.gate_passes[revision] = "reversed", "revoked"
    return "reversal"


def _answer(desk: Desk, path: str, body: dict[str, Any], of: dict[str, Any] | None = None) -> Any:
    """What was answered, or how it was refused."""
    try:
        return desk.client.post(path, body, of=of, key=new_id())
    except ProblemError as error:
        return error.problem


def _decided(desk: Desk, order: Order) -> Any:
    state = desk.client.get(f"/work-orders/{order.id}")
    reversal = state["reversal"] and state["reversal"]["state"]
    return state if (state["status"], reversal) in (("ready", "confirmed"), ("closed", "refused"), ("closed", None)) else None


def _agree(fault: Fault) -> None:
    """Each order left or was taken back at billing as at workshop; the proof at the fault's end asks the same of all books."""
    fault.proof.await_drained(90)
    for order in fault.orders:
        query = "SELECT used_at IS NOT NULL AS left FROM gate_pass WHERE work_order_id::text = :order"
        [(left,)] = fault.fleet.rows("billing", query, order=order.id)
        credited = "SELECT count(*) FROM invoice WHERE work_order_id::text = :order AND kind = 'credit_note'"
        [(notes,)] = fault.fleet.rows("billing", credited, order=order.id)
        assert (order.state["status"] == "closed", notes == 0) == (left, left), order
