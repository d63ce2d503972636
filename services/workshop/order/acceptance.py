"""How the team took a car over for work, as it is noted on the order, read and written whole (Rule W24)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from contracts.workshop.damage import CarAcceptance, Damage


class AcceptanceNote(TypedDict):
    """Who compared the car with its walk-around, when, and what damage they found that it does not have."""

    by: str
    at: str
    new_damages: list[dict[str, Any]]


def accepted(new_damages: Sequence[Damage], *, by: str, at: datetime) -> AcceptanceNote:
    """They took it over."""
    return AcceptanceNote(by=by, at=at.isoformat(), new_damages=[one.dump() for one in new_damages])


def describe_acceptance(note: AcceptanceNote | None) -> CarAcceptance | None:
    """The note as it is answered."""
    if note is None:
        return None
    return CarAcceptance.load({"accepted_by": note["by"], "accepted_at": note["at"], "new_damages": note["new_damages"]})
