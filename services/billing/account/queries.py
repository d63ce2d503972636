"""Queries of accounts and payments."""

from sqlalchemy import select

from chassis import Work, page
from contracts.billing.account import GetOrderAccount, ListPayments, Payments
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import Payment


def get_order_account(work: Work, query: GetOrderAccount) -> OrderAccount:
    """Raises NotFound while nothing is known of the order here."""
    return work.get(OrderAccount, query.work_order_id)


def list_payments(work: Work, query: ListPayments) -> Payments:
    """The newest first."""
    statement = select(Payment)
    if query.work_order_id is not None:
        statement = statement.where(Payment.account_id == query.work_order_id)
    if query.day is not None:
        statement = statement.where(Payment.received_on == query.day)
    rows, next_cursor = page(work, statement, query, keys=[Payment.id])
    return Payments(items=[one.describe() for one in rows], next_cursor=next_cursor)
