"""What the cashier and the service manager do at an order's account (Rules L4 and L5, docs/domain.md)."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chassis import Invalid, Money, NotFound, NotYetKnown, Refused, Work
from contracts.billing.account import ApproveDeposit, RecordAuthorisation, RecordPayment, RefundPayment, TakeDeposit
from services.billing.domain.account import CUSTOMER, OrderAccount
from services.billing.domain.ledger import Payment, Taken
from services.billing.domain.model import locked

WITH_REFERENCE = frozenset({"card", "transfer", "wechat_pay", "alipay"})
"""Methods whose provider names every transaction: the name is what keeps it from being recorded twice."""


def record_payment(work: Work, command: RecordPayment) -> Payment:
    """Record a payment; the same provider reference again answers the first one."""
    account = _account(work, command.work_order_id)
    first = _first(work, command)
    if first is not None:
        return _same(first, (account.id, "payment", command.payer, command.amount, None))
    payment = account.receive(
        command.payer, command.payment_method, command.amount, _taken(work), reference=command.provider_reference
    )
    return _entered(work, payment)


def take_deposit(work: Work, command: TakeDeposit) -> Payment:
    """Take a deposit; the order need not be known here before it is delivered, so the deposit may open its account."""
    # Made by a statement of its own: the delivery may open the account at the same moment.
    locked(work, OrderAccount, {"id": command.work_order_id}, version=1, currency=work.profile.currency)
    account = work.edit(OrderAccount, command.work_order_id)
    first = _first(work, command)
    if first is not None:
        return _same(first, (account.id, "deposit", CUSTOMER, command.amount, None))
    deposit = account.take_deposit(command.payment_method, command.amount, _taken(work), reference=command.provider_reference)
    return _entered(work, deposit)


def refund_payment(work: Work, command: RefundPayment) -> Payment:
    """Give money back."""
    account = work.edit(OrderAccount, work.get(Payment, command.payment_id).account_id)
    payment = next(one for one in account.payments if one.id == command.payment_id)
    first = _first(work, command)
    if first is not None:
        return _same(first, (account.id, "refund", payment.payer, -command.amount, payment.id))
    refund = account.refund(
        payment, command.payment_method, command.amount, _taken(work), reason=command.reason, reference=command.provider_reference
    )
    return _entered(work, refund)


def record_authorisation(work: Work, command: RecordAuthorisation) -> OrderAccount:
    """Record who stands for a share, and under which reference."""
    account = _account(work, command.work_order_id)
    account.authorise(command.payer, reference=command.reference, authorised_by=command.authorised_by, at=work.now)
    return account


def approve_deposit(work: Work, command: ApproveDeposit) -> OrderAccount:
    """Let the car leave on the deposit."""
    account = _account(work, command.work_order_id)
    account.approve_deposit(reason=command.reason, taken=_taken(work))
    return account


def _account(work: Work, work_order_id: str) -> OrderAccount:
    try:
        return work.edit(OrderAccount, work_order_id)
    except NotFound:
        # The delivery may be on its way.
        raise NotYetKnown.reference("work_order_id", work_order_id) from None


def _taken(work: Work) -> Taken:
    return Taken(at=work.now, on=work.profile.local(work.now).date(), by=work.actor)


def _first(work: Work, command: RecordPayment | TakeDeposit | RefundPayment) -> Payment | None:
    """What was recorded under the same method and provider reference, if anything."""
    if command.provider_reference is None:
        if command.payment_method in WITH_REFERENCE:
            raise Invalid.fields({"provider_reference": [f"Required for {command.payment_method}."]})
        return None
    return work.first(
        select(Payment).where(Payment.method == command.payment_method, Payment.provider_reference == command.provider_reference)
    )


def _same(first: Payment, asked: tuple[str, str, str, Money, str | None]) -> Payment:
    """The first payment, if it is the one that was asked for again. Raises Refused if it was another one."""
    if (first.account_id, first.kind, first.payer, first.amount, first.of_id) != asked:
        raise _reference_used(first.provider_reference)
    return first


def _entered(work: Work, payment: Payment) -> Payment:
    # Written here, so that the same reference on another order at the same moment is refused and not a failure.
    try:
        work.session.flush()
    except IntegrityError as error:
        if "provider_reference" not in str(error.orig):
            raise
        raise _reference_used(payment.provider_reference) from None
    return payment


def _reference_used(reference: str | None) -> Refused:
    return Refused("reference_used", provider_reference=reference)
