"""Deposits (定金) on an account: money before the delivery, and what it may stand for (Rules L4, L5, W16, docs/domain.md)."""

from datetime import datetime
from typing import Any, cast

from chassis import Money, Refused
from contracts.billing.events import (
    DepositApplied,
    DepositApproved,
    DepositReturned,
    DepositTaken,
    DepositTransferred,
    PaymentMethod,
    TenderMethod,
)
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import Payment, PaymentContext
from services.billing.account.share import CUSTOMER


def take_deposit(account: OrderAccount, method: TenderMethod, amount: Money, context: PaymentContext, **under: Any) -> Payment:
    """Money before the delivery. Raises Refused for a void order, and for a billed one: then there is a share to pay."""
    account.ledger.require_positive(amount)
    if account.voided_at is not None:
        raise Refused("order_void")
    if account.unreversed_shares_of(account.revision):
        raise Refused("order_already_billed", revision=account.revision)
    deposit = account.ledger.enter("deposit", CUSTOMER, method, amount, context, **under)
    account.recount()
    account.announce(
        DepositTaken(
            payment_id=deposit.id,
            work_order_id=None if account.of_appointment else account.id,
            appointment_id=account.id if account.of_appointment else None,
            payment_method=method,
            amount=amount,
        )
    )
    return deposit


def hand_deposits_over(account: OrderAccount, to: OrderAccount, context: PaymentContext) -> None:
    """The unused deposits of an appointment are its order's from now on, those of a void order its appointment's; each once."""
    moved = Money.zero(account.currency)
    for deposit in [one for one in account.payments if one.kind == "deposit"]:
        left = account.ledger.left(deposit)
        if left.minor:
            method = cast(PaymentMethod, deposit.method)
            account.ledger.enter("transfer", CUSTOMER, method, -left, context, of_id=deposit.id, counterpart_id=to.id)
            to.ledger.enter("deposit", CUSTOMER, method, left, context, of_id=deposit.id, counterpart_id=account.id)
            moved += left
    if not moved.minor:
        return
    if account.of_appointment:
        account.announce(DepositTransferred(appointment_id=account.id, work_order_id=to.id, amount=moved))
    else:
        account.announce(DepositReturned(work_order_id=account.id, appointment_id=to.id, amount=moved))
    for share in to.unreversed_shares_of(to.revision):  # the order was delivered before this was heard
        if share.payer == CUSTOMER and (applied := to.ledger.apply_deposits(share, context)).minor:
            to.announce(DepositApplied(work_order_id=to.id, revision=share.revision, amount=applied, open_amount=share.open))
    account.recount()
    to.recount()


def approve_deposit(account: OrderAccount, *, reason: str, by: str, at: datetime) -> None:
    """Let the deposit, or the credit of a reversed delivery, stand for the rest of the customer's share.

    Approved anew with another reason, that one holds: each is announced. Raises Refused if there is neither deposit nor credit.
    """
    share = account.current_share(CUSTOMER)
    if share.prepaid_minor <= 0:
        raise Refused("no_deposit", open=share.open.plain())
    if share.authorised_at is not None and share.reference == reason:
        return
    share.authorise(reference=reason, by=by, at=at)
    account.recount()
    account.announce(DepositApproved(work_order_id=account.id, revision=share.revision, open_amount=share.open, reason=reason))
