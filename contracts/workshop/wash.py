"""The wash (洗车) before a car goes back to its customer, for those who want it (Rule W12)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Query, text, whole
from contracts.shared import Listing, Login, Page, Plate, Reason
from contracts.signing import Signature

WashTiming = Literal["before_check", "after_check"]
"""终检前, 终检后."""

WashState = Literal["wanted", "due", "begun", "done", "skipped"]
"""待洗 (尚未到), 待洗, 洗车中, 已洗, 已免洗."""


class Wash(Answer):
    """The wash of an order whose customer wants it; an order of which nobody wants one has none.

    It is `wanted` until the car is with the final inspection, and `due` then: before it, or after it was passed. `parking_place`
    is where the car was left afterwards.
    """

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    promised_at: datetime | None = None
    wash_timing: WashTiming
    state: WashState
    begun_at: datetime | None = None
    begun_by: Login | None = None
    ended_at: datetime | None = None
    parking_place: Annotated[str | None, text(60)] = None
    signature: Signature | None = None
    skipped_by: Login | None = None
    skipped_because: Reason | None = None


class Washes(Answer, Page):
    """A page of the washes that are due or under way, the first order first."""

    items: list[Wash]


class BeginWash(Command, service="workshop", answer=Wash):
    """Begin the wash.

    Of a car whose customer wants it, when it is due: with the final inspection, before or after that by the dealer's setting.
    """

    work_order_id: Id


class EndWash(Command, service="workshop", answer=Wash):
    """End the wash.

    The car is clean, and parked: whoever is signed in signs for it. It is never changed.
    """

    work_order_id: Id
    parking_place: Annotated[str, text(60)]


class SkipWash(Command, service="workshop", answer=Wash):
    """Skip the wash.

    It was wanted and is not done after all: frost, no time, the customer said so. With the reason the car may be ready.
    """

    work_order_id: Id
    reason: Reason


class TimeWash(Command, service="workshop", answer=Wash):
    """Wash before or after the final inspection.

    For this order, whatever the dealer does usually.
    """

    work_order_id: Id
    wash_timing: WashTiming


class GetWash(Query, service="workshop", answer=Wash):
    """The wash of an order.

    Nothing is found where the customer wants none.
    """

    work_order_id: Id


class ListWashes(Query, Listing, service="workshop", answer=Washes):
    """Cars to wash.

    Those whose wash is due or under way.
    """
