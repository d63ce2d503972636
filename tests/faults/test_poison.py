"""Messages nobody can do: into the dead letters with their reason, their neighbours unaffected."""

import json
from typing import Any

import pytest

from chassis.ids import new_id
from tests.deployment import awaited
from tests.faults.world import Fault, MakeFault

pytestmark = pytest.mark.long

BILLING = "billing.issue_invoices"


def _forged(fault: Fault, **changes: Any) -> tuple[str, bytes]:
    """A genuine delivery made into another message: with an id, an order and whatever else of its own."""
    query = "SELECT envelope FROM outbox WHERE type = 'workshop.work_order.delivered' ORDER BY position DESC LIMIT 1"
    [(genuine,)] = fault.fleet.rows("workshop", query)
    envelope = json.loads(genuine)
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
    "bad currency": (lambda fault: _forged(fault, data={"currency": "XXX"}), "urrency"),
    "a NUL in its text": (lambda fault: _forged(fault, actor="nobody\x00"), "Control characters"),
    "lines that contradict": (lambda fault: _forged(fault, data={"lines": "none"}), "lines"),
}


@pytest.mark.parametrize("kind", POISON)
def test_poison_with_neighbours(make_fault: MakeFault, kind: str) -> None:
    """It is dead at billing with its reason; the deliveries before and after it are billed as ever."""
    make, reason = POISON[kind]
    with make_fault(f"poison: {kind}", 120) as fault:
        fault.load(3).wait()
        message_id, body = make(fault)
        fault.bus.publish([(message_id, body)], exchange="", routing_key=BILLING)
        fault.inject()
        fault.load(3).wait()
        query = "SELECT kind, reason FROM held WHERE subscriber = :queue AND message_id = :id AND kind = 'dead'"
        dead: list[Any] = []

        def buried() -> bool:
            dead[:] = fault.fleet.rows("billing", query, queue=BILLING, id=message_id)
            return bool(dead)

        awaited(buried, "the poison to be dead", 30)
        assert reason in dead[0].reason
        fault.proof.poison.add(message_id)


def test_a_forged_dealer(make_fault: MakeFault) -> None:
    """A dealer the registry never announced has no effects; the message is kept, with its reason, in case the news is late."""
    with make_fault("poison: forged dealer", 180) as fault:
        fault.load(3).wait()
        message_id, body = _forged(fault, dealerid="nobody")
        fault.bus.publish([(message_id, body)])
        fault.inject()
        fault.load(3).wait()
        query = "SELECT reason FROM held WHERE message_id = :id AND dealer_id = 'nobody'"
        for service in ("billing", "parts", "crm"):
            awaited(lambda one=service: bool(fault.fleet.rows(one, query, id=message_id)), f"{service} to hold it", 30)
        for service, effect in (("billing", "invoice"), ("parts", "deduction"), ("crm", "follow_up")):
            assert fault.fleet.rows(service, f"SELECT 1 FROM {effect} WHERE dealer_id = 'nobody'") == []
        fault.proof.poison.add(message_id)


def test_a_replay_after_the_fix(make_fault: MakeFault) -> None:
    """What failed until it was dead has its effect once the operator has mended the cause and replays it."""
    with make_fault("dead letters replayed after the fix", 240) as fault:
        role = fault.fleet.databases["crm"].url.split("//")[1].partition(":")[0]
        fault.fleet.change("crm", f'REVOKE INSERT ON follow_up FROM "{role}"')
        try:
            fault.load(6).wait()
            dead = "SELECT count(*) FROM held WHERE subscriber = 'crm.schedule_follow_up' AND kind = 'dead'"

            def given_up() -> bool:
                hurry = "UPDATE held SET next_at = now() WHERE kind = 'retrying' AND next_at > now()"
                fault.fleet.change("crm", hurry)
                return int(fault.fleet.rows("crm", dead)[0][0]) >= 6

            awaited(given_up, "crm to give up", 90)
            fault.inject(fault.fleet.rows("crm", dead)[0][0])
        finally:
            fault.fleet.change("crm", f'GRANT INSERT ON follow_up TO "{role}"')
        fault.fleet.operator("dead-letters", "replay", "crm", "--all")
