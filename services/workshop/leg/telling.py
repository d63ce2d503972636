"""A leg as it is answered (Rule B14)."""

from chassis import Work
from contracts.workshop import leg as contract
from services.workshop.evidence.queries import newest_of_leg
from services.workshop.leg.leg import Leg
from services.workshop.leg.sheet import LegSheet


def describe(work: Work, leg: Leg) -> contract.Leg:
    """The leg with its sheet and photos."""
    sheet = work.find(LegSheet, leg.id)
    return contract.Leg(
        **leg.planned(),
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
    )
