"""What billing, parts and crm tell of deliveries to those who look for what is missing: of the orders asked for, as it stands."""

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.ids import new_id
from contracts.billing.invoice import FindDeliveryInvoices
from contracts.crm.follow_up import FindDeliveryFollowUps
from contracts.parts.deduction import FindDeliveryDeductions
from services.billing.service import BillingService
from services.crm.service import CrmService
from services.parts.service import PartsService
from tests.services.billing.orders import cny, delivered, labour, part, reversal_requested, reversed_

ASKED = {BillingService: FindDeliveryInvoices, PartsService: FindDeliveryDeductions, CrmService: FindDeliveryFollowUps}


@pytest.fixture(params=ASKED, ids=lambda service: service.name)
def desk(request, open_desk):
    """Each of the three services at its desk."""
    return open_desk(request.param)


def find(desk, *orders, **how):
    """What the service tells of these orders."""
    return desk.ask(ASKED[desk.service](work_order_ids=[one.work_order_id for one in orders]), **how).items


def hear(desk, *facts):
    for sequence, fact in enumerate(facts, 2):
        desk.hear(fact, subject=fact.work_order_id, sequence=sequence)


def test_only_the_orders_asked_for_are_told(desk):
    """By order and revision."""
    wanted, other = delivered(labour(1, customer_pay="100.00")), delivered(labour(1, customer_pay="100.00"))
    hear(desk, wanted, other)
    assert [(one.work_order_id, one.revision) for one in find(desk, wanted)] == [(wanted.work_order_id, 1)]
    assert len(find(desk, wanted, other)) == 2
    assert find(desk) == []


def test_another_dealer_is_told_nothing(desk):
    """Although it knows the order's id."""
    fact = delivered(labour(1, customer_pay="100.00"))
    hear(desk, fact)
    assert find(desk, fact, dealer="bj-chaoyang") == []


def test_no_more_orders_are_asked_for_than_a_page_has(desk):
    """A call has a bound."""
    with pytest.raises(Invalid):
        desk.ask(ASKED[desk.service](work_order_ids=[new_id()] * 201))


def test_billing_tells_who_was_billed_and_what_was_credited(open_desk):
    """One invoice per payer; a credit note names the invoice it takes back."""
    desk = open_desk(BillingService)
    fact = delivered(labour(1, customer_pay="100.00"), part(2, warranty="30.00"))
    hear(desk, fact)
    found = find(desk, fact)
    assert sorted((one.kind, one.payer, one.credits, one.total) for one in found) == [
        ("invoice", "customer_pay", None, cny("100.00")),
        ("invoice", "warranty", None, cny("30.00")),
    ]
    hear(desk, reversal_requested(fact))
    notes = [one for one in find(desk, fact) if one.kind == "credit_note"]
    assert {one.credits for one in notes} == {one.id for one in found}
    assert sorted(one.total.minor for one in notes) == [-10000, -3000]


def test_parts_tells_whether_a_deduction_was_undone(open_desk):
    """As its reversal left it."""
    desk = open_desk(PartsService)
    fact = delivered(part(1, customer_pay="100.00"))
    hear(desk, fact)
    assert [one.undone for one in find(desk, fact)] == [False]
    hear(desk, reversed_(fact))
    assert [one.undone for one in find(desk, fact)] == [True]


def test_crm_tells_whether_a_follow_up_is_off(open_desk):
    """Cancelled by the reversal."""
    desk = open_desk(CrmService)
    fact = delivered(labour(1, customer_pay="100.00"))
    hear(desk, fact)
    assert [one.cancelled for one in find(desk, fact)] == [False]
    hear(desk, reversed_(fact))
    assert [one.cancelled for one in find(desk, fact)] == [True]
