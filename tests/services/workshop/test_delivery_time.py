"""Rule W13: the delivery is an appointment: in the opening hours, no more cars at once than there is room for, off peak."""

from collections import Counter
from datetime import UTC, date, datetime

import eventlet
import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Hours
from contracts.booking.calendar import OpeningHours
from contracts.booking.calendar_events import CalendarSet
from contracts.workshop import delivery_time as times
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.delivery_time_events import DeliveryBooked, DeliveryCancelled, DeliveryMoved
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.pricing import OperationEntry, PublishOperations
from contracts.workshop.promise import RevisePromise
from services.workshop.delivery_time.delivery_time import DeliveryTime
from tests.services.booking.test_capacity import nobody_first
from tests.services.workshop.shop import Shop, labour, sublet
from tests.services.workshop.visitors import visitor

DAY = "2026-03-03"  # a Tuesday
PEAK = times.PeakInterval(weekday="tuesday", begins="09:30", ends="10:30")


def at(text, day=DAY):
    return datetime.fromisoformat(f"{day}T{text}:00+08:00").astimezone(UTC)


def hours(shop, opens="08:30", closes="12:00", closures=()):
    opening = [OpeningHours(weekday=day, opens=opens, closes=closes) for day in ("monday", "tuesday", "wednesday")]
    closed = [date.fromisoformat(one) for one in closures]
    fact = CalendarSet(calendar_id="019cadf0-0000-7000-8000-000000000032", opening=opening, closed_on=closed)
    hours.told = getattr(hours, "told", 0) + 1
    shop.desk.hear(fact, subject=fact.calendar_id, sequence=hours.told)


def sets(shop, **said):
    return shop.desk.do(times.SetDeliverySettings(**said))


def books(shop, order, text, day=DAY):
    return shop.desk.do(times.BookDelivery(work_order_id=order.id, starts_at=at(text, day)))


def moves(shop, order, text, day=DAY):
    return shop.desk.do(times.MoveDelivery(work_order_id=order.id, starts_at=at(text, day), reason="ill"))


def promised(shop):
    """An order whose customer was promised a time today."""
    return shop.quoted(shop.open(), labour=[labour()])


def plan(shop, order):
    return shop.desk.ask(times.GetDeliveryPlan(work_order_id=order.id))


def on_day(shop, day=DAY):
    return shop.desk.ask(times.GetDeliveryDay(day=date.fromisoformat(day)))


def overhauled(shop):
    """An order with work of the class overhaul."""
    entry = OperationEntry(
        operation_code="ENGINE", name_zh="发动机大修", name_en="Overhaul", hours=Hours.of("9.00"), work_class="overhaul"
    )
    shop.desk.do(PublishOperations(operations=[entry]), dealer=None)
    return shop.approved(labour=[labour("ENGINE")])


def test_it_is_agreed_on_moved_and_cancelled_with_a_reason_and_there_is_one_of_an_order(shop: Shop) -> None:
    order = shop.approved()
    booked = books(shop, order, "10:00")
    assert (booked.delivery_state, booked.starts_at, booked.ends_at) == ("booked", at("10:00"), at("10:30"))
    assert shop.now(order).delivery_at == at("10:00")
    with pytest.raises(Refused, match="delivery_agreed"):
        books(shop, order, "11:00")
    assert moves(shop, order, "11:00").starts_at == at("11:00")
    off = shop.desk.do(times.CancelDelivery(work_order_id=order.id, reason="abroad"))
    assert (off.delivery_state, off.ended_because, shop.now(order).delivery_at) == ("cancelled", "abroad", None)
    for late in (
        lambda: moves(shop, order, "11:00"),
        lambda: shop.desk.do(times.CancelDelivery(work_order_id=order.id, reason="x")),
    ):
        with pytest.raises(Refused, match="delivery_not_agreed"):
            late()
    again = books(shop, order, "11:30")
    assert again.id != booked.id
    [first, second], [moved], [cancelled] = (
        shop.desk.announced(kind) for kind in (DeliveryBooked, DeliveryMoved, DeliveryCancelled)
    )
    assert (first.delivery_time_id, second.delivery_time_id, first.customer.name) == (booked.id, again.id, "Li Na")
    assert (moved.previous_starts_at, moved.starts_at, moved.reason) == (at("10:00"), at("11:00"), "ill")
    assert (cancelled.delivery_time_id, cancelled.reason) == (booked.id, "abroad")


def test_before_the_car_is_promised_nothing_is_agreed_and_what_is_ready_early_is_collected_early(shop: Shop) -> None:
    """Rule W13: by name; a car that is ready is offered and handed over from now on, whatever was promised."""
    order = shop.approved()
    revised(shop, order, "11:00")
    for ask in (lambda: books(shop, order, "10:30"), lambda: moves(shop, order, "10:30")):
        with pytest.raises(Refused) as early:
            ask()
        assert (early.value.code, early.value.details["promised_at"]) == ("delivery_before_promise", "2026-03-03T11:00:00+08:00")
        books(shop, order, "11:00") if shop.now(order).delivery_at is None else None
    shop.desk.do(times.CancelDelivery(work_order_id=order.id, reason="abroad"))
    assert plan(shop, order).offers[0].starts_at == at("11:00")
    shop.ready(order)
    assert plan(shop, order).offers[0].starts_at < at("11:00")
    assert books(shop, order, "10:30").overtaken is False


def test_a_promise_that_moves_past_the_delivery_is_the_advisors_matter_until_it_is_moved(shop: Shop) -> None:
    """Rule W13: on the attention list since it was told, among the advisor's cars, and to the customer."""
    order, other = shop.approved(), shop.approved()
    comes, _ = visitor(shop, order)
    revised(shop, order, "09:00")
    books(shop, order, "10:00")
    books(shop, other, "10:00")
    assert (overtaken(shop), comes.sees().delivery_overtaken) == ([], False)
    shop.desk.pass_time(minutes=5)
    revised(shop, order, "11:00")
    [matter] = overtaken(shop)
    assert (matter.work_order_id, matter.staff, matter.since) == (order.id, "wang", shop.desk.clock.now())
    [listed] = shop.desk.ask(ListWorkOrders(delivery_overtaken=True, advisor="wang")).items
    assert (listed.id, listed.delivery_overtaken, listed.delivery_at) == (order.id, True, at("10:00"))
    assert [one.id for one in shop.desk.ask(ListWorkOrders(delivery_overtaken=False)).items] == [other.id]
    assert shop.desk.ask(ListWorkOrders(delivery_overtaken=True), dealer="bj-chaoyang").items == []
    seen = comes.sees()
    assert (seen.promised_at, seen.delivery_at, seen.delivery_overtaken) == (at("11:00"), at("10:00"), True)
    assert plan(shop, order).appointment.overtaken
    moves(shop, order, "11:30")
    assert (overtaken(shop), comes.sees().delivery_overtaken) == ([], False)
    revised(shop, order, "12:00")
    assert len(overtaken(shop)) == 1
    shop.ready(order)
    assert overtaken(shop) == [], "it is ready before"


def overtaken(shop):
    [group] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "delivery_overtaken"]
    assert group.count == len(group.items)
    return group.items


def revised(shop, order, text):
    told = {"told_how": "phone", "promise_answer": "agreed"}
    return shop.desk.do(RevisePromise(work_order_id=order.id, promised_at=at(text), **told))


def test_however_many_ask_at_once_no_more_cars_are_handed_over_than_there_is_room_for(shop: Shop) -> None:
    sets(shop, cars=3)
    orders = [promised(shop) for _ in range(12)]

    def book(index):
        try:
            return books(shop, orders[index], "10:00").delivery_state
        except Refused as refusal:
            return refusal.code

    with nobody_first(shop.desk, "delivery_times"):
        outcomes = Counter(eventlet.GreenPool(12).imap(book, range(12)))
    assert outcomes == {"booked": 3, "delivery_slot_full": 9}


def test_an_interval_has_its_own_room_and_what_was_agreed_counts_whatever_the_times_are_by_now(shop: Shop) -> None:
    """Moving to another time leaves the first one free, and does not stand in its own way."""
    sets(shop, cars=1, intervals=[times.DeliveryInterval(weekday="tuesday", begins="09:00", ends="10:00", cars=2)])
    one, two, three, four = (promised(shop) for _ in range(4))
    books(shop, one, "09:30")
    books(shop, two, "09:30")
    with pytest.raises(Refused, match="delivery_slot_full"):
        books(shop, three, "09:30")
    books(shop, three, "10:00")
    sets(shop, cars=1, slot_minutes=45)
    with pytest.raises(Refused) as refused:
        books(shop, four, "10:15")
    assert (refused.value.code, refused.value.details["field"]) == ("delivery_slot_full", "starts_at")
    assert moves(shop, three, "10:15").ends_at == at("11:00"), "its own place is not in its way"


def test_the_opening_hours_are_kept_and_without_a_calendar_there_are_some(shop: Shop) -> None:
    order = promised(shop)
    assert [one.starts_at for one in on_day(shop).slots][::23] == [at("08:00"), at("19:30")]
    hours(shop, closures=["2026-03-04"])
    assert [one.starts_at for one in on_day(shop).slots] == [
        at(text) for text in ("08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30")
    ]
    for text, day in (("12:00", DAY), ("09:10", DAY), ("09:00", "2026-03-04"), ("09:00", "2026-03-05")):
        with pytest.raises(Refused, match="no_delivery_slot"):
            books(shop, order, text, day)
    for text, day in (("09:00", "2026-03-02"), ("09:00", "2026-09-01")):
        with pytest.raises(Invalid):
            books(shop, order, text, day)
    books(shop, order, "11:30")


def test_times_are_proposed_from_the_promised_time_on(shop: Shop) -> None:
    hours(shop)
    sets(shop, cars=1)
    order = shop.estimate(shop.quoted(shop.open(), sublet=[sublet()]), promised_at=at("10:10"))
    books(shop, promised(shop), "11:00")
    shown = plan(shop, order)
    assert (shown.appointment, shown.kept_from_peaks) == (None, False)
    assert [one.starts_at for one in shown.offers][:3] == [at("10:30"), at("11:30"), at("08:30", "2026-03-04")]
    later = shop.desk.ask(times.GetDeliveryPlan(work_order_id=order.id, from_day=date(2026, 3, 9)))
    assert later.offers[0].starts_at == at("08:30", "2026-03-09"), "or of a day on which the customer has time"


def test_the_delivery_settles_it_and_a_reversal_brings_nothing_back(shop: Shop) -> None:
    """Rule W15: the order is ready again and has no appointment; its place is free, and another may be agreed on."""
    order = shop.ready()
    sets(shop, cars=1)
    first = books(shop, order, "10:00")
    delivered = shop.deliver(shop.now(order))
    assert (delivered.status, delivered.delivery_at) == ("delivered", None)
    assert [(one.id, one.delivery_state) for one in on_day(shop).deliveries] == [(first.id, "kept")]
    with pytest.raises(Refused, match="not_in_this_status"):
        books(shop, order, "10:00")
    back = shop.reverse(delivered)
    assert (back.status, back.delivery_at, plan(shop, order).appointment) == ("ready", None, None)
    assert [one.work_order_id for one in on_day(shop).to_plan] == [order.id]
    second = books(shop, order, "10:00")
    shop.deliver(shop.now(order))
    shop.reverse(shop.now(order))
    assert {(one.id, one.delivery_state) for one in on_day(shop).deliveries} == {(first.id, "kept"), (second.id, "kept")}
    assert shop.desk.announced(DeliveryCancelled) == []


def test_an_order_that_ends_without_work_comes_off_the_day(shop: Shop) -> None:
    order = shop.approved()
    books(shop, order, "10:00")
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="customer left"))
    assert (on_day(shop).deliveries, [one.reason for one in shop.desk.announced(DeliveryCancelled)]) == ([], ["customer left"])


def test_a_day_shows_who_comes_when_and_which_cars_have_no_time_yet(shop: Shop) -> None:
    hours(shop)
    ready, other = shop.ready(), shop.approved()
    books(shop, other, "10:30")
    shown = on_day(shop)
    assert [(one.work_order_id, one.order_status, one.plate) for one in shown.deliveries] == [(other.id, "open", "沪A12345")]
    assert [one.work_order_id for one in shown.to_plan] == [ready.id]
    assert [one.free for one in shown.slots] == [20, 20, 20, 20, 19, 20, 20]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"peaks": [times.PeakInterval(weekday="monday", begins="10:00", ends="09:00")]}, "peaks.0.ends"),
        ({"peaks": [PEAK, PEAK]}, "peaks.1"),
        ({"intervals": [times.DeliveryInterval(weekday="monday", begins="10:00", ends="10:00", cars=1)]}, "intervals.0.ends"),
    ],
)
def test_what_is_set_makes_sense(shop: Shop, said, field) -> None:
    with pytest.raises(Invalid) as refused:
        sets(shop, **said)
    assert list(refused.value.details["errors"]) == [field]


def test_of_an_order_one_stands_whatever_the_code_does(shop: Shop) -> None:
    """Rule W13: the business key of the standing appointment."""
    assert any(one.unique and "work_order_id" in one.columns for one in DeliveryTime.__table__.indexes)
