"""The dealer's booking calendar (Rule B2, docs/domain.md): when cars are taken in, and how many at a time."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, Invalid, Money, Refused, document
from chassis.wire.ahead import YEAR, require_ahead
from chassis.wire.wall import on_the_wall
from contracts.booking import calendar as calendar_contract
from contracts.booking.calendar import (
    Capacity,
    Closure,
    OfferedService,
    OpeningHours,
    OwnService,
    SetCalendar,
    StrandedAppointment,
    Weekday,
)
from contracts.booking.calendar_events import CalendarSet
from contracts.booking.events import ServiceName, UsualService
from services.booking.model import Base

WEEKDAYS: tuple[str, ...] = get_args(Weekday)
USUAL: tuple[str, ...] = get_args(UsualService)
STRANDED_SHOWN = 200
LOOKED_BACK = 15
"""A dealer who was closed for longer hears of a day on the evening before it."""
LOOKED_AHEAD = 60
"""So many days after a request the next opening is looked for."""


class Calendar(DealerSettings, Base):
    """One per dealer, always replaced as a whole; slots are counted in the dealer's time zone."""

    __tablename__ = "calendar"

    opening: Mapped[list[dict[str, Any]]] = mapped_column(document)
    closures: Mapped[list[dict[str, Any]]] = mapped_column(document)
    capacity: Mapped[list[dict[str, Any]]] = mapped_column(document)
    service_types: Mapped[list[dict[str, Any]]] = mapped_column(document)
    slot_minutes: Mapped[int]
    advisor_places: Mapped[int]
    no_show_minutes: Mapped[int]
    reminder_minutes: Mapped[list[int]] = mapped_column(document)
    offer_minutes: Mapped[int]
    answer_minutes: Mapped[int]
    briefing_time: Mapped[str] = mapped_column(String(5))
    no_show_deposit_minor: Mapped[int | None]
    no_show_deposit_currency: Mapped[str | None] = mapped_column(String(3))

    @classmethod
    def with_defaults(cls, currency: str) -> "Calendar":
        """Closed until the service manager says when it opens."""
        return cls(
            opening=[],
            closures=[],
            capacity=[],
            service_types=[],
            slot_minutes=30,
            advisor_places=1,
            no_show_minutes=30,
            reminder_minutes=[1440, 60],
            offer_minutes=15,
            answer_minutes=30,
            briefing_time="17:30",
        )

    def replace(self, command: SetCalendar, currency: str) -> None:
        """Take new hours, closures and capacity. Raises Invalid naming the field that contradicts itself."""
        _check_hours(command.opening)
        if len({one.service_type for one in command.capacity}) < len(command.capacity):
            raise Invalid.field("capacity", "service_type_named_twice")
        _check_services(command)
        if len({one.day for one in command.closures}) < len(command.closures):
            raise Invalid.field("closures", "day_named_twice")
        self.opening = [one.dump() for one in command.opening]
        self.closures = [one.dump() for one in command.closures]
        self.capacity = [one.dump() for one in command.capacity]
        self.service_types = [one.dump() for one in command.service_types]
        self.slot_minutes = command.slot_minutes
        self.advisor_places = command.advisor_places
        self.no_show_minutes = command.no_show_minutes
        self.reminder_minutes = sorted(set(command.reminder_minutes), reverse=True)
        self.offer_minutes = command.offer_minutes
        self.answer_minutes = command.answer_minutes
        self.briefing_time = command.briefing_time
        self.no_show_deposit_minor = _amount(command.no_show_deposit, currency)
        self.no_show_deposit_currency = currency
        closed_on = [one.day for one in command.closures]
        self.announce(CalendarSet(calendar_id=self.id, opening=command.opening, closed_on=closed_on))

    def services(self) -> list[OfferedService]:
        """The usual types of service and the dealer's own, with their places."""
        names = self.names().items()
        return [OfferedService(service_type=one, service_name=name, places=self.places(one)) for one, name in names]

    def names(self) -> dict[str, ServiceName | None]:
        """The types of service there are, by what the dealer calls those of its own; None for the usual ones."""
        own = {
            one.service_type: ServiceName(name_zh=one.name_zh, name_en=one.name_en)
            for one in map(OwnService.load, self.service_types)
        }
        return {**dict.fromkeys(USUAL), **own}

    def name_of(self, service_type: str) -> ServiceName | None:
        """What the dealer calls a type of its own, None for a usual one. Raises Invalid for one that there is not."""
        names = self.names()
        if service_type not in names:
            raise Invalid.field("service_type", "unknown_service_type")
        return names[service_type]

    def places(self, service_type: str) -> int:
        """How many cars a slot takes in for this type of service."""
        return next((one.places for one in map(Capacity.load, self.capacity) if one.service_type == service_type), 0)

    def offered_places(self, service_type: str) -> int:
        """How many cars a slot takes in for this type of service. Raises Invalid for an unknown one, Refused if none."""
        self.name_of(service_type)
        return self.places_still_offered(service_type)

    def places_still_offered(self, service_type: str) -> int:
        """The same for what was booked before, which is of whatever types there were. Raises Refused if there are none."""
        places = self.places(service_type)
        if places == 0:
            raise Refused("service_type_not_offered", field="service_type", service_type=service_type)
        return places

    def slots(self, day: date, zone: ZoneInfo) -> list[datetime]:
        """The starts of the day's slots in UTC, in steps of real time: a day of 23 or 25 hours has fewer or more of them."""
        return [slot for opens, closes in self.periods(day, zone) for slot in self._steps(opens, closes)]

    def periods(self, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """From when to when the dealer takes cars in on a local day, the earliest first."""
        if self.closure(day) is not None:
            return
        hours = [one for one in map(OpeningHours.load, self.opening) if one.weekday == WEEKDAYS[day.weekday()]]
        for one in sorted(hours, key=lambda one: one.opens):
            yield on_the_wall(day, one.opens, zone), on_the_wall(day, one.closes, zone)

    def is_open(self, begins: datetime, ends: datetime, zone: ZoneInfo) -> bool:
        """Whether the dealer takes cars in from then until then, whatever the slots."""
        return any(opens <= begins and ends <= closes for opens, closes in self.periods(begins.astimezone(zone).date(), zone))

    def require_pick_up(self, at: datetime | None, zone: ZoneInfo) -> None:
        """Somebody is there to give the car back then, if a time was agreed on. Raises Refused."""
        if at is not None and not self.is_open(at, at, zone):
            raise Refused("closed_at_pick_up", field="expected_pick_up_at", pick_up_at=at)

    def answer_by(self, asked_at: datetime, zone: ZoneInfo) -> datetime:
        """By when a request is to be answered: so long after it was made, or after the next opening if the dealer was closed."""
        today = asked_at.astimezone(zone).date()
        periods = (one for days in range(LOOKED_AHEAD) for one in self.periods(today + timedelta(days=days), zone))
        opening = next((max(opens, asked_at) for opens, closes in periods if closes > asked_at), asked_at)
        return opening + timedelta(minutes=self.answer_minutes)

    def briefing_at(self, day: date, zone: ZoneInfo) -> datetime:
        """When the technical director hears of a local day: on the last open day before it, at the time that the dealer set."""
        before = (day - timedelta(days=days) for days in range(1, LOOKED_BACK))
        eve = next((one for one in before if any(self.periods(one, zone))), day - timedelta(days=1))
        return on_the_wall(eve, self.briefing_time, zone)

    def next_open_day(self, after: date, zone: ZoneInfo) -> date:
        """The first local day after that one on which cars are taken in; the next one, if none is in sight."""
        coming = (after + timedelta(days=days) for days in range(1, LOOKED_AHEAD))
        return next((one for one in coming if any(self.periods(one, zone))), after + timedelta(days=1))

    def closure(self, day: date) -> str | None:
        """Why the dealer is closed on that day, if the calendar names it."""
        return next((one.reason for one in map(Closure.load, self.closures) if one.day == day), None)

    def evening_of(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When the local day of that time ends for the dealer: at closing, or at midnight if it had closed by then."""
        day = at.astimezone(zone).date()
        closing = [closes for _, closes in self.periods(day, zone) if closes > at]
        return max(closing, default=on_the_wall(day, "24:00", zone))

    def check(self, starts_at: datetime, *, now: datetime, zone: ZoneInfo) -> None:
        """Whether a car may come then. Raises Invalid for what is past, too far off or between slots, Refused if it is closed."""
        require_ahead("starts_at", starts_at, now, days=YEAR)
        for opens, closes in self.periods(starts_at.astimezone(zone).date(), zone):
            steps = list(self._steps(opens, closes))
            if starts_at in steps:
                return
            if steps and opens <= starts_at < steps[-1] + self.slot_length:
                raise Invalid.field(
                    "starts_at", "not_the_start_of_a_slot", minutes=self.slot_minutes, opens=f"{opens.astimezone(zone):%H:%M}"
                )
        raise Refused("closed", field="starts_at", starts_at=starts_at)

    def describe(self, stranded: Sequence[StrandedAppointment] = ()) -> calendar_contract.Calendar:
        """The calendar as it is answered, with the appointments it would not take."""
        return calendar_contract.Calendar(
            id=self.id,
            version=self.version,
            opening=[OpeningHours.load(one) for one in self.opening],
            closures=[Closure.load(one) for one in self.closures],
            slot_minutes=self.slot_minutes,
            capacity=[Capacity.load(one) for one in self.capacity],
            service_types=[OwnService.load(one) for one in self.service_types],
            advisor_places=self.advisor_places,
            no_show_minutes=self.no_show_minutes,
            reminder_minutes=self.reminder_minutes,
            offer_minutes=self.offer_minutes,
            answer_minutes=self.answer_minutes,
            briefing_time=self.briefing_time,
            no_show_deposit=self.no_show_deposit,
            stranded=list(stranded[:STRANDED_SHOWN]),
            stranded_count=len(stranded),
        )

    @property
    def no_show_deposit(self) -> Money | None:
        """What somebody is asked to put down who missed two appointments; nobody is, if that is None."""
        minor, currency = self.no_show_deposit_minor, self.no_show_deposit_currency
        return None if minor is None or currency is None else Money(minor, currency)

    @property
    def slot_length(self) -> timedelta:
        return timedelta(minutes=self.slot_minutes)

    def _steps(self, opens: datetime, closes: datetime) -> Iterator[datetime]:
        while opens + self.slot_length <= closes:
            yield opens
            opens += self.slot_length


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the local day begins."""
    return on_the_wall(day, "00:00", zone)


def _amount(money: Money | None, currency: str) -> int | None:
    if money is None:
        return None
    if money.currency != currency:
        raise Invalid.field("no_show_deposit", "wrong_currency", currency=currency)
    if money.minor <= 0:
        raise Invalid.field("no_show_deposit", "must_be_positive")
    return money.minor


def _check_services(command: SetCalendar) -> None:
    own = [one.service_type for one in command.service_types]
    for index, one in enumerate(own):
        if one in USUAL or one in own[:index]:
            raise Invalid.field(f"service_types.{index}.service_type", "service_type_named_twice")
    for index, capacity in enumerate(command.capacity):
        if capacity.service_type not in (*USUAL, *own):
            raise Invalid.field(f"capacity.{index}.service_type", "unknown_service_type")


def _check_hours(opening: list[OpeningHours]) -> None:
    until: dict[str, str] = {}  # times of day compare as they are written
    for one in sorted(opening, key=lambda one: one.opens):
        if one.opens >= one.closes:
            raise Invalid.field("opening", "closes_before_it_opens", weekday=one.weekday)
        if one.opens < until.get(one.weekday, ""):
            raise Invalid.field("opening", "hours_overlap", weekday=one.weekday)
        until[one.weekday] = one.closes
