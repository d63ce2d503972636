"""Rescue cases, one or many."""

from collections import defaultdict
from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.orm import undefer

from chassis import Work, page
from contracts.booking.rescue import GetRescue, ListedRescue, ListRescues, RescueMatch, Rescues
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.rescue.rescue import Rescue

MATCHING = (*AWAITED, "wait_listed", "arrived")


def get_rescue(work: Work, query: GetRescue) -> Rescue:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Rescue, query.rescue_id)


def list_rescues(work: Work, query: ListRescues) -> Rescues:
    """By two statements: the cases, and the appointments of their plates that have no order yet."""
    found = select(Rescue).where(Rescue.is_open.is_(not query.over)).options(undefer(Rescue.order_of_appointment))
    rows, cursor = page(work, found, query, keys=[Rescue.id])
    matches: dict[str, list[RescueMatch]] = defaultdict(list)
    if keys := {row.plate_key for row in rows}:
        live = select(Appointment.plate_key, Appointment.id, Appointment.status, Appointment.starts_at)
        live = live.where(Appointment.plate_key.in_(keys), Appointment.status.in_(MATCHING)).order_by(Appointment.starts_at)
        for one in work.execute(live):
            matches[one.plate_key].append(RescueMatch(appointment_id=one.id, status=one.status, starts_at=one.starts_at))
    items = []
    for row in rows:
        told = row.describe()
        said = {one.name: getattr(told, one.name) for one in fields(told)}
        items.append(ListedRescue(**said, matches=matches[row.plate_key]))
    return Rescues(items=items, next_cursor=cursor)
