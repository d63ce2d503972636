"""Rules L1, L2 and W15 at the door: a delivered order is billed once, a reversed delivery credited once, in any order."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chassis.store.tables import inbox
from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import derived_id, new_id
from chassis.work.rows import Rows, key_of
from contracts.billing.account import GetOrderAccount, RecordPayment
from contracts.billing.events import InvoiceCredited, InvoiceIssued
from contracts.billing.invoice import AttachTaxNumber, GetInvoice, ListInvoices, ListTaxRates, SetTaxRate
from services.billing.domain.invoice import Invoice
from services.billing.service import BillingService
from tests.services.billing.orders import batch, cny, delivered, labour, parked_entry, part, reversed_


def numbers(desk, **filters):
    return [one.number for one in desk.ask(ListInvoices(**filters)).items]


def invoice_of(desk, fact, payer="customer_pay", **more):
    return desk.ask(GetInvoice(invoice_id=derived_id(fact.work_order_id, payer, fact.revision)), **more)


def test_a_delivered_order_is_billed_once_per_payer_however_often_it_is_told(desk):
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
    desk.hear(reversed_(fact))
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


# Reversal


def test_a_reversed_delivery_is_credited_once_under_a_series_of_its_own(desk):
    visit = new_id()
    fact = delivered(labour(1, customer_pay="113.00", warranty="40.00"))
    desk.hear(fact, visit=visit)
    desk.hear(reversed_(fact), visit=visit, times=2)
    desk.hear(reversed_(fact), visit=visit, sequence=9)
    assert desk.parked() == []
    assert [(one.number, one.credited_number, one.total) for one in desk.announced(InvoiceCredited)] == [
        ("CRN-2026-000001", "INV-2026-000001", cny("-113.00")),
        ("CRN-2026-000002", "INV-2026-000002", cny("-40.00")),
    ]
    invoice = invoice_of(desk, fact)
    note = desk.ask(GetInvoice(invoice_id=invoice.credited_by))
    assert (note.credits, note.total, note.reason) == (invoice.id, cny("-113.00"), "Delivered the wrong car")
    assert invoice.total == cny("113.00")
    assert {one["correlationid"] for one in desk.envelopes()} == {visit}


def test_a_reversal_that_is_told_before_its_delivery_waits_for_it(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(reversed_(fact))
    assert [one.kind for one in desk.parked()] == ["early"]
    assert desk.announced() == []
    desk.hear(fact)
    (early,) = desk.parked()
    assert desk.subscriber.retry(parked_entry(early))
    assert desk.parked() == []
    assert invoice_of(desk, fact).credited_by is not None


def test_the_next_revision_is_billed_again_and_stays(desk):
    first = delivered(labour(1, customer_pay="113.00"))
    second = delivered(labour(1, customer_pay="100.00"), work_order_id=first.work_order_id, revision=2)
    desk.hear(first)
    desk.hear(second)
    desk.hear(reversed_(first))
    account = desk.ask(GetOrderAccount(work_order_id=first.work_order_id))
    assert [(one.revision, one.state) for one in account.shares] == [(1, "reversed"), (2, "open")]
    assert invoice_of(desk, second).credited_by is None


# What never changes


@pytest.mark.parametrize("table", ["invoice", "payment", "customer_credit", "tax_number"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET dealer_id = dealer_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_what_was_issued(desk, table, statement):
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(fact)
    desk.do(RecordPayment(work_order_id=fact.work_order_id, payment_method="cash", amount=cny("13.00")))
    desk.do(AttachTaxNumber(invoice_id=invoice_of(desk, fact).id, tax_number="25312000000012345678"))
    desk.hear(reversed_(fact))
    assert desk.rows(lambda session: session.scalar(text(f"SELECT count(*) FROM {table}")))
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        desk.rows(lambda session: session.execute(text(statement.format(table))))


def test_a_document_changed_by_the_program_is_refused_too(desk):
    """By the database, even where the program pretends to edit it."""
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(fact)

    def cheat(session):
        invoice = session.scalars(select(Invoice)).one()
        session.shared(Rows).locked[key_of(invoice)] = invoice
        invoice.total_minor = 1
        session.commit()

    with pytest.raises(DBAPIError, match="never changed or deleted"):
        desk.rows(cheat)
    assert invoice_of(desk, fact).total == cny("113.00")


def test_no_two_invoices_of_one_payer_and_revision_nor_of_one_number(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(fact)
    columns = desk.rows(lambda session: [one.name for one in Invoice.__table__.columns if one.name != "id"])
    same_payer, same_number = {"sequence_number": 9}, {"payer": "'insurer'"}
    for changes, constraint in [(same_payer, "invoice_payer_revision_key"), (same_number, "invoice_number_key")]:
        values = ", ".join(str(changes.get(name, name)) for name in columns)
        copied = f"INSERT INTO invoice (id, {', '.join(columns)}) SELECT gen_random_uuid(), {values} FROM invoice"

        def copy(session, copied=copied):
            session.execute(text(copied))

        with pytest.raises(IntegrityError, match=constraint):
            desk.rows(copy)


def test_the_embedded_database_refuses_it_too(open_embedded_desk):
    desk = open_embedded_desk(BillingService)
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(fact, times=2)
    desk.do(RecordPayment(work_order_id=fact.work_order_id, payment_method="cash", amount=cny("13.00")))
    desk.hear(reversed_(fact))
    assert sorted(numbers(desk)) == ["CRN-2026-000001", "INV-2026-000001"]
    for statement in ("UPDATE invoice SET total_minor = 1", "DELETE FROM invoice"):
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            desk.rows(lambda session, statement=statement: session.execute(text(statement)))


# The tax authority's number


def test_a_tax_number_is_attached_once_and_the_invoice_stays_as_it_was(desk):
    first, second = (delivered(labour(1, customer_pay="113.00")) for _ in range(2))
    desk.hear(first)
    desk.hear(second)
    one, other = invoice_of(desk, first), invoice_of(desk, second)
    for _ in range(2):
        attached = desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="0001"))
    assert (attached.tax_number, attached.attached_by) == ("0001", "wang")
    assert (invoice_of(desk, first).tax_number, invoice_of(desk, first).version) == ("0001", one.version)
    with pytest.raises(Refused, match="tax_number_attached"):
        desk.do(AttachTaxNumber(invoice_id=one.id, tax_number="0002"))
    with pytest.raises(Refused, match="tax_number_used"):
        desk.do(AttachTaxNumber(invoice_id=other.id, tax_number="0001"))
    with pytest.raises(NotFound):
        desk.do(AttachTaxNumber(invoice_id=new_id(), tax_number="0003"))


# Tax rates


def test_a_dealers_rate_holds_from_its_day_on_and_13_percent_before(desk):
    assert desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="9.5")).rate == "9.5"
    today = delivered(labour(1, customer_pay="109.00"))
    tomorrow = delivered(labour(1, customer_pay="109.50"), delivered_at=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
    for fact in (today, tomorrow):
        desk.hear(fact)
    assert (invoice_of(desk, today).tax_rate, invoice_of(desk, today).tax) == ("13", cny("12.54"))
    assert (invoice_of(desk, tomorrow).tax_rate, invoice_of(desk, tomorrow).tax) == ("9.5", cny("9.50"))
    desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="10"))
    assert [(one.effective_on, one.rate) for one in desk.ask(ListTaxRates()).items] == [(date(2026, 3, 3), "10")]
    assert invoice_of(desk, tomorrow).tax_rate == "9.5", "what is issued keeps its rate"
    assert desk.ask(ListTaxRates(), dealer="bj-chaoyang").items == []


def test_a_rate_cannot_change_days_that_are_over(desk):
    with pytest.raises(Refused, match="tax_rate_in_the_past"):
        desk.do(SetTaxRate(effective_on=date(2026, 3, 1), rate="10"))
    with pytest.raises(Invalid):
        desk.do(SetTaxRate(effective_on=date(2026, 3, 3), rate="100"))


# Windows


def test_invoices_are_listed_by_order_payer_and_day_and_page_by_page(desk):
    facts = [delivered(labour(1, customer_pay="10.00", warranty="1.00")) for _ in range(3)]
    for fact in facts:
        desk.hear(fact)
    assert numbers(desk, work_order_id=facts[0].work_order_id) == ["INV-2026-000002", "INV-2026-000001"]
    assert len(numbers(desk, payer="warranty")) == 3
    assert len(numbers(desk, day=date(2026, 3, 2))) == 6
    assert numbers(desk, day=date(2026, 3, 1)) == []
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
