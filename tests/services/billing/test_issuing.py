"""Rules L1 and L2 at billing: a delivered order is billed once, in any order of arrival."""

from datetime import UTC, date, datetime

from sqlalchemy import delete

from chassis.store.tables import inbox
from chassis.wire.ids import new_id
from contracts.billing.account import GetOrderAccount
from contracts.billing.events import InvoiceIssued
from contracts.billing.invoice import ListInvoices
from tests.services.billing.acts import invoice_of, numbers
from tests.services.billing.orders import batch, cny, delivered, labour, part, reversal_requested


def test_a_delivered_order_is_billed_once_per_payer_however_often_it_is_announced(desk):
    visit = new_id()
    fact = delivered(labour(1, customer_pay="100.00", warranty="40.00"), part(2, customer_pay="13.00"))
    desk.hear(fact, visit=visit, times=2)
    invoice, claim = invoice_of(desk, fact), invoice_of(desk, fact, "warranty")
    assert [(line.number, line.gross, line.tax) for line in invoice.lines] == [
        (1, cny("100.00"), cny("11.50")),
        (2, cny("13.00"), cny("1.50")),
    ]
    assert (invoice.total, invoice.tax, invoice.net) == (cny("113.00"), cny("13.00"), cny("100.00"))
    assert claim.total == cny("40.00")
    assert (invoice.issued_on, invoice.tax_rate, invoice.customer_name) == (date(2026, 3, 2), "13", "Li Lei")
    assert numbers(desk) == ["INV-2026-000002", "INV-2026-000001"]
    assert [(one.payer, one.number, one.total) for one in desk.announced(InvoiceIssued)] == [
        ("customer_pay", "INV-2026-000001", cny("113.00")),
        ("warranty", "INV-2026-000002", cny("40.00")),
    ]
    assert {one["correlationid"] for one in desk.envelopes()} == {visit}
    assert {one["causationid"] for one in desk.envelopes()} != {None}


def test_the_effect_stays_single_when_the_inbox_was_purged(desk):
    fact = delivered(labour(1, customer_pay="100.00", warranty="40.00"))
    desk.hear(fact)

    def purge(session):
        session.execute(delete(inbox))
        session.commit()

    desk.rows(purge)
    desk.hear(fact)
    desk.hear(fact, sequence=7)
    assert len(numbers(desk)) == 2
    assert desk.parked() == []
    assert len(desk.announced(InvoiceIssued)) == 2


def test_a_payer_whose_shares_come_to_nothing_gets_an_invoice_that_says_so(desk):
    fact = delivered(labour(1, customer_pay="0.00", goodwill="100.00"))
    desk.hear(fact)
    assert invoice_of(desk, fact).total == cny("0.00")
    assert len(numbers(desk)) == 2


def test_an_order_without_lines_gets_no_invoice_and_can_be_reversed(desk):
    fact = delivered()
    desk.hear(fact)
    assert numbers(desk) == []
    account = desk.ask(GetOrderAccount(work_order_id=fact.work_order_id))
    assert [(one.payer, one.total, one.invoice_id) for one in account.shares] == [("customer_pay", cny("0.00"), None)]
    assert account.settled
    desk.hear(reversal_requested(fact))
    assert desk.parked() == []
    assert not desk.ask(GetOrderAccount(work_order_id=fact.work_order_id)).settled


def test_every_revision_is_billed_for_itself_in_the_wrong_order_too(desk):
    first = delivered(labour(1, customer_pay="100.00"))
    second = delivered(labour(1, customer_pay="90.00"), work_order_id=first.work_order_id, revision=2)
    third = delivered(labour(1, customer_pay="80.00"), work_order_id=first.work_order_id, revision=3)
    desk.hear(third)
    desk.subscriber.process(batch(second, first))
    account = desk.ask(GetOrderAccount(work_order_id=first.work_order_id))
    assert [(one.revision, one.total) for one in account.shares] == [(1, cny("100.00")), (2, cny("90.00")), (3, cny("80.00"))]
    assert account.revision == 3
    assert len(numbers(desk)) == 3


def test_two_revisions_of_an_unknown_order_in_one_batch(desk, database_errors):
    first = delivered(labour(1, customer_pay="100.00"))
    second = delivered(labour(1, customer_pay="90.00"), work_order_id=first.work_order_id, revision=2)
    desk.subscriber.process(batch(first, second))
    assert database_errors == []
    assert desk.parked() == []
    assert len(numbers(desk)) == 2


def test_a_fact_that_contradicts_itself_is_a_dead_letter_and_its_neighbours_are_billed(desk):
    line = labour(1, customer_pay="100.00")
    wrong = delivered(type(line)(**{**vars(line), "amount": cny("99.00")}))
    desk.subscriber.process(batch(delivered(labour(1, customer_pay="1.00")), wrong, delivered(labour(1, customer_pay="2.00"))))
    (dead,) = desk.parked()
    assert (dead.kind, dead.reason) == ("dead", "Refused: shares_do_not_add_up (line=1)")
    assert numbers(desk) == ["INV-2026-000002", "INV-2026-000001"], "and no number is lost"


def test_billing_waits_for_a_dealer_it_does_not_know(desk):
    fact = delivered(labour(1, customer_pay="100.00"))
    desk.hear(fact, dealer="gz-tianhe")
    assert [one.kind for one in desk.parked()] == ["early"]


def test_the_year_of_a_number_is_the_dealers_own(desk):
    desk.register("la", time_zone="America/Los_Angeles", currency="CNY")
    desk.clock.set(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    desk.hear(delivered(labour(1, customer_pay="1.00")))
    desk.hear(delivered(labour(1, customer_pay="1.00")), dealer="la")
    assert numbers(desk) == ["INV-2027-000001"]
    assert [one.number for one in desk.ask(ListInvoices(), dealer="la").items] == ["INV-2026-000001"]
