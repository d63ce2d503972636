"""A day's comebacks and diagnoses."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.interfaces import ORMOption

from chassis import Work
from contracts.booking import briefing as contract
from contracts.booking.briefing import BriefedCar, GetBriefing
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.queries import DESCRIBED
from services.booking.appointment.tags import for_director
from services.booking.briefing.briefing import Briefing
from services.booking.calendar.calendar import Calendar

COMES = (*AWAITED, "arrived", "fulfilled")


def cars_of(work: Work, day: date, *options: ORMOption) -> Sequence[Appointment]:
    """The comebacks and diagnoses of a local day, the first ones first. A day's appointments are few: as many as have places."""
    found = select(Appointment).where(Appointment.status.in_(COMES), *work.profile.within(Appointment.starts_at, day, day))
    rows = work.all(found.order_by(Appointment.starts_at, Appointment.id).options(*options))
    return [one for one in rows if for_director(one)]


def get_briefing(work: Work, query: GetBriefing) -> contract.Briefing:
    """The next open day, if none is asked for."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    day = query.day or calendar.next_open_day(work.profile.local(work.now).date(), zone)
    briefing = work.find(Briefing, Briefing.id_for(day))
    told = briefing.told_of if briefing else {}
    cars = cars_of(work, day, *DESCRIBED)
    return contract.Briefing(
        day=day,
        due_at=calendar.briefing_at(day, zone),
        told_at=briefing.told_at if briefing else None,
        cars=[BriefedCar(told_at=told.get(one.id), appointment=one.describe()) for one in cars],
    )
