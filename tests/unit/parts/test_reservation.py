"""What a reservation wants, sets aside and gives back, on plain objects."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.ids import derived_id
from chassis.wire.values import Quantity
from contracts.parts.events import PartsReserved, ReservationReleased
from contracts.shared import PartRequest
from services.parts.reservation.reservation import Reservation
from services.parts.stock.move import Origin
from services.parts.stock.stock import Stock

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def a_stock(**in_bin):
    stock = Stock({number: {} for number in in_bin}, lambda row: None, at=NOON, by="wang")
    for number, units in in_bin.items():
        if units:
            stock.receive(number, units, 100, origin=Origin("receipt"))
    return stock


def an_order():
    return Reservation(id=derived_id("order"), work_order_id=derived_id("work order"), needed_at=NOON, opened_at=NOON)


def want(line, number, units):
    return PartRequest(line_id=derived_id(line), part_number=number, quantity=Quantity(units))


def test_wanting_announces_what_is_reserved_and_what_is_short():
    order = an_order()
    order.want([want("a", "PAD", 5)], a_stock(PAD=3), {}, approved=True)
    assert order.announced == [
        PartsReserved(work_order_id=order.work_order_id, reserved=[want("a", "PAD", 3)], short=[want("a", "PAD", 2)])
    ]


def test_wanting_the_same_again_announces_nothing():
    order, stock = an_order(), a_stock(PAD=3)
    order.want([want("a", "PAD", 5)], stock, {}, approved=True)
    order.announced.clear()
    order.want([want("a", "PAD", 5)], stock, {}, approved=True)
    assert order.announced == []


def test_two_requests_of_one_line_add_up():
    order = an_order()
    order.want([want("a", "PAD", 1), want("a", "PAD", 2)], a_stock(PAD=9), {}, approved=True)
    assert [line.wanted_units for line in order.lines] == [3]


def test_a_line_that_is_not_wanted_any_more_stays_while_parts_of_it_are_in_work():
    order, stock = an_order(), a_stock(PAD=3)
    order.want([want("a", "PAD", 2)], stock, {}, approved=True)
    order.issue(derived_id("a"), 1, stock, slip_id="slip")
    freed = order.want([], stock, {}, approved=True)
    (line,) = order.lines
    assert (freed, line.wanted_units, line.reserved_units, line.issued_units, line.approved) == ({"PAD"}, 0, 0, 1, False)
    assert stock.available("PAD") == 2


def test_releasing_nothing_announces_nothing():
    order = an_order()
    assert order.release(a_stock()) == set()
    assert order.announced == []


def test_releasing_sets_everything_free_once():
    order, stock = an_order(), a_stock(PAD=3)
    order.want([want("a", "PAD", 2)], stock, {}, approved=True)
    order.announced.clear()
    assert order.release(stock) == {"PAD"}
    assert order.release(stock) == set()
    assert stock.available("PAD") == 3
    assert order.announced == [ReservationReleased(work_order_id=order.work_order_id)]


requests = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["PAD", "OIL"]), st.integers(1, 6)), max_size=4)


@given(st.integers(0, 9), st.integers(0, 9), st.lists(requests, max_size=6))
def test_whatever_is_wanted_one_after_the_other_what_is_reserved_adds_up(pads, oil, wishes):
    order, stock = an_order(), a_stock(PAD=pads, OIL=oil)
    for wish in wishes:
        order.announced.clear()
        order.want([want(*one) for one in wish], stock, {}, approved=True)
        for number, there in (("PAD", pads), ("OIL", oil)):
            wanted = sum(units for _, wished, units in wish if wished == number)
            reserved = sum(line.reserved_units for line in order.lines if line.number == number)
            assert reserved == min(wanted, there) == stock.balance(number, "bin").reserved_units
