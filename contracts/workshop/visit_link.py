"""The customer's link to their order 透明车间, as staff make and withdraw it (Rule W17)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Query, text, whole
from contracts.shared import Login, Reason
from contracts.workshop.evidence import Sha256

VISIT_LINK_DAYS = 30
VisitLinkDays = Annotated[int, whole(1, 365)]

VisitLinkEnd = Literal["withdrawn", "replaced"]
"""已撤回, 已被新链接取代."""

VisitLinkState = Literal[VisitLinkEnd, "expired", "order_void"]
"""已过期, 委托书已作废."""


class VisitLink(Answer):
    """The customer's link to one order. Nobody can read its token here or anywhere: only its hash is kept, and not shown.

    It leads somewhere until `expires_at`: the dealer's days after the delivery, half a year after it was made at the latest.
    """

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    created_at: datetime
    created_by: Login
    expires_at: datetime
    ended: VisitLinkState | None = None
    ended_at: datetime | None = None
    withdrawn_by: Login | None = None
    withdrawn_because: Annotated[str | None, text(300)] = None


class VisitLinks(Answer):
    """The newest links of an order, newest first. Of those by which a customer can follow it there is at most one."""

    items: list[VisitLink]


class CreateVisitLink(Command, service="workshop", answer=VisitLink):
    """Create the customer's link to an order.

    Whoever has it follows this order without signing in: where it stands, the promised time, what was found, what it costs them,
    and what waits for their decision, which they make there (Rule W17). Draw a token of at least 256 random bits, write it in
    base64url, send its SHA-256 here and give the token to the customer alone. A new link ends the older one.
    """

    work_order_id: Id
    token_hash: Sha256


class WithdrawVisitLink(Command, service="workshop", answer=VisitLink):
    """Withdraw the customer's link to an order.

    It leads nowhere from now on: sent to somebody else, say. The reason is for the dealer's staff.
    """

    work_order_id: Id
    visit_link_id: Id
    reason: Reason


class ListVisitLinks(Query, service="workshop", answer=VisitLinks):
    """The customer's links to an order.

    Who made them and when, until when they lead there, and why those that do not any more have ended.
    """

    work_order_id: Id
