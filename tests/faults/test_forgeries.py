"""Messages that lie about whose they are.

The first wall is the broker's: who a service is, its password says, and only workshop can say that an order was delivered. The
second is the dealer's scope: an event is believed to be of the dealer it names, and what is another's is not there for it.
"""

import json
from typing import Any

import pytest
from amqp.exceptions import AccessRefused

from chassis.process.clock import SystemClock
from chassis.wire.envelope import seal
from chassis.wire.ids import new_id
from chassis.wire.messages import Event
from contracts.billing.events import GatePassUsed
from contracts.workshop.events import DeliveryReversed, ReversalRequested, WorkOrderDelivered
from deploy.local.desk import Order
from servicelane import suite
from tests.faults.world import Fault, MakeFault
from tests.waiting import awaited

pytestmark = pytest.mark.long

EFFECTS = {"billing": "invoice", "parts": "deduction", "crm": "follow_up"}
"""By subscriber: what it makes of a delivery."""
NOTHING: dict[str, list[Any]] = {subscriber: [] for subscriber in EFFECTS}


def test_a_service_speaks_for_no_other(make_fault: MakeFault) -> None:
    """The broker lets nobody publish on another's exchange, nor into another's queue past the exchanges."""
    with make_fault("forgery: in another service's name", 240) as fault:
        fault.load(3).wait()
        for liar, uri in fault.fleet.amqp_uris.items():
            others = [name for name in suite.SERVICES if name != liar]
            for exchange, key in [*((f"{name}.events", "work_order.delivered") for name in others), ("", f"rpc-{others[0]}")]:
                with pytest.raises(AccessRefused):
                    fault.bus.publish([(new_id(), b"{}")], exchange=exchange, routing_key=key, uri=uri)
                fault.inject()
        fault.load(3)


def test_a_dealer_nobody_registered(make_fault: MakeFault) -> None:
    """It has no effects; the message is kept, with its reason, in case the news of the dealer is late."""
    with make_fault("forgery: an unknown dealer", 240) as fault:
        order = _delivered(fault)
        message_id, body = _delivery(fault, order, dealer="nobody")
        fault.bus.publish([(message_id, body)])
        fault.inject()
        fault.load(3).wait()
        for service in EFFECTS:
            awaited(lambda one=service: _parked(fault, one, message_id) == "early", f"{service} to hold it", 30)
        assert _effects(fault, order, "nobody") == NOTHING
        fault.proof.poison.add(message_id)


def test_facts_about_another_dealers_order(make_fault: MakeFault) -> None:
    """A reversal waits for a delivery the named dealer never had; a departure finds no order; a known delivery is a double."""
    with make_fault("forgery: facts about another dealer's order", 240) as fault:
        order, liar = _delivered(fault), fault.world.desks[-1].dealer
        before = _effects(fault, order, order.dealer)
        asked = _sealed(ReversalRequested(work_order_id=order.id, revision=1, reason="forged"), order, liar)
        reversal = _sealed(DeliveryReversed(work_order_id=order.id, revision=1, reason="forged"), order, liar)
        departure = _sealed(GatePassUsed(gate_pass_id=new_id(), work_order_id=order.id, revision=1), order, liar)
        fault.bus.publish([asked], routing_key=ReversalRequested.routing_key())
        fault.bus.publish([reversal], routing_key=DeliveryReversed.routing_key())
        fault.bus.publish([departure], exchange="billing.events", routing_key=GatePassUsed.routing_key())
        fault.bus.publish([_delivery(fault, order, dealer=liar, renamed=False)])
        fault.inject(4)
        fault.load(3).wait()
        for service, (held, _) in {"billing": asked, "parts": reversal, "crm": reversal}.items():
            awaited(lambda one=service, held=held: _parked(fault, one, held) == "early", f"{service} to hold the reversal", 30)
        awaited(lambda: _parked(fault, "workshop", departure[0]) == "dead", "workshop to find no such order", 30)
        awaited(lambda: not fault.bus.waiting(), "the double to be taken")
        assert _effects(fault, order, order.dealer) == before
        assert _effects(fault, order, liar) == NOTHING
        fault.proof.poison |= {asked[0], reversal[0], departure[0]}


def test_a_delivery_for_another_dealer(make_fault: MakeFault) -> None:
    """Workshop itself is believed, for only it knows its orders: I1 and I8 name it, and the order's own dealer loses nothing."""
    with make_fault("forgery: a delivery for another dealer", 240) as fault:
        order, liar = _delivered(fault), fault.world.desks[-1].dealer
        before = _effects(fault, order, order.dealer)
        fault.bus.publish([_delivery(fault, order, dealer=liar)])
        fault.inject()
        fault.load(3).wait()
        awaited(lambda: all(_effects(fault, order, liar).values()), "the dealer that was named to have the effects")
        assert _effects(fault, order, order.dealer) == before
        fault.proof.forged.add((liar, order.id))
        fault.world.spoilt = True


def _delivered(fault: Fault) -> Order:
    """An order that was delivered once, with all its effects."""
    work = fault.world.ready(3)
    fault.serve(work).wait()
    fault.proof.await_drained(60)
    return work[1][1]


def _delivery(fault: Fault, order: Order, *, dealer: str, renamed: bool = True) -> tuple[str, str]:
    """(message id, body) of this order's delivery made into another dealer's; under an id of its own, if renamed."""
    query = "SELECT envelope FROM outbox WHERE type = :type AND subject = :order"
    [(genuine,)] = fault.fleet.rows("workshop", query, type=WorkOrderDelivered.type, order=order.id)
    envelope = json.loads(genuine)
    message_id = new_id() if renamed else envelope["id"]
    return message_id, json.dumps({**envelope, "id": message_id, "dealerid": dealer})


def _sealed(fact: Event, order: Order, dealer: str) -> tuple[str, str]:
    """(message id, body) of a made-up fact about this order."""
    envelope = seal(
        fact,
        subject=order.id,
        sequence=order.state["version"] + 1,
        time=SystemClock().now(),
        dealer=dealer,
        correlation_id=None,
        causation_id=None,
        traceparent=None,
        actor="a forger",
    )
    return envelope.id, envelope.to_json()


def _parked(fault: Fault, service: str, message_id: str) -> str | None:
    rows = fault.fleet.rows(service, "SELECT kind FROM parked_message WHERE message_id = :id", id=message_id)
    return rows[0].kind if rows else None


def _effects(fault: Fault, order: Order, dealer: str) -> dict[str, list[Any]]:
    """By subscriber: its rows of this order in the books of this dealer, whole."""
    return {
        service: sorted(
            str(row)
            for (row,) in fault.fleet.rows(
                service,
                f"SELECT to_jsonb({table}) FROM {table} WHERE work_order_id::text = :order AND dealer_id = :dealer",
                order=order.id,
                dealer=dealer,
            )
        )
        for service, table in EFFECTS.items()
    }
