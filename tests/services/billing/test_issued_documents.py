"""Rule L2 at billing: what was issued is never changed or deleted, and no number is given twice."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chassis.work.rows import Rows, key_of
from contracts.billing.account import RecordPayment
from contracts.billing.invoice import AttachTaxNumber
from services.billing.invoice.invoice import Invoice
from services.billing.service import BillingService
from tests.services.billing.acts import invoice_of, numbers
from tests.services.billing.orders import cny, delivered, labour, reversal_requested


@pytest.mark.parametrize("table", ["invoice", "payment", "customer_credit", "tax_number"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET dealer_id = dealer_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_what_was_issued(desk, table, statement):
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(fact)
    desk.do(RecordPayment(work_order_id=fact.work_order_id, payment_method="cash", amount=cny("13.00")))
    desk.do(AttachTaxNumber(invoice_id=invoice_of(desk, fact).id, tax_number="25312000000012345678"))
    desk.hear(reversal_requested(fact))
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
    desk.hear(reversal_requested(fact))
    assert sorted(numbers(desk)) == ["CRN-2026-000001", "INV-2026-000001"]
    for statement in ("UPDATE invoice SET total_minor = 1", "DELETE FROM invoice"):
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            desk.rows(lambda session, statement=statement: session.execute(text(statement)))
