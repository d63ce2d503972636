"""Held orders hear that their parts have come (Rule P3): lists say so, the order stays on hold until somebody resumes it."""

import pytest

from contracts.parts.events import PartsReserved
from contracts.shared import PartRequest
from contracts.workshop.finding import ListWorkOrders, WorkOrderSummary
from contracts.workshop.order import WorkOrder
from contracts.workshop.shop_floor import HoldWorkOrder, ResumeWorkOrder
from tests.services.workshop.shop import Shop, part


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    """On hold for parts."""
    held = shop.dispatched(shop.approved(parts=[part()]))
    return shop.desk.do(HoldWorkOrder(work_order_id=held.id, reason="parts"))


def reserved(shop: Shop, order: WorkOrder, sequence: int, *, short: bool) -> None:
    """parts announces what it has set aside for the order."""
    (line,) = [line for line in order.lines if line.kind == "part"]
    asked = [PartRequest(line_id=line.line_id, part_number=line.part_number, quantity=line.quantity)]
    fact = PartsReserved(work_order_id=order.id, reserved=[] if short else asked, short=asked if short else [])
    shop.desk.hear(fact, subject=order.id, sequence=sequence)


def waiting(shop: Shop) -> list[WorkOrderSummary]:
    return shop.desk.ask(ListWorkOrders(status=["on_hold"])).items


def test_an_order_on_hold_for_parts_says_what_is_missing_and_then_that_all_is_here(shop: Shop, order: WorkOrder) -> None:
    reserved(shop, order, 1, short=True)
    (one,) = waiting(shop)
    assert (one.id, one.plate, one.advisor, one.promised_at) == (order.id, "沪A12345", "wang", order.promised_at)
    assert one.hold_reason == "parts"
    assert (one.parts_here, [str(line.quantity) for line in one.short]) == (False, ["2.000"])
    shop.desk.pass_time(hours=1)
    reserved(shop, order, 2, short=False)
    (one,) = waiting(shop)
    assert (one.parts_here, one.short) == (True, [])
    assert (shop.now(order).status, shop.now(order).version) == ("on_hold", order.version)
    shop.desk.do(ResumeWorkOrder(work_order_id=order.id))
    assert waiting(shop) == []


def test_the_newest_word_of_parts_counts_in_any_order(shop: Shop, order: WorkOrder) -> None:
    reserved(shop, order, 3, short=True)
    reserved(shop, order, 2, short=False)
    assert [one.parts_here for one in waiting(shop)] == [False]


def test_an_order_of_which_parts_has_said_nothing_waits(shop: Shop, order: WorkOrder) -> None:
    (one,) = waiting(shop)
    assert (one.id, one.parts_here, one.short) == (order.id, None, [])
