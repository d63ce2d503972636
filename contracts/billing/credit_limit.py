"""How much a customer may owe the dealer: on account, within a limit that was approved (挂账额度)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Money, Part, Query, text
from contracts.shared import Price, Reason


class ApprovedLimit(Part):
    """A limit as it was approved, by whom and why."""

    limit: Money
    reason: Reason
    approved_by: Annotated[str, text(64)]
    approved_at: datetime


class CreditLimit(Answer):
    """How much a customer may owe on account; its id is the customer's.

    `on_account` is what is owed so on all orders of the customer, `history` every limit there was, the newest last.
    """

    id: Id
    version: int
    customer_id: Id
    limit: Money
    on_account: Money
    history: list[ApprovedLimit]


class ApproveCreditLimit(Command, service="billing", answer=CreditLimit):
    """Approve a customer's credit limit.

    So much the customer may owe the dealer on account, over all orders (Rule L4); nothing ends it. What is owed already stays.
    """

    customer_id: Id
    limit: Price
    reason: Reason


class GetCreditLimit(Query, service="billing", answer=CreditLimit):
    """A customer's credit limit.

    With what of it is used, and its history.
    """

    customer_id: Id
