"""Queries of invoices: by order, payer and day, page by page, of one dealer only."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from chassis.wire.errors import Invalid, NotFound
from chassis.wire.ids import new_id
from contracts.billing.account import GetOrderAccount
from contracts.billing.invoice import GetInvoice, ListInvoices
from services.billing.invoice.invoice import Invoice
from tests.services.billing.acts import invoice_of, numbers
from tests.services.billing.orders import delivered, labour


def test_invoices_are_listed_by_order_payer_and_day_and_page_by_page(desk):
    facts = [delivered(labour(1, customer_pay="10.00", warranty="1.00")) for _ in range(3)]
    for fact in facts:
        desk.hear(fact)
    assert numbers(desk, work_order_id=facts[0].work_order_id) == ["INV-2026-000002", "INV-2026-000001"]
    assert numbers(desk, number="inv 2026 000002") == numbers(desk, number="0002") == ["INV-2026-000002"]
    assert len(numbers(desk, payer=["warranty"])) == 3
    assert len(numbers(desk, from_day=date(2026, 3, 2), to_day=date(2026, 3, 2))) == 6
    assert numbers(desk, to_day=date(2026, 3, 1)) == []
    seen, cursor = [], None
    while True:
        found = desk.ask(ListInvoices(limit=4, cursor=cursor))
        seen += [one.number for one in found.items]
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == [f"INV-2026-{number:06d}" for number in (6, 5, 4, 3, 2, 1)]
    first = desk.ask(ListInvoices(limit=1))
    with pytest.raises(Invalid):
        desk.ask(ListInvoices(limit=1, cursor=first.next_cursor), dealer="bj-chaoyang")


def test_another_dealer_sees_nothing_of_it(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(fact)
    with pytest.raises(NotFound) as absent:
        invoice_of(desk, fact, dealer="bj-chaoyang")
    with pytest.raises(NotFound) as never:
        desk.ask(GetInvoice(invoice_id=new_id()))
    assert absent.value.code == never.value.code
    with pytest.raises(NotFound):
        desk.ask(GetOrderAccount(work_order_id=fact.work_order_id), dealer="bj-chaoyang")
    assert desk.ask(ListInvoices(), dealer="bj-chaoyang").items == []
    assert desk.rows(lambda session: session.scalar(text("SELECT count(*) FROM invoice")), dealer="bj-chaoyang") == 0
    assert desk.rows(lambda session: session.scalar(select(func.count()).select_from(Invoice))) == 1
