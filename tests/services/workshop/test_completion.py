"""Rule W32: second-level maintenance and overhaul are delivered with a completion certificate, numbered without a gap."""

from collections import Counter
from typing import Any

import eventlet
import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from chassis.wire.errors import Refused
from contracts.workshop import completion as certificates
from contracts.workshop.completion_events import CompletionCertified
from contracts.workshop.delivery_time import SetDeliverySettings
from contracts.workshop.order import WorkOrder
from contracts.workshop.order_file import GetOrderFile
from contracts.workshop.shop_floor import ReturnToWork
from services.workshop.completion.completion_certificate import CompletionCertificate
from tests.services.workshop.shop import Shop, labour
from tests.services.workshop.test_comeback import publish_operations


@pytest.fixture(autouse=True)
def _published(shop: Shop) -> None:
    publish_operations(shop)


def ready(shop: Shop, code: str = "ENGINE") -> WorkOrder:
    return shop.ready(shop.approved(labour=[labour(code)]))


def issues(shop: Shop, order: WorkOrder) -> certificates.CompletionCertificate:
    return shop.desk.do(certificates.IssueCompletionCertificate(work_order_id=order.id), actor="qin")


def of_order(shop: Shop, order: WorkOrder) -> certificates.CompletionCertificates:
    return shop.desk.ask(certificates.GetCompletionCertificates(work_order_id=order.id))


def to_issue(shop: Shop) -> list[str]:
    return [one.work_order_id for one in shop.desk.ask(certificates.ListCarsToCertify()).items]


def test_an_overhaul_is_not_delivered_without_it_and_other_work_needs_none(shop: Shop) -> None:
    order, other = ready(shop), ready(shop, "BRAKE-F")
    assert (to_issue(shop), of_order(shop, order).needed, of_order(shop, other).needed) == ([order.id], True, False)
    with pytest.raises(Refused, match="completion_not_certified"):
        shop.deliver(order)
    assert shop.deliver(other).status == "delivered"
    with pytest.raises(Refused, match="not_in_this_status"):
        issues(shop, other)
    issued = issues(shop, order)
    assert (issued.number, issued.revision, issued.work_classes) == ("CC-2026-000001", 1, ["overhaul"])
    assert (issued.signature.name, issued.signature.means, issued.signature.verified) == ("qin", "account", True)
    assert (to_issue(shop), of_order(shop, order).needed) == ([], False)
    with pytest.raises(Refused, match="completion_certified"):
        issues(shop, order)
    assert shop.deliver(shop.now(order)).status == "delivered"
    assert [(one.number, one.revision) for one in shop.desk.announced(CompletionCertified)] == [("CC-2026-000001", 1)]
    kinds = [one.kind for one in shop.desk.ask(GetOrderFile(work_order_id=order.id)).documents]
    assert kinds.count("completion") == 1


def test_it_is_issued_once_the_car_has_passed_and_for_work_that_needs_it(shop: Shop) -> None:
    """Which classes need it is a setting of the dealer; minor repairs never do."""
    with pytest.raises(Refused, match="not_in_this_status"):
        issues(shop, shop.approved(labour=[labour("ENGINE")]))
    minor = ready(shop, "BRAKE-F")
    with pytest.raises(Refused, match="no_certificate_needed"):
        issues(shop, minor)
    order = ready(shop)
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="stain", rework_line_ids=[]))
    shop.desk.do(SetDeliverySettings(certified_classes=[]))
    assert shop.deliver(ready(shop)).status == "delivered"


def test_however_many_are_issued_at_once_no_number_is_left_out_or_given_twice(shop: Shop) -> None:
    orders = [ready(shop) for _ in range(6)]
    numbers = list(eventlet.GreenPool(6).imap(lambda order: issues(shop, order).number, orders))
    assert Counter(numbers) == Counter(f"CC-2026-{number:06d}" for number in range(1, 7))


def test_the_next_delivery_after_a_reversal_needs_one_of_its_own(shop: Shop) -> None:
    """Rule W15: the first one stays, with its number."""
    order = ready(shop)
    issues(shop, order)
    back = shop.reverse(shop.deliver(shop.now(order)))
    with pytest.raises(Refused, match="completion_not_certified"):
        shop.deliver(back)
    assert (issues(shop, back).number, of_order(shop, order).needed) == ("CC-2026-000002", False)
    assert shop.deliver(shop.now(order)).revision == 2
    assert [(one.number, one.revision) for one in of_order(shop, order).items] == [("CC-2026-000001", 1), ("CC-2026-000002", 2)]


def test_the_database_refuses_to_change_one(shop: Shop) -> None:
    issues(shop, ready(shop))

    def attempt(change: Any) -> None:
        with pytest.raises(DBAPIError, match="never changed"):
            shop.desk.rows(lambda session: session.execute(change))

    attempt(update(CompletionCertificate).values(sequence_number=9))
    attempt(delete(CompletionCertificate))
