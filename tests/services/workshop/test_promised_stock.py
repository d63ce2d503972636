"""Rule W6: a part that has no stock gives the estimate its time before anybody approves it."""

from datetime import date

from chassis.wire.ids import new_id
from contracts.parts.supply_events import PartSupply, SupplyChanged
from contracts.shared import PartRequest
from contracts.workshop.agreement import ProposeAdditionalWork
from contracts.workshop.order import WorkOrder
from contracts.workshop.promise import FoundPromise
from tests.services.workshop.shop import Shop, labour, part
from tests.services.workshop.test_promise import at, found_with, promise_of, put_forward
from tests.services.workshop.test_promised_parts import reserved


def told(shop: Shop, number: str = "PAD-1", *, edition: int = 1, free: bool = False, **when: object) -> None:
    """parts says how it is with a part."""
    fact = SupplyChanged(edition=edition, parts=[PartSupply(part_number=number, free=free, **when)])
    shop.desk.hear(fact, subject=f"supply-{edition}")


def quoted(shop: Shop, order: WorkOrder | None = None) -> WorkOrder:
    return put_forward(shop, order, {"labour": [labour()], "parts": [part()]})


def rests_on(found: FoundPromise) -> list[tuple[str, date | None, str | None]]:
    return [(one.part_number, one.expected_on, one.arrival_known_by) for one in found.awaited]


def test_a_part_without_stock_comes_after_its_lead_time(shop: Shop) -> None:
    """Rule W6: the car is promised for when the part is there, and the estimate says what that rests on."""
    told(shop, lead_time_days=1)
    order = quoted(shop)
    found = found_with(shop, order)
    assert (found.parts, rests_on(found)) == ("awaited", [("PAD-1", date(2026, 3, 3), "lead_time")])
    assert (found.parts_at, order.promised_at) == (at("20:00", days=1), at("10:30", days=2))
    assert [one.quantity for one in found.awaited] == [part().quantity]


def test_what_is_on_its_way_comes_before_a_lead_time(shop: Shop) -> None:
    told(shop, lead_time_days=7, expected_on=date(2026, 3, 2))
    order = quoted(shop)
    assert rests_on(found_with(shop, order)) == [("PAD-1", date(2026, 3, 2), "on_its_way")]
    assert order.promised_at == at("10:30", days=1)


def test_a_part_that_comes_in_weeks_gives_its_time_and_a_promise_after_it_is_not_at_risk(shop: Shop) -> None:
    """Rules W6, W10: however far ahead, somebody works then, and nobody tells the customer of a delay that there is not."""
    told(shop, lead_time_days=21)
    order = quoted(shop)
    found = found_with(shop, order)
    assert (found.no_time_because, found.parts_at, order.promised_at) == (None, at("20:00", days=21), at("10:30", days=22))
    later = put_forward(shop, order, promised_at=at("17:00", days=60))
    shop.desk.fire_timers()
    promise = promise_of(shop, later)
    assert (promise.promised_at, promise.at_risk_at) == (at("17:00", days=60), None)


def test_of_a_part_that_nobody_sells_no_time_is_known(shop: Shop) -> None:
    """Rule W6: none is promised by itself, and the part is named."""
    told(shop)
    order = quoted(shop)
    found = found_with(shop, order)
    assert (order.promised_at, found.no_time_because, rests_on(found)) == (None, "part_unknown", [("PAD-1", None, None)])


def test_a_part_that_has_stock_or_was_never_told_of_makes_nobody_wait(shop: Shop) -> None:
    order = quoted(shop)
    assert (found_with(shop, order).parts, order.promised_at) == ("not_set_aside", at("14:30"))
    told(shop)
    told(shop, edition=2, free=True)
    told(shop, edition=1)
    assert promise_of(shop, order).found.parts == "not_set_aside"


def test_after_the_approval_what_was_set_aside_counts_and_what_is_short_comes_after_its_lead_time(shop: Shop) -> None:
    """Rules W6, W10: there is none for others, but this car has its own; of what it lacks the lead time is known."""
    told(shop, lead_time_days=1)
    order = shop.approve(quoted(shop))
    reserved(shop, order)
    assert promise_of(shop, order).found.parts == "here"
    reserved(shop, order, "PAD-1", sequence=2)
    shop.desk.fire_timers()
    promise = promise_of(shop, order)
    assert rests_on(promise.found) == [("PAD-1", date(2026, 3, 3), "lead_time")]
    assert promise.at_risk_at is None


def test_additional_work_asks_for_its_own_parts(shop: Shop) -> None:
    order = shop.approve(quoted(shop))
    reserved(shop, order)
    told(shop, lead_time_days=1)
    order = shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, parts=[part()], extra_minutes=0))
    assert rests_on(found_with(shop, order)) == [("PAD-1", date(2026, 3, 3), "lead_time")]


def test_what_was_set_aside_at_the_booking_is_there(shop: Shop) -> None:
    """Rules B6, W6: nothing of it is free for others, because it is this car's."""
    told(shop)
    wanted = PartRequest(line_id=new_id(), part_number="PAD-1", quantity=part().quantity)
    appointment = shop.appointment(parts=[wanted])
    shop.arrive(appointment)
    order = shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)
    order = quoted(shop, order)
    assert (found_with(shop, order).parts, order.promised_at) == ("not_set_aside", at("14:30"))
