"""The appointment (预约) and its life (Rules B1 and B4 to B6, docs/domain.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Index, String, and_, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from chassis import Aggregate, IdType, Money, Refused, document, new_id
from contracts.booking import appointment
from contracts.booking.appointment import AmendAppointment, BookAppointment, BookedWork, BookingChannel, TagReason
from contracts.booking.events import (
    AppointmentAmended,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentFacts,
    AppointmentMissed,
    AppointmentReopened,
    AppointmentRescheduled,
    AppointmentStatus,
    AppointmentTag,
    AppointmentWaitListed,
    CustomerNotice,
    ServiceName,
)
from contracts.shared import PLATE, CustomerFacts, VehicleFacts
from services.booking.appointment.tags import find, say
from services.booking.appointment.view import answer_of, facts_of, fulfilled_of, wanted_parts
from services.booking.appointment.wanted import first_status, must_be_of, part_lines, require_pick_up
from services.booking.loaner.loan import LONGEST
from services.booking.model import Base
from services.booking.projections.beside import said_of
from services.booking.projections.deposit import KnownDeposit
from services.booking.projections.leg import KnownLeg
from services.booking.projections.pre_picked import PrePicked
from services.booking.projections.special_order import KnownSpecialOrder

AWAITED: tuple[AppointmentStatus, ...] = ("requested", "confirmed")
"""It has its place, and the car is not here yet."""

MISSED = text("status = 'no_show'")
WARNED = text("new_owner_id IS NOT NULL")


class Appointment(Aggregate, Base):
    """A customer's car is to come at a time: requested | wait_listed -> confirmed -> arrived -> fulfilled.

    It may end as cancelled, and as a no_show if the car did not come.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        Index("appointment_time_ix", "dealer_id", "starts_at", "id"),
        Index("appointment_place_ix", "dealer_id", "place_from"),
        Index("appointment_status_ix", "dealer_id", "status", "starts_at"),
        Index("appointment_customer_ix", "dealer_id", "customer_id"),
        Index("appointment_vehicle_ix", "dealer_id", "vehicle_id"),
        Index("appointment_plate_ix", "dealer_id", "plate_key"),
        Index("appointment_updated_ix", "dealer_id", "updated_at", "id"),
        Index("appointment_new_owner_ix", "dealer_id", "new_owner_id", postgresql_where=WARNED, sqlite_where=WARNED),
        Index("appointment_missed_ix", "dealer_id", "customer_id", "starts_at", postgresql_where=MISSED, sqlite_where=MISSED),
    )

    status: Mapped[AppointmentStatus] = mapped_column(String(12))
    channel: Mapped[BookingChannel] = mapped_column(String(10))
    service_type: Mapped[str] = mapped_column(String(24))
    service_name: Mapped[dict[str, Any] | None] = mapped_column(document)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    has_place: Mapped[bool] = mapped_column(Boolean)
    place_from: Mapped[datetime]
    place_until: Mapped[datetime]
    customer_id: Mapped[str] = mapped_column(IdType)
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate_key: Mapped[str] = mapped_column(String(16))
    customer: Mapped[dict[str, Any]] = mapped_column(document)
    vehicle: Mapped[dict[str, Any]] = mapped_column(document)
    owner_id: Mapped[str | None] = mapped_column(IdType)
    new_owner_id: Mapped[str | None] = mapped_column(IdType)
    new_owner: Mapped[dict[str, Any] | None] = mapped_column(document)
    complaint: Mapped[str | None] = mapped_column(String(4000))
    operations: Mapped[list[str]] = mapped_column(document)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(document)
    advisor: Mapped[str | None] = mapped_column(String(64))
    waiting: Mapped[bool] = mapped_column(Boolean)
    loaner: Mapped[bool] = mapped_column(Boolean)
    loan_id: Mapped[str | None] = mapped_column(IdType)
    expected_pick_up_at: Mapped[datetime | None]
    dropped_pick_up_at: Mapped[datetime | None]
    currency: Mapped[str] = mapped_column(String(3))
    acceptable_price_minor: Mapped[int | None]
    estimated_cost_minor: Mapped[int | None]
    estimated_minutes: Mapped[int | None]
    deposit_asked_minor: Mapped[int | None]
    tags: Mapped[list[AppointmentTag]] = mapped_column(document)
    tag_reasons: Mapped[list[dict[str, Any]]] = mapped_column(document)
    reason: Mapped[str | None] = mapped_column(String(300))
    bay: Mapped[str | None] = mapped_column(String(20))
    arrived_at: Mapped[datetime | None]
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    void_orders: Mapped[list[str]] = mapped_column(document)
    reminded: Mapped[list[int]] = mapped_column(document)
    held_until: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    offer_lapsed: Mapped[bool] = mapped_column(Boolean)
    booked: Mapped[bool] = mapped_column(Boolean)
    asked_at: Mapped[datetime]
    low_traffic: Mapped[bool] = mapped_column(Boolean)
    if TYPE_CHECKING:  # mapped below, where the class is known
        pre_picked: Mapped[dict[str, Any] | None]
        special_orders: Mapped[list[KnownSpecialOrder]]
        deposit_paid_minor: Mapped[int]
        pick_up_leg: Mapped[dict[str, Any] | None]

    @classmethod
    def book(
        cls,
        command: BookAppointment,
        *,
        customer: CustomerFacts,
        vehicle: VehicleFacts,
        currency: str,
        length: timedelta,
        service_name: ServiceName | None,
        has_place: bool,
        deposit: Money | None,
        low_traffic: bool,
        found: Sequence[TagReason],
        notice: CustomerNotice,
        at: datetime,
        owner: CustomerFacts | None,
    ) -> "Appointment":
        """What the customer wants (Rule B4); with its place for that long, or on the wait list. Begins the visit."""
        booked = cls(
            visit_id=new_id(),
            status=first_status(command.channel, has_place),
            channel=command.channel,
            service_type=command.service_type,
            service_name=None if service_name is None else service_name.dump(),
            starts_at=command.starts_at,
            ends_at=command.starts_at + length,
            has_place=has_place,
            place_from=command.starts_at,
            place_until=command.starts_at + length,
            customer_id=customer.customer_id,
            new_owner=None if owner is None else owner.dump(),
            new_owner_id=None if owner is None else owner.customer_id,
            vehicle_id=vehicle.vehicle_id,
            plate_key=PLATE.key(vehicle.plate),
            customer=customer.dump(),
            vehicle=vehicle.dump(),
            parts=[],
            tag_reasons=[],
            void_orders=[],
            reminded=[],
            offer_lapsed=False,
            booked=has_place,
            asked_at=at,
            low_traffic=low_traffic,
            currency=currency,
            deposit_asked_minor=None if deposit is None else deposit.minor,
        )
        booked._want(command, found)
        if has_place:
            told = notice if booked.status == "confirmed" else None  # they are told at once if the time is confirmed by that
            booked.announce(AppointmentBooked(appointment=booked.facts(), notice=told))
        else:
            booked.announce(AppointmentWaitListed(appointment=booked.facts()))
        return booked

    def amend(self, command: AmendAppointment, found: Sequence[TagReason]) -> None:
        """Something else is to be done at the same time."""
        self._must_be(*AWAITED, "wait_listed", "arrived")
        self._want(command, found)
        self.announce(AppointmentAmended(appointment=self.facts()))

    def confirm(self, notice: CustomerNotice) -> None:
        """The dealer stands by the time; one from the wait list has got its place."""
        if self.status == "confirmed":
            raise Refused("appointment_confirmed")
        had_place = self.status == "requested"
        self._must_be("requested", "wait_listed")
        self.status, self.has_place, self.held_until, self.booked = "confirmed", True, None, True
        self.announce((AppointmentConfirmed if had_place else AppointmentBooked)(appointment=self.facts(), notice=notice))

    def reschedule(
        self, starts_at: datetime, length: timedelta, reason: str, found: Sequence[TagReason], notice: CustomerNotice
    ) -> None:
        """Move to another time, where it has its place for that long. Whoever agreed on a new time has confirmed it.

        A no-show comes back by that (Rule B5), and one whose car was here and was sent on (Rule W1).
        """
        self._must_be(*AWAITED, "wait_listed", "no_show", *(("cancelled",) if self.arrived_at is not None else ()))
        was_missed, before = self.status == "no_show", self.starts_at
        self.starts_at, self.ends_at = starts_at, starts_at + length
        self.take_place(starts_at, length, is_free=True)
        if self.expected_pick_up_at is not None and not starts_at < self.expected_pick_up_at <= starts_at + LONGEST:
            self.dropped_pick_up_at, self.expected_pick_up_at = self.expected_pick_up_at, None  # it is agreed on anew
        self.status, self.reason, self.held_until, self.bay = "confirmed", reason, None, None
        self.offer_lapsed, self.booked = False, True
        find(self, found)
        self.announce(
            AppointmentRescheduled(
                appointment=self.facts(), previous_starts_at=before, reason=reason, was_missed=was_missed, notice=notice
            )
        )

    def cancel(self, reason: str, notice: CustomerNotice | None) -> None:
        """It is off, and its place is free. Nobody has to be told who was sent on from the lane."""
        self._must_be(*AWAITED, "wait_listed", "arrived")
        self.status, self.reason, self.has_place, self.held_until = "cancelled", reason, False, None
        self.announce(AppointmentCancelled(appointment=self.facts(), reason=reason, notice=notice))

    def arrive(self, *, at: datetime, bay: str | None) -> None:
        """The car is in the lane: whoever is really here is taken in, also who waits for a place, kept for them or not."""
        self._must_be(*AWAITED, "wait_listed", "no_show")
        was_missed = self.status == "no_show"
        self.status, self.arrived_at, self.bay = "arrived", at, bay
        self.held_until, self.booked = None, self.booked or self.has_place
        self.announce(AppointmentArrived(appointment=self.facts(), bay=bay, was_missed=was_missed))

    def miss(self) -> None:
        """The customer did not come (Rule B5); the place is free."""
        self._must_be("confirmed")
        self.status, self.has_place = "no_show", False
        self.announce(AppointmentMissed(appointment=self.facts()))

    def fulfil(self, work_order_id: str, *, at: datetime) -> None:
        """Its work order was opened, whatever its status is here: the car has been here since then at the latest."""
        before = self.status
        if self.arrived_at is None or before in AWAITED:
            self.arrived_at = at
        self.reason = None if before == "cancelled" else self.reason
        self.status, self.work_order_id, self.held_until = "fulfilled", work_order_id, None
        self.announce(fulfilled_of(self, before))

    def comes_at_its_time(self, at: datetime) -> bool:
        """Whether it has its place when the car comes; a car that comes less than a slot early waits for it."""
        early = self.place_until - self.place_from
        return self.has_place and self.place_from - early < at < self.place_until

    def take_place(self, begins: datetime, length: timedelta, *, is_free: bool) -> None:
        """It occupies a place from then on for that long, if one is free; what it had before is free."""
        self.place_from, self.place_until, self.has_place = begins, begins + length, is_free

    @property
    def stretch(self) -> tuple[datetime, datetime]:
        """From when to when it occupies its place, if it has one. That of a fulfilled one stays taken, and is history."""
        return self.place_from, self.place_until

    def reopen(self, work_order_id: str) -> None:
        """Its order is void: if that had fulfilled it, the car is in the lane again, and another may be opened (Rule B6)."""
        self.void_orders = [*self.void_orders, work_order_id]
        if self.work_order_id == work_order_id:
            self.status, self.work_order_id = "arrived", None
            self.announce(AppointmentReopened(appointment=self.facts(), work_order_id=work_order_id))

    def facts(self) -> AppointmentFacts:
        """The appointment as other services need to know it."""
        return facts_of(self)

    def describe(self) -> appointment.Appointment:
        """The appointment as it is answered."""
        return answer_of(self)

    def _want(self, work: BookedWork, found: Sequence[TagReason]) -> None:
        must_be_of(self.currency, "acceptable_price", work.acceptable_price)
        must_be_of(self.currency, "estimated_cost", work.estimated_cost)
        require_pick_up(self.starts_at, work.expected_pick_up_at)
        self.complaint = work.complaint
        self.operations = work.operations
        self.parts = [part.dump() for part in part_lines(work.parts, wanted_parts(self))]
        self.advisor, self.waiting, self.loaner = work.advisor, work.waiting, work.loaner
        self.expected_pick_up_at, self.dropped_pick_up_at = work.expected_pick_up_at, None
        self.acceptable_price_minor = work.acceptable_price.minor if work.acceptable_price else None
        self.estimated_cost_minor = work.estimated_cost.minor if work.estimated_cost else None
        self.estimated_minutes = work.estimated_minutes
        say(self, found, work.tags)

    def _must_be(self, *statuses: AppointmentStatus) -> None:
        if self.status not in statuses:
            raise Refused("appointment_not_open", status=self.status)


Appointment.pre_picked = said_of(Appointment, PrePicked.facts, PrePicked.id)
Appointment.deposit_paid_minor = said_of(Appointment, KnownDeposit.paid(), KnownDeposit.appointment_id)
Appointment.pick_up_leg = said_of(Appointment, KnownLeg.facts, KnownLeg.appointment_id, *KnownLeg.fetches())
Appointment.special_orders = relationship(
    KnownSpecialOrder,
    primaryjoin=and_(
        KnownSpecialOrder.dealer_id == Appointment.dealer_id, foreign(KnownSpecialOrder.appointment_id) == Appointment.id
    ),
    order_by=KnownSpecialOrder.id,
    viewonly=True,
)
