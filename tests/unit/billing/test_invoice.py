"""Rules L1 and L2: what an invoice and its credit note say."""

from datetime import date, timedelta

from chassis.wire.ids import derived_id, new_id
from contracts.billing.events import InvoiceCredited, InvoiceIssued
from contracts.shared import Party, PayerParty
from contracts.tax import rate_of
from services.billing.invoice.bill import bills
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.number_series import Issue, NumberSeries
from tests.services.billing.orders import NOON, cny, delivered, labour, part


def a_series(series="INV", last=0):
    return NumberSeries(series=series, year=2026, last=last)


def an_invoice(fact, payer="customer_pay", visit_id=None, series=None):
    bill = bills(fact.lines, fact.currency, fact.tax_mode, rate_of(fact.tax_rate))[payer]
    return Invoice.issue(
        fact,
        payer,
        bill,
        Issue(series or a_series(), NOON, date(2026, 3, 2)),
        PayerParty(payer=payer, party=Party(name="Li Lei")),
        visit_id=visit_id,
    )


def test_an_invoice_bills_one_payers_shares_at_the_frozen_prices_and_announces_it():
    fact = delivered(labour(1, customer_pay="100.00", warranty="13.00"), part(2, customer_pay="13.00"))
    visit = new_id()
    invoice = an_invoice(fact, visit_id=visit)
    assert invoice.id == derived_id(fact.work_order_id, "customer_pay", 1)
    assert (invoice.number, invoice.visit_id) == ("INV-2026-000001", visit)
    assert [(line.number, line.gross) for line in invoice.describe().lines] == [(1, cny("100.00")), (2, cny("13.00"))]
    assert (invoice.net, invoice.tax, invoice.total) == (cny("100.00"), cny("13.00"), cny("113.00"))
    assert invoice.announced == [
        InvoiceIssued(
            invoice_id=invoice.id,
            number="INV-2026-000001",
            work_order_id=fact.work_order_id,
            revision=1,
            payer="customer_pay",
            net=cny("100.00"),
            tax=cny("13.00"),
            total=cny("113.00"),
        )
    ]


def test_tax_is_added_for_a_dealer_who_quotes_without_it():
    fact = delivered(labour(1, customer_pay="100.00"), tax_mode="exclusive")
    assert an_invoice(fact).total == cny("113.00")


def test_numbers_go_up_by_one_and_are_padded():
    series = a_series(last=999_998)
    assert [series.text(series.next()) for _ in range(2)] == ["INV-2026-999999", "INV-2026-1000000"]


def test_a_credit_note_takes_the_invoice_back_in_full_under_a_number_of_its_own():
    fact = delivered(labour(1, customer_pay="100.00"), part(2, customer_pay="0.99"))
    invoice = an_invoice(fact, series=a_series(last=4))
    note = invoice.credit(Issue(a_series("CRN"), NOON + timedelta(days=1), date(2026, 3, 3)), reason="wrong car")
    billed, credited = invoice.describe(), note.describe()
    assert (credited.kind, credited.number, credited.credits, credited.reason) == (
        "credit_note",
        "CRN-2026-000001",
        invoice.id,
        "wrong car",
    )
    assert [(line.net, line.tax, line.gross) for line in credited.lines] == [
        (-line.net, -line.tax, -line.gross) for line in billed.lines
    ]
    assert (credited.net, credited.tax, credited.total) == (-billed.net, -billed.tax, -billed.total)
    assert (credited.tax_rate, credited.customer_name, credited.revision) == (billed.tax_rate, "Li Lei", 1)
    assert invoice.total == cny("100.99"), "the invoice itself stays as it is"
    assert note.announced == [
        InvoiceCredited(
            invoice_id=note.id,
            number="CRN-2026-000001",
            credited_invoice_id=invoice.id,
            credited_number="INV-2026-000005",
            work_order_id=fact.work_order_id,
            revision=1,
            payer="customer_pay",
            total=cny("-100.99"),
        )
    ]
