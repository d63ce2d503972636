"""The loaner that is offered when a repair under three guarantees lasts long (Rule B9)."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Command, Id, Query
from contracts.shared import CustomerFacts, Listing, Login, Page, Plate, Reason

LoanerAnswer = Literal["lent", "compensated", "declined"]
"""已借代步车, 已补偿, 客户不需要: what came of the offer."""


class LoanerOffer(Answer):
    """A customer who is to be offered a loaner, once for each order.

    The order has work under three guarantees and its car stays for over five days; or they asked for one when they booked, and
    none was left for them when the order was opened.
    """

    id: Id
    version: int
    work_order_id: Id
    order_number: str
    plate: Plate
    customer: CustomerFacts
    opened_at: datetime
    promised_at: datetime | None = None
    raised_at: datetime
    loaner_answer: LoanerAnswer | None = None
    note: Reason | None = None
    answered_by: Login | None = None
    answered_at: datetime | None = None


class LoanerOffers(Answer, Page):
    """A page of offers, the newest first."""

    items: list[LoanerOffer]


class AnswerLoanerOffer(Command, service="workshop", answer=LoanerOffer):
    """Record what came of the offer of a loaner.

    The customer got a loaner or a compensation, or wants none: then with what they said.
    """

    work_order_id: Id
    loaner_answer: LoanerAnswer
    note: Reason | None = None


class ListLoanerOffers(Query, Listing, service="workshop", answer=LoanerOffers):
    """Loaners to be offered.

    Those that nobody has answered for, of cars that are still here; or, with `answered`, the others.
    """

    answered: bool = False
