"""What the cashier does at an order's account: payments, deposits and refunds (Rule L4, docs/domain.md)."""

from sqlalchemy import select

from chassis import Invalid, Money, Refused, Work
from contracts.billing.account import RecordPayment, RefundPayment, TakeDeposit
from services.billing.account.order_account import OrderAccount, edit_account
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER

WITH_REFERENCE = frozenset({"card", "transfer", "wechat_pay", "alipay"})
"""Methods whose provider names every transaction: the name is what keeps it from being recorded twice."""


def record_payment(work: Work, command: RecordPayment) -> Payment:
    """Record a payment; the same provider reference again answers the first one."""
    account = edit_account(work, command.work_order_id)
    first = _first(work, command)
    if first is not None:
        return _same(first, (account.id, "payment", command.payer, command.amount, None))
    payment = account.receive(
        command.payer,
        command.payment_method,
        command.amount,
        PaymentContext.of(work),
        reference=command.provider_reference,
    )
    return _entered(work, payment)


def take_deposit(work: Work, command: TakeDeposit) -> Payment:
    """Take a deposit; it may open the account of an order that is not known here before its delivery."""
    # Made by a statement of its own: the delivery may open the account at the same moment.
    work.lock_or_create(OrderAccount, {"id": command.work_order_id}, version=1, currency=work.profile.currency)
    account = work.edit(OrderAccount, command.work_order_id)
    first = _first(work, command)
    if first is not None:
        return _same(first, (account.id, "deposit", CUSTOMER, command.amount, None))
    deposit = account.take_deposit(
        command.payment_method, command.amount, PaymentContext.of(work), reference=command.provider_reference
    )
    return _entered(work, deposit)


def refund_payment(work: Work, command: RefundPayment) -> Payment:
    """Give money back; a refund is found again by its own provider reference."""
    account = work.edit(OrderAccount, work.get(Payment, command.payment_id).account_id)
    payment = next(one for one in account.payments if one.id == command.payment_id)
    first = _first(work, command)
    if first is not None:
        return _same(first, (account.id, "refund", payment.payer, -command.amount, payment.id))
    refund = account.refund(
        payment,
        command.payment_method,
        command.amount,
        PaymentContext.of(work),
        reason=command.reason,
        reference=command.provider_reference,
    )
    return _entered(work, refund)


def _first(work: Work, command: RecordPayment | TakeDeposit | RefundPayment) -> Payment | None:
    """What was recorded under the same method and provider reference, if anything."""
    if command.provider_reference is None:
        if command.payment_method in WITH_REFERENCE:
            raise Invalid.field("provider_reference", "required_for_method", payment_method=command.payment_method)
        return None
    return work.first(
        select(Payment).where(Payment.method == command.payment_method, Payment.provider_reference == command.provider_reference)
    )


def _same(first: Payment, asked: tuple[str, str, str, Money, str | None]) -> Payment:
    """The first payment, if it is the one that was asked for again. Raises Refused if it was another one."""
    if (first.account_id, first.kind, first.payer, first.amount, first.of_id) != asked:
        raise _reference_used(first)
    return first


def _entered(work: Work, payment: Payment) -> Payment:
    if payment.provider_reference is not None:
        # Written here, so that the same reference on another order at the same moment is refused and not a failure.
        work.flush(unique="provider_reference", otherwise=_reference_used(payment))
    return payment


def _reference_used(payment: Payment) -> Refused:
    return Refused("reference_used", provider_reference=payment.provider_reference)
