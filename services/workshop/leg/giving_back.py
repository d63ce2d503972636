"""What was taken over with a car and not given back with it is somebody's still (Rule W24): asked about until it is settled."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select

from chassis import Work
from contracts.workshop.custody import Thing
from services.workshop.leg.leg import Leg
from services.workshop.leg.sheet import LegSheet
from services.workshop.leg.sheet_document import LegSheetDocument
from services.workshop.leg.trip import taken_by
from services.workshop.order import custody
from services.workshop.order.work_order import WorkOrder

SHOWN = 500
PAPERS: tuple[Thing, ...] = ("registration", "service_book")


def keys_received(work: Work, leg: Leg) -> int | None:
    """How many keys were taken over, at the door or at the walk-around; None if nobody counted."""
    if leg.work_order_id is not None:
        return work.get(WorkOrder, leg.work_order_id).keys_received
    taken = _taken_over(work, leg)
    return None if taken is None else taken.keys


def papers_received(work: Work, leg: Leg) -> list[Thing]:
    """What papers were taken over and are here: by the order's custody, or before there was one by the sheet at the door."""
    if leg.work_order_id is not None:
        here = list(custody.of_customer(work, work.get(WorkOrder, leg.work_order_id)))
    else:
        taken = _taken_over(work, leg)
        here = [] if taken is None else taken.things
    return [thing for thing in here if thing in PAPERS]


def given(work: Work, leg: Leg, kept: LegSheetDocument) -> list[Thing]:
    """What a return gives back: the keys when all of them are."""
    most = keys_received(work, leg) or 0
    return [thing for thing in kept.things if thing != "keys" or kept.keys >= most]


def still_here(work: Work, leg: Leg) -> list[Thing]:
    """What was taken over and has not gone back: by the order's custody, or before there was one by both sheets."""
    if leg.work_order_id is not None:
        return list(custody.of_customer(work, work.get(WorkOrder, leg.work_order_id)))
    taken, sheet = _taken_over(work, leg), work.find(LegSheet, leg.id)
    if taken is None:
        return []
    back = [] if sheet is None else given(work, leg, sheet.document)
    return [thing for thing in taken.things if thing not in back]


def to_settle(work: Work, *which: ColumnElement[bool]) -> Iterator[Leg]:
    """Returns that gave back less than was taken over, for as long as the rest is somebody's; all, or of these legs."""
    asked = *which, Leg.state == "done", Leg.question == "not_given_back"
    for leg in work.all(select(Leg).where(*asked).order_by(Leg.ended_at, Leg.id).limit(SHOWN)):
        if still_here(work, leg):
            yield leg


def _taken_over(work: Work, leg: Leg) -> LegSheetDocument | None:
    pick_up = None if leg.appointment_id is None else taken_by(work, leg)
    sheet = None if pick_up is None else work.find(LegSheet, pick_up.id)
    return None if sheet is None else sheet.document
