"""Paying with customer credit: the order's own, or that of another one of the customer's (Rules L4, W15, docs/domain.md)."""

from typing import Any

from chassis import Money, Refused
from contracts.billing.events import CreditApplied, CreditTransferred
from contracts.shared import Payer
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER


def pay_with_credit(
    account: OrderAccount, source: OrderAccount, payer: Payer, amount: Money, context: PaymentContext, **under: Any
) -> Payment:
    """Credit of `source`, which may be the account itself, pays a share. The money came in there: each knows what it gave.

    Raises Refused for more than the share owes or the credit holds, and across orders for anybody's but the same customer's own:
    another payer's party and claim are the order's.
    """
    share, is_own = account.share_to_pay(payer, amount), source is account
    if not is_own:
        _require_one_customer(account, source, payer)
    credit = source.ledger.credits().get(payer, Money.zero(source.currency))
    if amount > credit:
        raise Refused("credit_too_small", payer=payer, credit=credit.plain())
    about = {**under, "revision": share.revision, "counterpart_id": None if is_own else source.id}
    payment = account.ledger.enter("payment", payer, "customer_credit", amount, context, **about)
    if is_own:
        account.ledger.use_credit(payment, share)
    else:
        source.ledger.transfer_credit(payer, amount, account.id, context)
        source.recount()
        source.announce(CreditTransferred(work_order_id=source.id, paid_work_order_id=account.id, payer=payer, amount=amount))
    account.recount()
    account.announce(
        CreditApplied(
            payment_id=payment.id,
            work_order_id=account.id,
            credit_of=source.id,
            payer=payer,
            amount=amount,
            open_amount=share.owed,
        )
    )
    return payment


def _require_one_customer(account: OrderAccount, source: OrderAccount, payer: Payer) -> None:
    if payer != CUSTOMER:
        raise Refused("credit_stays_with_its_order", payer=payer)
    if source.customer_id is None or source.customer_id != account.customer_id:
        raise Refused("credit_of_another_customer")
