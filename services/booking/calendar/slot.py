"""The reserved places of the calendar's slots (Rule B2, docs/domain.md): never more than the capacity, however many ask at once.

A place is reserved by one conditional UPDATE: its row lock makes concurrent callers wait for one another, and each sees what the
one before it left. Places are always changed in one order, so that two who want the same two places cannot deadlock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, String, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Refused, Work
from contracts.booking.events import ServiceType
from services.booking.calendar.calendar import Calendar
from services.booking.model import Base

_ADVISOR = "advisor:"


class Place(NamedTuple):
    """One unit of a slot's capacity. Its resource is a type of service, or an advisor's time."""

    starts_at: datetime
    resource: str


class Slot(DealerOwned, Base):
    """How many places of one resource are taken in a slot; no row means none. Past ones stay: the forecast is made from them."""

    __tablename__ = "slot"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(String(80), primary_key=True)
    taken: Mapped[int]


def advisor_time(advisor: str) -> str:
    """The resource that is an advisor's time."""
    return f"{_ADVISOR}{advisor}"


def places_for(starts_at: datetime, service_type: ServiceType, advisor: str | None) -> list[Place]:
    """The places one car needs: one of its type of service, and one of the advisor's time if an advisor is asked for."""
    resources = [service_type] if advisor is None else [service_type, advisor_time(advisor)]
    return [Place(starts_at, resource) for resource in resources]


def reserve(work: Work, calendar: Calendar, places: Sequence[Place], *, releasing: Iterable[Place] = ()) -> None:
    """Reserve these places and release others. Raises Refused, with nothing changed, if one of them is not free."""
    refusal = try_to_reserve(work, calendar, places, releasing=releasing)
    if refusal is not None:
        raise refusal


def try_to_reserve(work: Work, calendar: Calendar, places: Sequence[Place], *, releasing: Iterable[Place] = ()) -> Refused | None:
    """Reserve these places and release others, or change nothing and answer which refusal says why not.

    Raises Refused if the dealer takes no cars in for that type of service at all.
    """
    capacities = {place: _capacity(calendar, place) for place in places}
    changes = [*((place, -1) for place in releasing), *((place, 1) for place in places)]
    done: list[tuple[Place, int]] = []
    for place, by in sorted(changes, key=lambda change: change[0]):
        if by < 0:
            _add(work, place, by)
        elif not _take(work, place, capacities[place]):
            for changed, undo in done:
                _add(work, changed, -undo)
            return _full(place)
        done.append((place, by))
    return None


def release(work: Work, places: Iterable[Place]) -> None:
    """These places are free again."""
    for place in sorted(places):
        _add(work, place, -1)


def _capacity(calendar: Calendar, place: Place) -> int:
    return calendar.advisor_places if place.resource.startswith(_ADVISOR) else calendar.offered_places(place.resource)


def _full(place: Place) -> Refused:
    if place.resource.startswith(_ADVISOR):
        return Refused("advisor_busy", field="advisor", starts_at=place.starts_at.isoformat())
    return Refused("slot_full", field="starts_at", starts_at=place.starts_at.isoformat())


def _take(work: Work, place: Place, capacity: int) -> bool:
    work.insert_new(Slot, {**place._asdict(), "taken": 0})
    return _add(work, place, 1, Slot.__table__.c.taken < capacity)


def _add(work: Work, place: Place, by: int, *conditions: Any) -> bool:
    table: Any = Slot.__table__
    row = (table.c.dealer_id == work.dealer, table.c.starts_at == place.starts_at, table.c.resource == place.resource)
    changed = update(table).where(*row, *conditions).values(taken=table.c.taken + by).returning(table.c.taken)
    return bool(work.execute(changed))
