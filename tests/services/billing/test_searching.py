"""Invoices for who has one box to type into: by number from the beginning, by the order they are of."""

import pytest

from chassis.wire.ids import new_id
from contracts.billing.searching import SearchInvoices
from tests.services.billing.orders import delivered, labour
from tests.services.history import ANYBODY, conditions, grow


def found(desk, search, limit=10, dealer="sh-pudong", orders=()):
    asked = SearchInvoices(search=search, limit=limit, work_order_ids=list(orders))
    return [one.number for one in desk.ask(asked, dealer=dealer).items]


def test_an_invoice_is_found_by_its_number_and_by_its_order(desk):
    fact = delivered(labour(1, customer_pay="10.00", warranty="1.00"))
    desk.hear(fact)
    both = ["INV-2026-000001", "INV-2026-000002"]
    for typed in ("INV-2026-000002", "inv 2026 000002", "2", "2026-000002"):
        assert found(desk, typed) == both[1:]
    for typed in ("INV-2026", "inv 20", "INV-2026-0000"):
        assert sorted(found(desk, typed)) == both
    assert found(desk, "CRN-2026-000001") == found(desk, "RO-2026-000001") == found(desk, "2026") == []
    assert sorted(found(desk, "anything", orders=[fact.work_order_id])) == both
    assert found(desk, "INV-2026", dealer="bj-chaoyang", orders=[fact.work_order_id]) == []


@pytest.mark.new_database
def test_every_way_of_finding_has_an_index(desk):
    """So that years of history cost nothing."""
    desk.hear(delivered(labour(1, customer_pay="10.00")))
    grow(desk, "invoice", 3_000, year="2020", sequence_number="n", number="'INV-2020-' || n", work_order_id=ANYBODY)
    looked_up = conditions(desk, "invoice", lambda: found(desk, "INV-2026-000001", orders=[new_id()]))
    assert len(looked_up) == 2
    for column in ("sequence_number", "work_order_id"):
        assert [one for one in looked_up if column in one and "dealer_id" in one], (column, looked_up)
