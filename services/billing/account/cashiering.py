"""What the cashier does at an order's account: payments, deposits and refunds (Rule L4, docs/domain.md).

Locks: the account first, then the customer's credit limit or the provider's transaction.
"""

from typing import Any

from chassis import Invalid, Money, NotYetKnown, Refused, Work
from contracts.billing.account import RecordPayment, RefundPayment, TakeAppointmentDeposit, TakeDeposit
from services.billing.account import deposit
from services.billing.account.access import account_of_appointment, edit_account, edit_billed_account
from services.billing.account.credit_limit import require_room
from services.billing.account.crediting import pay_with_credit
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER
from services.billing.account.tender import Direction, open_tender
from services.billing.projections.appointment import FollowedAppointment

WITH_REFERENCE = frozenset({"card", "transfer", "wechat_pay", "alipay"})
"""Methods whose provider names every transaction: the name is what keeps it from being recorded twice."""

Recorded = tuple[str, str, str, Money, str | None]
"""What makes a part of a provider's transaction the same one: account, kind, payer, amount, and the payment it is of."""


def record_payment(work: Work, command: RecordPayment) -> Payment:
    """Record a payment; the same one under the same provider reference again answers the first."""
    source = _lock_source(work, command)
    account = edit_billed_account(work, command.work_order_id)
    account.ledger.require_positive(command.amount)
    first, under = _under(work, command, "in", (account.id, "payment", command.payer, command.amount, None))
    if first is not None:
        return first
    context = PaymentContext.of(work)
    if command.payment_method == "on_account":
        if command.payer != CUSTOMER:
            raise Refused("on_account_is_the_customers", payer=command.payer)
        require_room(work, account, command.amount)
        return account.put_on_account(command.amount, context, **under)
    if command.payment_method == "customer_credit":
        if source is not None:
            work.change(source)
        return pay_with_credit(account, source or account, command.payer, command.amount, context, **under)
    return account.receive(command.payer, command.payment_method, command.amount, context, **under)


def take_deposit(work: Work, command: TakeDeposit) -> Payment:
    """Take a deposit for an order that is known here."""
    return _deposit(work, edit_account(work, command.work_order_id), command)


def take_appointment_deposit(work: Work, command: TakeAppointmentDeposit) -> Payment:
    """Take a deposit for an appointment whose customer is still expected. Raises NotYetKnown for one that nobody booked.

    The appointment stays locked: when its order is opened at the same moment, the deposit goes with it or is refused.
    """
    appointment = work.lock(FollowedAppointment, command.appointment_id)
    if appointment is None:
        raise NotYetKnown.reference("appointment_id", command.appointment_id)
    if not appointment.is_coming:
        raise Refused("appointment_not_open", status=appointment.status)
    account = account_of_appointment(work, command.appointment_id)
    facts = appointment.appointment
    account.identify(facts.customer, facts.vehicle, visit_id=appointment.visit_id)
    return _deposit(work, account, command)


def refund_payment(work: Work, command: RefundPayment) -> Payment:
    """Give money back; the same refund under the same provider reference again answers the first.

    What it had paid off may be on account again: within the limit that holds now.
    """
    account = work.edit(OrderAccount, work.get(Payment, command.payment_id).account_id)
    account.ledger.require_positive(command.amount)
    payment = next(one for one in account.payments if one.id == command.payment_id)
    same = (account.id, "refund", payment.payer, -command.amount, payment.id)
    first, under = _under(work, command, "out", same, of=payment)
    if first is not None:
        return first
    share = account.ledger.share_of(payment)
    before = None if share is None else share.on_account
    refund = account.refund(
        payment, command.payment_method, command.amount, PaymentContext.of(work), reason=command.reason, **under
    )
    if share is not None and share.on_account != before and command.payment_method != "on_account":
        require_room(work, account)
    return refund


def _lock_source(work: Work, command: RecordPayment) -> OrderAccount | None:
    """The other account whose credit pays, if one does. Raises NotYetKnown if there is none."""
    if command.credit_of is None:
        return None
    if command.payment_method != "customer_credit":
        raise Invalid.field("credit_of", "only_of_customer_credit")
    if command.credit_of == command.work_order_id:
        return None
    # In one order: two orders may pay one another at the same moment.
    found = {one: work.lock(OrderAccount, one) for one in sorted((command.credit_of, command.work_order_id))}
    source = found[command.credit_of]
    if source is None or source.of_appointment:
        raise NotYetKnown.reference("credit_of", command.credit_of)
    return source


def _deposit(work: Work, account: OrderAccount, command: TakeDeposit | TakeAppointmentDeposit) -> Payment:
    account.ledger.require_positive(command.amount)
    first, under = _under(work, command, "in", (account.id, "deposit", CUSTOMER, command.amount, None))
    if first is not None:
        return first
    return deposit.take_deposit(account, command.payment_method, command.amount, PaymentContext.of(work), **under)


def _under(
    work: Work,
    command: RecordPayment | TakeDeposit | TakeAppointmentDeposit | RefundPayment,
    direction: Direction,
    same: Recorded,
    *,
    of: Payment | None = None,
) -> tuple[Payment | None, dict[str, Any]]:
    """What was recorded as this part of the provider's transaction before, or the columns that make the new part one of it."""
    if command.provider_reference is None:
        if command.payment_method in WITH_REFERENCE:
            raise Invalid.field("provider_reference", "required_for_method", payment_method=command.payment_method)
        return None, {}
    tender, parts = open_tender(work, direction, command.payment_method, command, command.amount, of=of)
    for one in parts:
        if (one.account_id, one.kind, one.payer, one.amount, one.of_id) == same:
            return one, {}
    tender.require_left(parts, command.amount, command.reference_total)
    return None, {"tender_id": tender.id, "provider": command.provider, "provider_reference": command.provider_reference}
