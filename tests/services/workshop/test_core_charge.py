"""Rule P1 at workshop: core charges from the price list to the list of those that are open."""

import pytest

from chassis.wire.errors import Refused
from chassis.wire.values import Quantity
from contracts.workshop.core_charge import ListOpenCoreCharges, ReceiveOldPart
from contracts.workshop.events import OldPartReceived, WorkOrderDelivered
from tests.services.workshop.shop import cny, labour, line_id, part, price


@pytest.fixture
def order(shop):
    shop.publish_prices(2, price("PAD-1", "100.00", core_charge="30.00"))
    return shop.approved(labour=[labour()], parts=[part(quantity="2")])


def receive(shop, order, quantity="1", *, number=2):
    return shop.desk.do(
        ReceiveOldPart(work_order_id=order.id, line_id=line_id(order, number), quantity=Quantity.of(quantity)), actor="parts"
    )


def open_ones(shop):
    return [(one.number, one.part_number, str(one.quantity), one.amount) for one in shop.desk.ask(ListOpenCoreCharges()).items]


def test_a_core_charge_is_quoted_with_its_part_and_open_from_the_delivery_until_the_old_parts_are_back(shop, order):
    assert [(line.kind, line.core_of, line.amount) for line in order.lines[2:]] == [
        ("core_charge", order.lines[1].line_id, cny("60.00"))
    ]
    assert open_ones(shop) == []
    delivered = shop.deliver(shop.ready(order))
    assert open_ones(shop) == [(order.number, "PAD-1", "2.000", cny("60.00"))]
    assert shop.desk.ask(ListOpenCoreCharges(), dealer="bj-chaoyang").items == []
    line = receive(shop, delivered).lines[2]
    assert (str(line.returned), line.amount) == ("1.000", cny("30.00"))
    assert open_ones(shop) == [(order.number, "PAD-1", "1.000", cny("30.00"))]
    receive(shop, delivered)
    assert open_ones(shop) == []
    assert [
        (str(fact.returned), fact.credits[0].before, fact.credits[0].after) for fact in shop.desk.announced(OldPartReceived)
    ] == [
        ("1.000", cny("60.00"), cny("30.00")),
        ("2.000", cny("30.00"), cny("0.00")),
    ]
    with pytest.raises(Refused, match="more_than_charged"):
        receive(shop, delivered)


def test_what_came_back_before_the_delivery_or_before_a_reversal_is_not_billed_again(shop, order):
    receive(shop, order)
    delivered = shop.deliver(shop.ready(order))
    assert shop.desk.announced(OldPartReceived) == []
    receive(shop, delivered)
    reversed_ = shop.reverse(delivered)
    assert open_ones(shop) == []
    shop.deliver(reversed_)
    billed = [[line.kind for line in fact.lines] for fact in shop.desk.announced(WorkOrderDelivered)]
    assert billed == [["labour", "part", "core_charge"], ["labour", "part"]]


def test_an_older_price_list_that_comes_late_brings_no_core_charge_back(shop, order):
    shop.publish_prices(3, price("PAD-1", "100.00"))
    shop.publish_prices(2, price("PAD-1", "100.00", core_charge="30.00"))
    assert [line.kind for line in shop.quoted(shop.open(), parts=[part()]).lines] == ["part"]
