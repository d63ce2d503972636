"""Rules P1 and L1 at billing: a core charge is credited when the old part comes back, exactly once, whatever comes before it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.values import Money, Quantity
from contracts.billing.events import InvoiceCredited
from contracts.billing.invoice import GetInvoice, ListInvoices
from contracts.shared import DeliveredLine, Share
from contracts.tax import taxed
from contracts.workshop.core_charge import CoreCredit
from contracts.workshop.events import OldPartReceived
from tests.services.billing.acts import account_of, deposit, invoice_of, pay, refund
from tests.services.billing.orders import cny, delivered, labour, retry, reversal_requested

NUMBER = 2


def a_delivery(**changes):
    """One hour of labour for 113.00, and two old parts to come back: 60.00 of the customer, 20.00 under warranty."""
    shares = [Share(payer="customer_pay", amount=cny("60.00")), Share(payer="warranty", amount=cny("20.00"))]
    line = labour(1, customer_pay="113.00")
    core = DeliveredLine(
        line_id=line.line_id,
        number=NUMBER,
        kind="core_charge",
        description="Starter",
        part_number="ST-1",
        quantity=Quantity.of("2"),
        amount=cny("80.00"),
        shares=shares,
    )
    return delivered(line, core, **changes)


def receipt(fact, returned="1", *, before=("60.00", "20.00"), after=("30.00", "10.00"), quantity="1"):
    payers = ("customer_pay", "warranty")
    return OldPartReceived(
        work_order_id=fact.work_order_id,
        revision=fact.revision,
        line_id=fact.lines[1].line_id,
        line_number=NUMBER,
        quantity=Quantity.of(quantity),
        returned=Quantity.of(returned),
        credits=[
            CoreCredit(payer=payer, before=cny(old), after=cny(new))
            for payer, old, new in zip(payers, before, after, strict=True)
        ],
    )


FIRST = {}
SECOND = {"returned": "2", "before": ("30.00", "10.00"), "after": ("0.00", "0.00")}


def notes(desk):
    return [(one.number, one.total) for one in desk.announced(InvoiceCredited)]


def documents(desk, fact):
    return desk.ask(ListInvoices(work_order_id=fact.work_order_id)).items


def test_every_payer_gets_a_credit_note_of_the_one_series_once(desk):
    fact = a_delivery()
    desk.hear(fact)
    desk.hear(receipt(fact), times=2)
    desk.hear(receipt(fact), sequence=9)  # the same fact again after the inbox forgot it
    assert desk.parked() == []
    assert notes(desk) == [("CRN-2026-000001", cny("-30.00")), ("CRN-2026-000002", cny("-10.00"))]
    note = next(one for one in documents(desk, fact) if one.number == "CRN-2026-000001")
    document = desk.ask(GetInvoice(invoice_id=note.id))
    assert (document.kind, document.credits) == ("core_credit", invoice_of(desk, fact).id)
    [line] = document.lines
    assert (line.kind, line.number, str(line.quantity), line.gross) == ("core_charge", NUMBER, "1.000", cny("-30.00"))
    assert invoice_of(desk, fact).credited_by is None
    assert [share.total for share in account_of(desk, fact).shares] == [cny("143.00"), cny("10.00")]


def test_several_receipts_are_credited_in_any_order_and_without_a_gap(desk):
    for order in itertools.permutations([FIRST, SECOND]):
        fact = a_delivery()
        desk.hear(fact)
        for one in order:
            desk.hear(receipt(fact, **one))
        assert [share.total for share in account_of(desk, fact).shares] == [cny("113.00"), cny("0.00")]
        assert sum(one.total.minor for one in documents(desk, fact)) == 113_00
    assert [number for number, _ in notes(desk)] == [f"CRN-2026-{number:06d}" for number in range(1, 9)]


def test_a_receipt_that_arrives_before_its_delivery_waits_for_it(desk):
    fact = a_delivery()
    desk.hear(receipt(fact))
    assert [one.kind for one in desk.parked()] == ["early"]
    desk.hear(fact)
    (early,) = desk.parked()
    assert retry(desk, early)
    assert [total for _, total in notes(desk)] == [cny("-30.00"), cny("-10.00")]


def test_a_reversal_credits_what_is_left(desk):
    fact = a_delivery()
    desk.hear(fact)
    desk.hear(receipt(fact))
    desk.hear(reversal_requested(fact))
    assert [total for _, total in notes(desk)] == [cny("-30.00"), cny("-10.00"), cny("-143.00"), cny("-10.00")]
    assert sum(one.total.minor for one in documents(desk, fact)) == 0
    note = desk.ask(GetInvoice(invoice_id=invoice_of(desk, fact).credited_by))
    assert [(line.number, line.gross) for line in note.lines] == [(1, cny("-113.00")), (NUMBER, cny("-30.00"))]
    assert str(note.lines[1].quantity) == "1.000"


def test_a_reversal_leaves_nothing_to_credit(desk):
    fact = a_delivery()
    desk.hear(fact)
    desk.hear(reversal_requested(fact))
    desk.hear(receipt(fact))
    assert desk.parked() == []
    assert [total for _, total in notes(desk)] == [cny("-173.00"), cny("-20.00")]
    assert sum(one.total.minor for one in documents(desk, fact)) == 0


def test_what_was_paid_too_much_is_the_customers_and_is_given_back_once(desk):
    fact = a_delivery()
    desk.hear(fact)
    payment = pay(desk, fact, "173.00")
    desk.hear(receipt(fact))
    account = account_of(desk, fact)
    assert [(one.payer, one.amount) for one in account.credits] == [("customer_pay", cny("30.00"))]
    refund(desk, payment, "30.00")
    account = account_of(desk, fact)
    assert (account.credits, account.shares[0].state, account.shares[0].open) == ([], "paid", cny("0.00"))
    desk.hear(reversal_requested(fact))
    assert [(one.payer, one.amount) for one in account_of(desk, fact).credits] == [("customer_pay", cny("143.00"))]


def test_what_a_deposit_paid_too_much_is_the_customers_too(desk):
    fact = a_delivery()
    deposit(desk, fact, "173.00")
    desk.hear(fact)
    desk.hear(receipt(fact))
    assert [(one.payer, one.amount) for one in account_of(desk, fact).credits] == [("customer_pay", cny("30.00"))]


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.sampled_from(["inclusive", "exclusive"]), st.integers(0, 99_999)
)
def test_receipts_credit_what_was_billed_to_the_minor_unit(parts, mode, rate):
    """Tax is that of the line before and after, so that rounding never adds up."""
    left, credited = sum(parts), [0, 0, 0]
    billed = taxed(left, mode, rate)
    for part in parts:
        before, after = taxed(left, mode, rate), taxed(left - part, mode, rate)
        credited = [total + old - new for total, old, new in zip(credited, before, after, strict=True)]
        left -= part
    assert tuple(credited) == tuple(billed)


@pytest.mark.parametrize("mode", ["inclusive", "exclusive"])
def test_a_note_and_what_is_left_are_taxed_as_the_line_is(desk, mode):
    fact = a_delivery(tax_mode=mode, tax_rate="9.7")
    desk.hear(fact)
    desk.hear(receipt(fact, before=("60.00", "20.00"), after=("29.99", "6.67")))
    for share, left in zip(account_of(desk, fact).shares, (113_00 + 29_99, 6_67), strict=True):
        lines = [113_00, 29_99] if share.payer == "customer_pay" else [left]
        assert share.total == Money(sum(taxed(one, mode, 9_700).gross for one in lines), "CNY")
