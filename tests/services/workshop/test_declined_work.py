"""Rule W8: declined work comes back at the car's next booking and order, at any dealer, until it is done or dismissed."""

from typing import Any

import pytest

from chassis.wire.errors import NotFound, Refused
from chassis.wire.ids import new_id
from contracts.workshop.agreement import DeclineLines, GetEstimate
from contracts.workshop.declined_work import (
    DeclinedBefore,
    DismissDeclinedWork,
    ListDeclinedWork,
    ProposeDeclinedWork,
)
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from services.workshop.order.declined_work import DeclinedWork
from tests.services.history import Reading, grow
from tests.services.workshop.shop import VEHICLE, Shop, labour, part, signed, sublet

OTHER = "bj-chaoyang"
LINES: dict[str, Any] = {"labour": [labour(safety=True), labour("OIL")], "parts": [part()], "sublet": [sublet()]}


@pytest.fixture
def both(shop: Shop) -> Shop:
    """Two dealers of the group know the car, each by a file of their own."""
    shop.know_neighbours(OTHER)
    return shop


def declined(shop: Shop, order: WorkOrder, *numbers: int) -> WorkOrder:
    """The customer does not want these lines."""
    ids = [line.line_id for line in order.lines if line.number in numbers]
    what = {"line_ids": ids, "reason": "too dear", "decision": signed()}
    return shop.desk.do(DeclineLines(work_order_id=order.id, **what))


def before(shop: Shop, dealer: str = OTHER) -> list[DeclinedBefore]:
    return shop.desk.ask(ListDeclinedWork(vehicle_id=VEHICLE.vehicle_id), dealer=dealer).items


def delivered(shop: Shop, *numbers: int) -> WorkOrder:
    """An order of everything, of which these lines were declined; it is settled and handed over."""
    order = declined(shop, shop.quoted(shop.open(), **LINES), *numbers)
    order = shop.approve(order)
    return shop.deliver(shop.ready(order))


def test_what_was_declined_at_one_dealer_is_proposed_at_another_without_person_or_price(both: Shop) -> None:
    """With what it was, in both languages, why, how much, and where; not before the order is settled."""
    order = declined(both, both.quoted(both.open(), **LINES), 1, 3, 4)
    assert before(both) == []
    both.deliver(both.ready(both.approve(order)))
    at = both.desk.clock.now()
    told = {one.operation_code or one.part_number or one.description: one for one in before(both)}
    assert {one.description for one in before(both)} == {None, "Wheel alignment"}  # its words are all that outside work has
    assert None not in {one.description for one in before(both, "sh-pudong")}
    assert set(told) == {"BRAKE-F", "PAD-1", "Wheel alignment"}
    brakes, pads, outside = told["BRAKE-F"], told["PAD-1"], told["Wheel alignment"]
    assert (brakes.name_en, brakes.safety, brakes.reason, brakes.declined_at) == ("Front brake pads", True, "too dear", at)
    assert (pads.quantity, outside.name_en, outside.kind) == (LINES["parts"][0].quantity, None, "sublet")
    assert (brakes.dealer, brakes.order_number) == ("sh-pudong", order.number)
    columns = set(DeclinedWork.__table__.columns.keys())
    assert not columns & {"customer", "customer_id", "name", "phone", "plate", "amount_minor", "price_minor", "advisor"}


def test_what_is_declined_of_an_order_that_ends_without_work_comes_back_as_well(both: Shop) -> None:
    order = declined(both, both.quoted(both.open(), **LINES), 1, 2, 3, 4)
    both.desk.do(VoidWorkOrder(work_order_id=order.id, reason="wanted nothing"))
    assert len(before(both)) == 4


def test_it_is_taken_over_in_one_call_and_comes_back_no_more_once_it_is_done(both: Shop) -> None:
    """As additional work at the prices of today; done at whichever dealer it is done for all of them."""
    delivered(both, 1, 3)
    order = both.open(dealer=OTHER)
    ids = [one.id for one in before(both)]
    propose = ProposeDeclinedWork(work_order_id=order.id, declined_work_ids=ids, extra_minutes=30)
    order = both.desk.do(propose, dealer=OTHER)
    estimate = both.desk.ask(GetEstimate(work_order_id=order.id), dealer=OTHER)
    assert (estimate.kind, estimate.extra_minutes) == ("additional_work", 30)
    lines = {line.operation_code or line.part_number: line for line in order.lines}
    assert {name: (line.state, line.safety) for name, line in lines.items()} == {
        "BRAKE-F": ("quoted", True),
        "PAD-1": ("quoted", False),
    }
    assert lines["PAD-1"].quantity == LINES["parts"][0].quantity
    with pytest.raises(Refused, match="on_the_order_already"):
        both.desk.do(propose, dealer=OTHER)
    assert len(before(both)) == 2, "until it is done"
    with pytest.raises(NotFound):
        both.desk.do(ProposeDeclinedWork(work_order_id=order.id, declined_work_ids=[new_id()]), dealer=OTHER)


def test_what_was_done_after_all_is_proposed_again_if_that_delivery_was_none(shop: Shop) -> None:
    """And what the delivery that was none had declined is declined no more."""
    delivered(shop, 1)
    second = shop.deliver(shop.ready(shop.approve(declined(shop, shop.quoted(shop.open(), **LINES), 2))))
    assert [one.operation_code for one in before(shop, "sh-pudong")] == ["OIL"]
    shop.reverse(second)
    assert [one.operation_code for one in before(shop, "sh-pudong")] == ["BRAKE-F"]
    shop.deliver(shop.checked(shop.now(second)))
    assert [one.operation_code for one in before(shop, "sh-pudong")] == ["OIL"]


def test_what_was_declined_first_and_done_after_all_comes_back_no_more(shop: Shop) -> None:
    """Rule W8: the customer changed their mind while the car was here; what was declined beside it does come back."""
    order = declined(shop, shop.quoted(shop.open(), **LINES), 1, 2)
    again = shop.quoted(order, labour=[labour()])
    shop.deliver(shop.ready(shop.approve(again)))
    assert [one.operation_code for one in before(shop, "sh-pudong")] == ["OIL"]


def test_what_was_declined_twice_is_proposed_once_and_dismissed_for_good(both: Shop) -> None:
    """By the desk of any dealer that knows the car; of nobody else's car, and not twice."""
    delivered(both, 1, 2)
    both.desk.pass_time(days=1)
    second = delivered(both, 1)
    assert [(one.operation_code, one.order_number == second.number) for one in before(both)] == [("BRAKE-F", True)]
    [brakes] = before(both)
    gone = DismissDeclinedWork(vehicle_id=VEHICLE.vehicle_id, declined_work_id=brakes.id, reason="sold the car")
    with pytest.raises(NotFound):
        both.desk.do(DismissDeclinedWork(vehicle_id=new_id(), declined_work_id=brakes.id, reason="sold the car"))
    assert both.desk.do(gone, dealer=OTHER).items == []
    assert before(both, "sh-pudong") == []
    with pytest.raises(NotFound):
        both.desk.do(gone)


def test_outside_work_and_a_car_that_nobody_has_a_file_of(shop: Shop) -> None:
    """Nobody knows the price of the one, and who asks about the other is told nothing."""
    delivered(shop, 4)
    [outside] = before(shop, "sh-pudong")
    order = shop.open()
    with pytest.raises(Refused) as refused:
        shop.desk.do(ProposeDeclinedWork(work_order_id=order.id, declined_work_ids=[outside.id]))
    assert (refused.value.code, refused.value.details) == ("outside_work_needs_price", {"description": "Wheel alignment"})
    with pytest.raises(NotFound):
        before(shop, OTHER)


@pytest.mark.new_database
def test_a_question_about_one_car_costs_the_same_however_much_was_declined(shop: Shop) -> None:
    delivered(shop, 1)
    asked = ListDeclinedWork(vehicle_id=VEHICLE.vehicle_id)
    first = Reading(shop.desk, asked).rows
    vin = "'WVW' || lpad(n::text, 14, '0')"
    grow(shop.desk, "declined_work", 2_000, vin=vin)
    assert Reading(shop.desk, asked).rows == first
