"""A leg as it is answered (Rule B14)."""

from chassis import Work, colleagues
from contracts.shared import Colleague
from contracts.workshop import leg as contract
from contracts.workshop.custody import Thing
from services.workshop.evidence.queries import newest_of_leg
from services.workshop.leg.asking import asked_about
from services.workshop.leg.leg import Leg
from services.workshop.leg.sheet import LegSheet
from services.workshop.order import custody
from services.workshop.order.work_order import WorkOrder


def describe(work: Work, leg: Leg) -> contract.Leg:
    """The leg with its sheet and photos, and what its driver has of the order's, to be handed over to a colleague."""
    sheet, held = work.find(LegSheet, leg.id), _held(work, leg)
    others = sorted(colleagues(work, role=custody.HANDS).items()) if held else ()
    return contract.Leg(
        **{**leg.planned(), "question": asked_about(work, [leg]).get(leg.id)},
        version=leg.version,
        planned_by=leg.planned_by,
        planned_at=leg.planned_at,
        started_by=leg.started_by,
        started_at=leg.started_at,
        ended_by=leg.ended_by,
        ended_at=leg.ended_at,
        ended_because=leg.ended_because,
        collected_by=leg.collected_by,
        collected_at=leg.collected_at,
        sheet=None if sheet is None else sheet.describe(),
        photos=newest_of_leg(work, leg.id),
        held=held,
        colleagues=[Colleague(login=login, name=name) for login, name in others if login != leg.driver],
    )


def _held(work: Work, leg: Leg) -> list[Thing]:
    if leg.work_order_id is None or leg.driver is None or leg.state not in ("done", "failed"):
        return []
    held = custody.holders(custody.log_of(work, work.get(WorkOrder, leg.work_order_id)))
    return [thing for thing, holder in held.items() if holder == leg.driver]
