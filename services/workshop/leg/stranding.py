"""Setting when cars are fetched and brought, and which legs that would not take (Rule B14, docs/domain.md)."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from sqlalchemy import select

from chassis import Work
from contracts.workshop import leg_settings as contract
from contracts.workshop.leg_settings import SetLegSettings, StrandedLeg
from services.workshop.leg.leg import Leg
from services.workshop.leg.planning import hold_legs
from services.workshop.leg.settings import LegSettings
from services.workshop.projections.opening_hours import Opening

Why = Literal["closed", "no_interval", "interval_full"]


def set_settings(work: Work, command: SetLegSettings) -> contract.LegSettings:
    """Legs that are planned keep their time; the answer names those that the new intervals would not take."""
    hold_legs(work)
    settings = work.edit_settings(LegSettings)
    settings.replace(command.intervals)
    return shown(work, settings)


def shown(work: Work, settings: LegSettings) -> contract.LegSettings:
    """The intervals, and the planned legs that they would not take."""
    found = sorted(_refused(work, settings), key=lambda one: (one[0].begins_at, one[0].id))
    return settings.describe([StrandedLeg(**leg.planned(), why=why) for leg, why in found])


def _refused(work: Work, settings: LegSettings) -> Iterator[tuple[Leg, Why]]:
    """Plan all of them anew, in the order in which they were planned: those there is no place for, and why."""
    to_come = Leg.state == "planned", Leg.question.is_(None), Leg.begins_at > work.now
    opening, zone, taken = Opening(work), work.profile.zone, Counter[tuple[object, object]]()
    for leg in work.all(select(Leg).where(*to_come).order_by(Leg.id)):
        day = work.profile.local(leg.begins_at).date()
        its = leg.begins_at, leg.ends_at
        window = next((one for one in settings.windows(day, zone) if (one.begins_at, one.ends_at) == its), None)
        if opening.is_closed(day):
            yield leg, "closed"
        elif window is None:
            yield leg, "no_interval"
        elif taken[its] >= window.legs:
            yield leg, "interval_full"
        else:
            taken[its] += 1
