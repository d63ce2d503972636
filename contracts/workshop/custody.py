"""Custody (保管) of a car's keys and papers while it is here: who has them now, and every hand-over (Rule W24)."""

from datetime import datetime
from typing import Annotated, Literal, cast

from chassis.wire import Answer, Command, Id, Part, Query, whole
from contracts.shared import Login, Reason, each_once, one_to

Thing = Literal["keys", "registration", "service_book", "folder"]
"""钥匙, 行驶证, 保养手册, 工单夹: the folder is the house's, and goes with the car through the shop."""

MOST_KEYS = 20
"""Of one car."""


def named(**there: bool) -> list[Thing]:
    """Those of the things that are there."""
    return [cast("Thing", thing) for thing, here in there.items() if here]


class Held(Part):
    """Who has it now; nobody of ours once it is with the customer again."""

    thing: Thing
    holder: Login | None = None


class HandOver(Part):
    """One hand-over (交接). Null for who gave it or got it is the customer; nobody gave a folder to whoever made it up."""

    number: Annotated[int, whole(1)]
    thing: Thing
    given_by: Login | None = None
    given_to: Login | None = None
    at: datetime
    recorded_by: Login
    reason: Reason | None = None


class Custody(Answer):
    """What was taken over from the customer, who has it, and how it came there."""

    work_order_id: Id
    held: list[Held]
    hand_overs: list[HandOver]


class HandOverThings(Command, service="workshop", answer=Custody):
    """Record a hand-over.

    Keys, papers or folder go to a colleague; without one, keys and papers go back to the customer. What they had back and
    leave again goes to the colleague who is named.
    Whoever has them now gives them: a colleague may record that, but a driver only of what they have. Back to the customer only
    who has them gives them, or the service manager with a reason.
    """

    work_order_id: Id
    things: list[Thing] = one_to(each_once(Thing))
    given_to: Login | None = None
    reason: Reason | None = None


class GetCustody(Query, service="workshop", answer=Custody):
    """Show who has keys and papers.

    Now, and every hand-over so far.
    """

    work_order_id: Id
