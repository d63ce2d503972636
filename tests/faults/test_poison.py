"""Messages nobody can do: into the dead letters with their reason, their neighbours unaffected."""

import json
from typing import Any

import pytest

from chassis.wire.ids import new_id
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

QUEUES = ("billing.issue_invoices", "parts.deduct_stock", "crm.schedule_follow_up")
"""Who hears of a delivery."""


def _forged(fault: Fault, *, currency: str = "CNY", **changes: Any) -> tuple[str, bytes]:
    """A genuine delivery made into another message: with an id, an order and whatever else of its own."""
    query = "SELECT envelope FROM outbox WHERE type = 'workshop.work_order.delivered' ORDER BY position DESC LIMIT 1"
    [(genuine,)] = fault.fleet.rows("workshop", query)
    envelope = json.loads(genuine.replace('"CNY"', f'"{currency}"'))
    order = new_id()
    data = {**envelope["data"], "work_order_id": order, **changes.pop("data", {})}
    message_id = new_id()
    return message_id, json.dumps({**envelope, "id": message_id, "subject": order, "data": data, **changes}).encode()


POISON = {
    "bad JSON": (lambda fault: (new_id(), b"{not json"), "not JSON"),
    "null": (lambda fault: (new_id(), b"null"), "not a JSON object"),
    "bytes": (lambda fault: (new_id(), b"\x00\xff\xfe\x00"), "not JSON"),
    "unknown type": (lambda fault: _forged(fault, type="workshop.work_order.exploded"), "is not one"),
    "10 MB": (lambda fault: (new_id(), b"x" * 10_000_000), "not JSON"),
    "bad currency": (lambda fault: _forged(fault, currency="ZZZ"), "not_a_currency"),
    "a NUL in its text": (lambda fault: _forged(fault, actor="nobody\x00"), "control_characters"),
    "lines that contradict": (lambda fault: _forged(fault, data={"lines": "none"}), "lines"),
}


@pytest.mark.parametrize("kind", POISON)
def test_poison_with_neighbours(make_fault: MakeFault, kind: str) -> None:
    """It is dead at every subscriber with its reason; the deliveries before and after it have their effects as ever."""
    make, reason = POISON[kind]
    with make_fault(f"poison: {kind}", 120) as fault:
        fault.load(3).wait()
        message_id, body = make(fault)
        for queue in QUEUES:
            fault.bus.publish([(message_id, body)], exchange="", routing_key=queue)
            fault.inject()
        fault.load(3).wait()
        for queue in QUEUES:
            awaited(lambda one=queue: reason in _reason(fault, one, message_id), f"{queue} to give it up: {reason}", 30)
        fault.proof.poison.add(message_id)


def _reason(fault: Fault, queue: str, message_id: str) -> str:
    """Why the message is dead there; empty while it is not."""
    query = "SELECT reason FROM parked_message WHERE subscriber = :queue AND message_id = :id AND kind = 'dead'"
    rows = fault.fleet.rows(queue.partition(".")[0], query, queue=queue, id=message_id)
    return rows[0].reason if rows else ""


def test_a_replay_after_the_fix(make_fault: MakeFault) -> None:
    """What failed until it was dead has its effect once the operator has mended the cause and replays it."""
    with make_fault("dead letters replayed after the fix", 240) as fault:
        role = fault.fleet.databases["crm"].url.split("//")[1].partition(":")[0]
        fault.fleet.change("crm", f'REVOKE INSERT ON follow_up FROM "{role}"')
        try:
            fault.load(6).wait()
            dead = "SELECT count(*) FROM parked_message WHERE subscriber = 'crm.schedule_follow_up' AND kind = 'dead'"

            def given_up() -> bool:
                hurry = "UPDATE parked_message SET next_at = now() WHERE kind = 'retrying' AND next_at > now()"
                fault.fleet.change("crm", hurry)
                return int(fault.fleet.rows("crm", dead)[0][0]) >= 6

            awaited(given_up, "crm to give up", 90)
            fault.inject(fault.fleet.rows("crm", dead)[0][0])
        finally:
            fault.fleet.change("crm", f'GRANT INSERT ON follow_up TO "{role}"')
        fault.fleet.operator("dead-letters", "replay", "crm", "--all")
