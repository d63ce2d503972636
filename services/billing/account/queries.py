"""Queries of accounts and payments, of who owes and whose money is held."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, not_, select

from chassis import Money, NotFound, Work, page
from contracts.billing import credit_limit as contract_limit
from contracts.billing import receivable as contract
from contracts.billing.account import GetOrderAccount, ListPayments, Payments
from contracts.billing.credit_limit import GetCreditLimit
from services.billing.account.credit_limit import CreditLimit, on_account
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import Payment
from services.billing.account.share import Share
from services.billing.account.standing import WANTS, describe_credits, describe_standing, named


def get_order_account(work: Work, query: GetOrderAccount) -> OrderAccount:
    """Raises NotFound while nothing is known of the order here."""
    account = work.get(OrderAccount, query.work_order_id)
    if account.of_appointment:
        raise NotFound("not_found", kind="order_account", id=query.work_order_id)
    return account


def get_credit_limit(work: Work, query: GetCreditLimit) -> contract_limit.CreditLimit:
    """Raises NotFound while none was approved."""
    limit = work.get(CreditLimit, query.customer_id)
    return limit.describe_used(on_account(work, limit))


def list_payments(work: Work, query: ListPayments) -> Payments:
    """The newest first."""
    statement = select(Payment)
    if query.work_order_id is not None:
        statement = statement.where(Payment.account_id == query.work_order_id)
    if query.appointment_id is not None:
        statement = statement.where(Payment.account_id == query.appointment_id)
    if query.day is not None:
        statement = statement.where(Payment.received_on == query.day)
    rows, next_cursor = page(work, statement, query, keys=[Payment.id])
    return Payments(items=[one.describe() for one in rows], next_cursor=next_cursor)


def list_open_accounts(work: Work, query: contract.ListOpenAccounts) -> contract.OpenAccounts:
    """Who waits, in the order of the queue."""
    statement = select(OrderAccount).where(OrderAccount.queue_place.is_not(None))
    if query.wants:
        statement = statement.where(OrderAccount.queue_place.in_([WANTS.index(one) for one in query.wants]))
    keys = [OrderAccount.queue_place, OrderAccount.waiting_since, OrderAccount.id]
    rows, next_cursor = page(work, statement, query, keys=keys, ascending=True)
    return contract.OpenAccounts(items=[_open_account(one) for one in rows], next_cursor=next_cursor)


def list_receivables(work: Work, query: contract.ListReceivables) -> contract.Receivables:
    """Shares that owe something, those of the newest orders first."""
    same_account = and_(OrderAccount.dealer_id == Share.dealer_id, OrderAccount.id == Share.account_id)
    statement = select(Share).join(OrderAccount, same_account).where(Share.owed_minor > 0)
    if query.customer_id is not None:
        statement = statement.where(OrderAccount.customer_id == query.customer_id)
    if query.payer is not None:
        statement = statement.where(Share.payer == query.payer)
    rows, next_cursor = page(work, statement, query, keys=[Share.account_id, Share.id])
    return contract.Receivables(items=[_receivable(one) for one in rows], next_cursor=next_cursor)


def list_deposits(work: Work, query: contract.ListDeposits) -> contract.HeldDeposits:
    """Accounts with unused deposits, the newest first."""
    void = OrderAccount.voided_at.is_not(None)
    statement = select(OrderAccount).where(OrderAccount.deposit_minor > 0)
    if query.void is not None:
        statement = statement.where(void if query.void else not_(void))
    rows, next_cursor = page(work, statement, query, keys=[OrderAccount.id])
    return contract.HeldDeposits(
        items=[
            contract.HeldDeposit(**_whose(one), amount=Money(one.deposit_minor, one.currency), void=one.voided_at is not None)
            for one in rows
        ],
        next_cursor=next_cursor,
    )


def list_customer_credits(work: Work, query: contract.ListCustomerCredits) -> contract.CustomerCredits:
    """Accounts with credit, the newest first."""
    statement = select(OrderAccount).where(OrderAccount.credit_minor > 0)
    if query.customer_id is not None:
        statement = statement.where(OrderAccount.customer_id == query.customer_id)
    rows, next_cursor = page(work, statement, query, keys=[OrderAccount.id])
    return contract.CustomerCredits(
        items=[
            contract.CustomerCredit(
                **_whose(one),
                amount=Money(one.credit_minor, one.currency),
                credits=describe_credits(one),
            )
            for one in rows
        ],
        next_cursor=next_cursor,
    )


def _open_account(account: OrderAccount) -> contract.OpenAccount:
    shares = account.unreversed_shares_of(account.revision)
    told = [share.describe() for share in shares]

    def total(amounts: Iterable[Money]) -> Money:
        return Money.total(amounts, account.currency)

    return contract.OpenAccount(
        **_whose(account),
        **vars(describe_standing(account)),
        revision=account.revision,
        total=total(one.total for one in told),
        paid=total(one.paid for one in told),
        on_account=total(one.on_account for one in told),
        open=total(one.open for one in told),
        shares=told,
        deposit=Money(account.deposit_minor, account.currency),
        credits=describe_credits(account),
    )


def _receivable(share: Share) -> contract.Receivable:
    told = vars(share.describe()).items()
    facts = {name: value for name, value in told if name not in ("authorised_by", "reversed_at")}
    return contract.Receivable(**_whose(share.account), **facts)


def _whose(account: OrderAccount) -> dict[str, Any]:
    return {
        "work_order_id": None if account.of_appointment else account.id,
        "appointment_id": account.id if account.of_appointment else None,
        "customer_id": account.customer_id,
        **named(account),
    }
