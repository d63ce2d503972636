"""What was booked becomes lines of the order in one call (Rule B6)."""

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.shared import PartRequest
from contracts.workshop.agreement import ProposeBookedWork
from contracts.workshop.order import AddLines
from tests.services.workshop.shop import cny, labour, part, price


def booked(*numbers, operations=("BRAKE-F",)):
    """What was booked."""
    parts = [PartRequest(line_id=new_id(), part_number=number, quantity=Quantity.of("2")) for number in numbers]
    return {"operations": list(operations), "parts": parts}


def opened(shop, **facts):
    """An order of an appointment."""
    appointment = shop.appointment(**facts)
    shop.arrive(appointment)
    return shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)


def propose(shop, order, **more):
    given = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False, **more}
    return shop.desk.do(ProposeBookedWork(work_order_id=order.id, **given))


def test_booked_work_is_put_before_the_customer_at_the_prices_of_today(shop):
    shop.publish_prices(2, price("OLD-PAD", "9.00", successor="PAD-1"))
    order = propose(shop, opened(shop, **booked("OLD-PAD", "WIPER")))
    assert [(line.kind, line.part_number, line.state, line.amount) for line in order.lines] == [
        ("labour", None, "quoted", cny("324.00")),
        ("part", "PAD-1", "quoted", cny("399.98")),
        ("part", "WIPER", "quoted", cny("90.00")),
    ]
    assert {share.payer for line in order.lines for share in line.shares} == {"customer_pay"}
    assert [line.state for line in shop.approve(order).lines] == ["approved"] * 3


def test_a_part_is_booked_and_sold_under_any_spelling_of_its_number(shop):
    """Rule A4: the lines name the number of the price list, and a spelling is no reason to propose a part twice."""
    shop.publish_prices(2, price("OLD-PAD", "9.00", successor="PAD-1"))
    order = propose(shop, opened(shop, **booked("oldpad", "WI-PER", operations=())))
    assert [line.part_number for line in order.lines] == ["PAD-1", "WIPER"]
    with pytest.raises(Refused, match="nothing_booked"):
        propose(shop, order)
    added = shop.desk.do(AddLines(work_order_id=order.id, parts=[part("ｐａｄ\u20111")]))
    assert added.lines[-1].part_number == "PAD-1"


def test_what_is_unknown_is_said_item_by_item_and_nothing_is_done(shop):
    order = opened(shop, **booked("PAD-1", "NOSUCH", operations=("BRAKE-F", "NOSUCH-OP")))
    with pytest.raises(Invalid) as refused:
        propose(shop, order)
    assert set(refused.value.details["errors"]) == {"operations.1", "parts.1"}
    assert shop.now(order) == order


def test_only_what_is_not_on_the_order_yet_is_proposed(shop):
    """Asked twice, nothing stands there twice."""
    order = opened(shop, **booked("PAD-1", operations=("BRAKE-F", "OIL")))
    shop.desk.do(AddLines(work_order_id=order.id, labour=[labour()]))
    order = propose(shop, order, payer="warranty")
    assert [(line.operation_code, line.part_number, line.shares[0].payer) for line in order.lines] == [
        ("BRAKE-F", None, "customer_pay"),
        ("OIL", None, "warranty"),
        (None, "PAD-1", "warranty"),
    ]
    with pytest.raises(Refused, match="nothing_booked"):
        propose(shop, order)


def test_a_walk_in_booked_nothing(shop):
    with pytest.raises(Refused, match="not_from_an_appointment"):
        propose(shop, shop.open())
