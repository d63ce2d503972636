"""Rules W6 and W10: what is promised waits for the parts that the car still lacks."""

from datetime import date

from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.parts.events import PartsReserved, SpecialOrderChanged, SpecialOrderFacts, SpecialOrderRaised
from contracts.shared import PartRequest
from contracts.workshop.order import WorkOrder
from contracts.workshop.promise import RevisePromise
from contracts.workshop.promise_events import PromiseAtRisk, PromiseRevised
from tests.services.desk import NOON
from tests.services.workshop.shop import CUSTOMER, Shop, labour, part
from tests.services.workshop.test_promise import at, found_with, promise_of, put_forward


def reserved(shop: Shop, order: WorkOrder, *short: str, sequence: int = 1) -> None:
    lacking = [PartRequest(line_id=new_id(), part_number=number, quantity=Quantity.of("2")) for number in short]
    fact = PartsReserved(work_order_id=order.id, reserved=[], short=lacking)
    shop.desk.hear(fact, subject=order.id, sequence=sequence)


def booked(shop: Shop) -> WorkOrder:
    appointment = shop.appointment()
    shop.arrive(appointment)
    return shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)


def on_order(order: WorkOrder, expected_on: date | None) -> SpecialOrderFacts:
    return SpecialOrderFacts(
        special_order_id=order.id,
        state="open",
        appointment_id=order.appointment_id,
        work_order_id=order.id,
        customer_id=CUSTOMER.customer_id,
        asked_for="PAD-1",
        part_number="PAD-1",
        quantity=Quantity.of("2"),
        wanted_by=NOON,
        wanted_on=date(2026, 3, 2),
        expected_on=expected_on,
    )


def test_the_last_part_that_is_awaited_counts(shop: Shop) -> None:
    """Rules W6, W10: a later day than was thought is told, with when it would be ready instead."""
    order = booked(shop)
    shop.desk.hear(SpecialOrderRaised(special_order=on_order(order, date(2026, 3, 2))), subject=order.id)
    order = put_forward(shop, order, {"labour": [labour()], "parts": [part()]})
    assert order.promised_at == at("10:30", days=1)
    known = SpecialOrderChanged(special_order=on_order(order, date(2026, 3, 3)))
    shop.desk.hear(known, subject=order.id, sequence=2)
    found = promise_of(shop, order).found
    assert (found.parts_at, found.starts_at) == (at("20:00", days=1), at("08:00", days=2))
    shop.desk.fire_timers()
    [risk] = shop.desk.announced(PromiseAtRisk)
    assert (risk.promised_at, risk.expected_at) == (at("10:30", days=1), at("10:00", days=2))


def test_while_nobody_knows_when_a_part_comes_no_time_is_said_or_promised_by_itself(shop: Shop) -> None:
    """Rules W6, W10: what the advisor names all the same is at risk at once, and nobody knows when it is ready instead."""
    order = booked(shop)
    shop.desk.hear(SpecialOrderRaised(special_order=on_order(order, None)), subject=order.id)
    order = put_forward(shop, order, {"labour": [labour()], "parts": [part()]})
    found = found_with(shop, order)
    assert (found.parts, [one.expected_on for one in found.awaited], found.parts_at) == ("awaited", [None], None)
    assert (found.ready_at, found.proposed_at, found.no_time_because) == (None, None, "part_unknown")
    assert (order.promised_at, promise_of(shop, order).revisions) == (None, [])
    told = {"told_how": "phone", "promise_answer": "agreed"}
    promise = shop.desk.do(RevisePromise(work_order_id=order.id, promised_at=at("17:00"), **told))
    [first] = promise.revisions
    assert promise.first_promised_at == first.promised_at == at("17:00")
    assert (first.moved_by, first.previous_at, first.told_late) == ("revised", None, False)
    assert [one.previous_at for one in shop.desk.announced(PromiseRevised)] == [None]
    shop.desk.fire_timers()
    [risk] = shop.desk.announced(PromiseAtRisk)
    assert (risk.promised_at, risk.expected_at) == (at("17:00"), None)
    known = SpecialOrderChanged(special_order=on_order(order, date(2026, 3, 3)))
    shop.desk.hear(known, subject=order.id, sequence=2)
    shop.desk.fire_timers()
    assert promise_of(shop, order).expected_at == at("10:00", days=2)


def test_parts_that_are_short_put_a_promise_at_risk_and_their_coming_saves_it(shop: Shop) -> None:
    order = shop.approve(put_forward(shop, None, {"labour": [labour()], "parts": [part()]}, promised_at=at("17:00")))
    reserved(shop, order)
    shop.desk.fire_timers()
    assert promise_of(shop, order).at_risk_at is None
    reserved(shop, order, "PAD-1", sequence=2)
    shop.desk.fire_timers()
    promise = promise_of(shop, order)
    assert (promise.at_risk_at, promise.expected_at, promise.found.parts) == (NOON, None, "awaited")
    reserved(shop, order, sequence=3)
    shop.desk.fire_timers()
    promise = promise_of(shop, order)
    assert (promise.at_risk_at, promise.found.parts, len(promise.risks)) == (None, "here", 1)
