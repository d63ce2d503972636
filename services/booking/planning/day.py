"""A day of the booking desk: how full its hours are, and who comes (Rule B2, docs/domain.md)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.booking.events import ServiceName
from contracts.booking.occupancy import PlacesTaken
from contracts.booking.plan import DayHour, DayLoad, DayPlan, TagCount, TypeLoad
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.occupancy import Taken
from services.booking.calendar.calendar import Calendar
from services.booking.planning.filling import Filling

HERE = ("arrived", "fulfilled")


def day_plan(
    day: date, calendar: Calendar, zone: ZoneInfo, taken: Taken, found: Sequence[Appointment], *, truncated: bool
) -> DayPlan:
    """The day hour by hour, with what is taken of it and those who were found on it."""
    filled = Filling(calendar, zone, taken).of_day(day, with_slots=True)
    hours: dict[datetime, list[PlacesTaken]] = {}
    comes: dict[datetime, list[Appointment]] = {}
    for slot in filled.slots:
        hours.setdefault(_hour(slot.starts_at, zone), []).extend(slot.types)
    for one in found:
        if one.status != "wait_listed":
            comes.setdefault(_hour(one.starts_at, zone), []).append(one)
    names = calendar.names()
    counted = [one for one in found if one.status in (*AWAITED, *HERE)]
    tags = Counter(tag for one in counted for tag in one.tags)
    return DayPlan(
        day=day,
        closed=filled.closed,
        closed_because=filled.closed_because,
        places=_places(filled.types),
        taken=_taken(filled.types),
        arrived=sum(one.status in HERE for one in counted),
        awaited=sum(one.status in AWAITED for one in counted),
        tags=[TagCount(tag=tag, cars=cars) for tag, cars in sorted(tags.items())],
        hours=[
            DayHour(
                starts_at=at,
                places=_places(hours.get(at, ())),
                taken=_taken(hours.get(at, ())),
                types=_by_type(hours.get(at, ()), names),
                appointments=[one.describe() for one in comes.get(at, ())],
            )
            for at in sorted({*hours, *comes})
        ],
        wait_list=[one.describe() for one in sorted(found, key=lambda one: one.id) if one.status == "wait_listed"],
        truncated=truncated,
    )


def day_load(day: date, calendar: Calendar, zone: ZoneInfo, taken: Taken, waiting: int) -> DayLoad:
    """How full the day is."""
    filled = Filling(calendar, zone, taken).of_day(day, with_slots=False)
    return DayLoad(
        day=day,
        closed=filled.closed,
        closed_because=filled.closed_because,
        booked=filled.booked,
        places=_places(filled.types),
        taken=_taken(filled.types),
        waiting=waiting,
        types=_by_type(filled.types, calendar.names()),
    )


def _hour(at: datetime, zone: ZoneInfo) -> datetime:
    """When the hour on the dealer's clock began."""
    local = at.astimezone(zone)
    return at - (local - local.replace(minute=0, second=0, microsecond=0))


def _by_type(slots: Iterable[PlacesTaken], names: Mapping[str, ServiceName | None]) -> list[TypeLoad]:
    """Slots of several types, summed by type."""
    of_types: dict[str, list[PlacesTaken]] = {}
    for slot in slots:
        of_types.setdefault(slot.service_type, []).append(slot)
    return [
        TypeLoad(
            service_type=one,
            service_name=names.get(one),
            places=_places(same),
            taken=_taken(same),
            free=sum(slot.free for slot in same),
        )
        for one, same in of_types.items()
    ]


def _places(types: Iterable[PlacesTaken]) -> int:
    return sum(one.places for one in types)


def _taken(types: Iterable[PlacesTaken]) -> int:
    return sum(one.taken for one in types)
