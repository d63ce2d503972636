"""A leg of pick-up and return (Rule B14, docs/domain.md)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, document
from contracts.shared import CustomerFacts
from contracts.workshop.custody import Thing
from contracts.workshop.leg import LegDirection, LegQuestion, LegState
from contracts.workshop.leg_events import (
    LegAsked,
    LegCancelled,
    LegCollected,
    LegDone,
    LegFacts,
    LegFailed,
    LegLate,
    LegPlanned,
    LegReplanned,
    LegStarted,
)
from services.workshop.leg.settings import Window
from services.workshop.model import Base

LIVE: tuple[LegState, ...] = ("planned", "under_way")
IS_LIVE: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("state IN ('planned', 'under_way')"))

IS_OVER: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("state IN ('done', 'failed', 'cancelled')"))

ASKED = text("question IS NOT NULL AND state = 'done'")
IS_ASKED: Any = {"postgresql_where": ASKED, "sqlite_where": ASKED}


def _once(name: str, of: str) -> Index:
    condition = text(f"{of} IS NOT NULL AND state NOT IN ('failed', 'cancelled')")
    which: Any = {"postgresql_where": condition, "sqlite_where": condition}
    return Index(name, "dealer_id", of, "trip", "direction", unique=True, **which)


class Leg(Aggregate, Base):
    """planned -> under_way -> done, or failed, or cancelled before it was done: each with who and when.

    One of each direction for an appointment and for an order, unless it came to nothing; once the car is home again there may
    be another `trip`. `appointment_at` is the time of the appointment that the leg was planned for: when that is another one by
    now, the leg has to follow.
    """

    __tablename__ = "leg"
    __table_args__ = (
        Index("leg_live_ix", "dealer_id", "begins_at", **IS_LIVE),
        Index("leg_over_ix", "dealer_id", "ended_at", **IS_OVER),
        Index("leg_asked_ix", "dealer_id", "ended_at", **IS_ASKED),
        Index("leg_day_ix", "dealer_id", "begins_at", "id"),
        Index("leg_driver_ix", "dealer_id", "driver", "begins_at"),
        _once("leg_direction_of_appointment_key", "appointment_id"),
        _once("leg_direction_of_order_key", "work_order_id"),
        Index("leg_appointment_ix", "dealer_id", "appointment_id", "id"),
        Index("leg_order_ix", "dealer_id", "work_order_id", "id"),
    )

    direction: Mapped[LegDirection] = mapped_column(String(10))
    trip: Mapped[int]
    state: Mapped[LegState] = mapped_column(String(10))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    appointment_at: Mapped[datetime | None]
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    customer: Mapped[dict[str, Any]] = mapped_column(document)
    address: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(300))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    driver: Mapped[str | None] = mapped_column(String(64))
    question: Mapped[LegQuestion | None] = mapped_column(String(24))
    escalated_at: Mapped[datetime | None]
    planned_by: Mapped[str] = mapped_column(String(64))
    planned_at: Mapped[datetime]
    started_by: Mapped[str | None] = mapped_column(String(64))
    started_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(300))
    collected_by: Mapped[str | None] = mapped_column(String(64))
    collected_at: Mapped[datetime | None]

    @classmethod
    def plan(cls, window: Window, *, customer: CustomerFacts, by: str, at: datetime, **about: Any) -> "Leg":
        """Keep the window for it. The caller has seen that it takes one more leg."""
        leg = cls(
            state="planned",
            customer=customer.dump(),
            begins_at=window.begins_at,
            ends_at=window.ends_at,
            planned_by=by,
            planned_at=at,
            **about,
        )
        leg.announce(LegPlanned(leg=leg.facts(), planned_by=by))
        return leg

    @property
    def keeps_time(self) -> bool:
        """Whether it is to be done by the end of its window: one about which somebody must decide has none meanwhile."""
        return self.state == "under_way" or (self.state == "planned" and self.question is None)

    @property
    def fetches_for_order(self) -> bool:
        """Whether it fetches a car that went home, and whose order is at work: nothing was booked for it."""
        return self.direction == "pick_up" and self.appointment_at is None

    def release(self) -> None:
        """Nobody is to drive it yet. Raises Refused if somebody does."""
        self._must_be("planned")
        self.driver = None

    def replan(self, window: Window | None, driver: str | None, address: str | None, note: str | None) -> None:
        """Another window - of one that nobody drives yet -, driver, or place."""
        self._must_be(*LIVE)
        before = self.begins_at
        is_address_asked = self.question == "customer_changed"
        if window is not None:
            self._must_be("planned")
            self.begins_at, self.ends_at = window.begins_at, window.ends_at
            self.escalated_at = None
        if address is not None if is_address_asked else window is not None:
            self.question = None
        self.driver, self.address, self.note = driver or self.driver, address or self.address, note or self.note
        self.announce(LegReplanned(leg=self.facts(), previous_begins_at=before))

    def know(self, customer: dict[str, Any], plate: str) -> None:
        """Customer and plate as their files are now: the driver calls the number of today."""
        self.customer, self.plate = customer, plate

    def ask(self, question: LegQuestion) -> None:
        """Its appointment is another one by now, and it cannot follow; or whose car it is."""
        self.question = question
        self.announce(LegAsked(leg=self.facts(), question=question))

    def start(self, *, by: str, at: datetime) -> None:
        """The driver is under way."""
        self._must_be("planned")
        if self.driver is None:
            raise Refused("leg_needs_driver", field="driver")
        if self.question is not None:
            raise Refused("leg_in_question")
        self.state, self.started_by, self.started_at = "under_way", by, at
        self.announce(LegStarted(leg=self.facts(), started_by=by, started_at=at))

    def finish(self, things: list[Thing], signed_by: str, *, by: str, at: datetime) -> None:
        """The customer has signed."""
        self._end("done", by=by, at=at)
        self.announce(LegDone(leg=self.facts(), things=things, signed_by=signed_by, ended_by=by, ended_at=at))

    def fail(self, reason: str, *, by: str, at: datetime) -> None:
        """It came to nothing."""
        self._must_be("under_way")
        self._end("failed", by=by, at=at, reason=reason)
        self.announce(LegFailed(leg=self.facts(), reason=reason, ended_by=by, ended_at=at))

    def cancel(self, reason: str, *, by: str, at: datetime) -> None:
        """It is off."""
        self._must_be(*LIVE)
        self._end("cancelled", by=by, at=at, reason=reason)
        self.announce(LegCancelled(leg=self.facts(), reason=reason, ended_by=by, ended_at=at))

    def collect(self, things: list[Thing], *, by: str, at: datetime) -> None:
        """The customer fetched the car themselves, and got these things back."""
        self.collected_by, self.collected_at = by, at
        self.announce(LegCollected(leg=self.facts(), things=things, collected_by=by, collected_at=at))

    def settle(self, things: list[Thing], reason: str, *, by: str, at: datetime) -> None:
        """What its return did not give back is the customer's again, or explained."""
        self.question, self.ended_because = None, reason
        self.collect(things, by=by, at=at)

    def escalate(self, *, at: datetime) -> None:
        """Its window is over."""
        self.escalated_at = at
        self.announce(LegLate(leg=self.facts(), escalated_at=at))

    def require_under_way(self) -> None:
        """Raises Refused if nobody drives it now."""
        self._must_be("under_way")

    def facts(self) -> LegFacts:
        """The leg as others need to know it: without where it goes."""
        return LegFacts(
            leg_id=self.id,
            direction=self.direction,
            trip=self.trip,
            leg_state=self.state,
            collected=self.collected_at is not None,
            appointment_id=self.appointment_id,
            work_order_id=self.work_order_id,
            customer_id=self.customer["customer_id"],
            plate=self.plate,
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            driver=self.driver,
        )

    def planned(self) -> dict[str, Any]:
        """What a day shows of it, by the names of `PlannedLeg`."""
        return {
            "id": self.id,
            "direction": self.direction,
            "leg_state": self.state,
            "appointment_id": self.appointment_id,
            "work_order_id": self.work_order_id,
            "plate": self.plate,
            "customer_name": self.customer["name"],
            "phone": self.customer["phone"],
            "address": self.address,
            "note": self.note,
            "begins_at": self.begins_at,
            "ends_at": self.ends_at,
            "appointment_at": self.appointment_at,
            "driver": self.driver,
            "question": self.question,
            "escalated_at": self.escalated_at,
        }

    def _end(self, state: LegState, *, by: str, at: datetime, reason: str | None = None) -> None:
        self.state, self.ended_by, self.ended_at, self.ended_because, self.question = state, by, at, reason, None

    def _must_be(self, *states: LegState) -> None:
        if self.state not in states:
            raise Refused("leg_not_open", state=self.state)
