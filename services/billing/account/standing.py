"""Where an account stands: what it wants next, and since when somebody waits for that (Rules L4, L5, docs/domain.md).

Its place in the cashier's queue is kept in columns: the queue is read by an index that holds open accounts only, however many
were ever settled.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast, get_args

from chassis import Money
from contracts.billing.account import AccountStanding, AccountWant, CreditBalance
from contracts.billing.account import OrderAccount as Described
from contracts.shared import Payer
from services.billing.account.share import CUSTOMER, Share

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount

WANTS: tuple[AccountWant, ...] = get_args(AccountWant)
"""Who waits, in this order: whoever has paid waits for a paper only; nobody stands there for money to be given back."""


def place_in_queue(account: "OrderAccount") -> tuple[int | None, datetime | None]:
    """Its place, and since when it has that; none while nobody waits for anything."""
    found = _waits(account)
    return (None, None) if found is None else (WANTS.index(found[0]), found[1])


def note_readiness(account: "OrderAccount", sequence: int, *, at: datetime, total: Money | None) -> None:
    """The car is ready for its delivery, which will come to so much; or, without a total, it is worked on again.

    An older fact of the order than the newest that was noted changes nothing.
    """
    if sequence > account.followed:
        account.followed = sequence
        account.ready_at, account.ready_minor = (None, None) if total is None else (at, total.minor)
        account.recount()


def note_delivery(account: "OrderAccount", at: datetime, *, sequence: int) -> None:
    """The car was delivered: it leaves when a pass was issued for this delivery. Billing it comes next, and finds its place."""
    if sequence >= account.followed:
        account.followed, account.ready_at, account.ready_minor = sequence, None, None
        account.delivered_at, account.pass_issued_at, account.left_at = at, None, None


def note_reversal(account: "OrderAccount", shares: Collection[Share], *, at: datetime) -> None:
    """The delivery with these shares was reversed: the car is ready again, without a pass."""
    if any(share.revision == account.revision for share in shares):
        account.ready_at, account.ready_minor = at, sum(share.total_minor for share in shares)
        account.pass_issued_at = None
        account.recount()


def note_pass(account: "OrderAccount", *, issued_at: datetime, used_at: datetime | None = None) -> None:
    """The gate pass of the newest delivery was issued, or used: the car has left."""
    account.pass_issued_at, account.left_at = issued_at, used_at
    account.recount()


def named(account: "OrderAccount") -> dict[str, Any]:
    """What people know its order by, as answers show it beside the id."""
    return {"work_order_number": account.work_order_number, "customer_name": account.customer_name, "plate": account.plate}


def describe_standing(account: "OrderAccount") -> AccountStanding:
    """What it wants, and where its car is."""
    return AccountStanding(
        wants=None if account.queue_place is None else WANTS[account.queue_place],
        waiting_since=account.waiting_since,
        ready_total=None if account.ready_minor is None else Money(account.ready_minor, account.currency),
        pass_issued_at=account.pass_issued_at,
        left_at=account.left_at,
    )


def describe_account(account: "OrderAccount") -> Described:
    """The account with every share of every revision, the newest last."""
    current = account.unreversed_shares_of(account.revision)
    return Described(
        id=account.id,
        version=account.version,
        work_order_id=account.id,
        customer_id=account.customer_id,
        void=account.voided_at is not None,
        revision=account.revision,
        settled=bool(current) and all(share.state != "open" for share in current),
        shares=[share.describe() for share in account.shares],
        deposit=account.ledger.unused_deposits(),
        credits=describe_credits(account),
        **named(account),
        **vars(describe_standing(account)),
    )


def describe_credits(account: "OrderAccount") -> list[CreditBalance]:
    """What every payer has to get."""
    return [CreditBalance(payer=cast(Payer, payer), amount=left) for payer, left in account.ledger.credits().items()]


def _waits(account: "OrderAccount") -> tuple[AccountWant, datetime | None] | None:
    shares = account.unreversed_shares_of(account.revision)
    if shares and account.left_at is None:
        open_payers = {share.payer for share in shares if share.state == "open"}
        if open_payers:
            return ("payment" if CUSTOMER in open_payers else "authorisation"), account.delivered_at
        if account.pass_issued_at is None:
            return "gate_pass", account.delivered_at
        return "exit", account.pass_issued_at
    if account.left_at is not None or account.voided_at is not None:
        nobody_waits = not account.deposit_minor and not account.credit_minor
        return None if nobody_waits else ("refund", account.left_at or account.voided_at)
    return None if account.ready_at is None else ("delivery", account.ready_at)
