"""That the car was checked before its customer was told, as it is noted on the order, read and written whole (Rule W13)."""

from datetime import datetime
from typing import TypedDict

from contracts.workshop.readiness import PreDeliveryCheck


class PreDeliveryNote(TypedDict):
    """Who checked it, when, and what they noted."""

    by: str
    at: str
    note: str | None


def checked(by: str, at: datetime, note: str | None) -> PreDeliveryNote:
    """They checked it."""
    return PreDeliveryNote(by=by, at=at.isoformat(), note=note)


def describe_check(note: PreDeliveryNote | None) -> PreDeliveryCheck | None:
    """The note as it is answered."""
    if note is None:
        return None
    return PreDeliveryCheck.load({"checked_by": note["by"], "checked_at": note["at"], "note": note["note"]})
