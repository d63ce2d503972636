"""What staff see of one-time links by which nothing can be decided any more (Rule W8)."""

from contracts.workshop.agreement import ListAuthorisations
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from tests.services.workshop.shop import Shop, labour, part
from tests.services.workshop.test_signing_link import linked, propose


def ends(shop: Shop, order: WorkOrder) -> list[str | None]:
    """How each link of the order has ended, as staff see it, the newest first."""
    return [one.ended for one in shop.desk.ask(ListAuthorisations(work_order_id=order.id)).links]


def test_staff_see_that_a_link_leads_nowhere_any_more(shop: Shop) -> None:
    """Rule W8: lapsed is what was decided at the desk, changed since, or went with its order; other links stay open."""
    order = shop.quoted(shop.open(), labour=[labour()])
    linked(shop, order)
    assert ends(shop, order) == [None]
    order = shop.quoted(order, parts=[part()])
    linked(shop, order)
    assert ends(shop, order) == [None, "lapsed"]
    shop.approve(order)
    assert ends(shop, order) == ["lapsed", "lapsed"]
    order = propose(shop, order, labour=[labour("OIL")])
    holder, _ = linked(shop, order)
    assert ends(shop, order)[0] is None
    holder.approves()
    assert ends(shop, order)[0] == "used"
    gone = shop.quoted(shop.open())
    linked(shop, gone)
    shop.desk.do(VoidWorkOrder(work_order_id=gone.id, reason="customer left"))
    assert ends(shop, gone) == ["lapsed"]
