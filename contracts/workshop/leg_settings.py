"""When the dealer fetches and brings cars (Rule B14): intervals per weekday, and which legs they would not take."""

from dataclasses import field
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Query, whole
from contracts.booking.calendar import TimeOfDay, Weekday
from contracts.workshop.leg import PlannedLeg


class LegInterval(Part):
    """From when to when legs are driven on a weekday, in the dealer's local time, and how many at once."""

    weekday: Weekday
    begins: TimeOfDay
    ends: TimeOfDay
    legs: Annotated[int, whole(1, 100)]


class StrandedLeg(PlannedLeg):
    """A leg to come that the intervals, as they are now, would not take: it keeps its time until it is replanned or cancelled."""

    why: Literal["closed", "no_interval", "interval_full"]


class LegSettings(Answer):
    """The intervals in which the dealer fetches and brings cars. Without any there is no pick-up and return.

    `stranded` are the legs to come that they would not take, the next ones first: at most 200 of `stranded_count`.
    """

    id: Id
    version: int
    intervals: list[LegInterval]
    stranded: list[StrandedLeg]
    stranded_count: int


class GetLegSettings(Query, service="workshop", answer=LegSettings):
    """The intervals of pick-up and return.

    Per weekday, with how many legs at once; and the legs to come that they would not take.
    """


class SetLegSettings(Command, service="workshop", answer=LegSettings):
    """Set the intervals of pick-up and return.

    They replace what was there; legs that are planned keep their time, and the answer names those that the new intervals would
    not take: somebody must call their customers.
    """

    intervals: list[LegInterval] = field(metadata={"validate": validate.Length(max=100)})
