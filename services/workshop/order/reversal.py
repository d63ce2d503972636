"""The reversal of the newest delivery, as it was asked for and answered (Rule W15): a note, read and written whole."""

from datetime import datetime
from typing import TypedDict

from contracts.workshop.readiness import Reversal, ReversalRefusal, ReversalState


class ReversalNote(TypedDict):
    """Who wants the delivery undone and why, and what billing, which owns the gate pass, said to it; times in ISO format."""

    state: ReversalState
    reason: str
    requested_by: str
    requested_at: str
    answered_at: str | None
    refusal: ReversalRefusal | None


def requested(reason: str, *, by: str, at: datetime) -> ReversalNote:
    """The note of a reversal that was asked for."""
    return ReversalNote(
        state="requested", reason=reason, requested_by=by, requested_at=at.isoformat(), answered_at=None, refusal=None
    )


def answered(note: ReversalNote, state: ReversalState, at: datetime, refusal: ReversalRefusal | None = None) -> ReversalNote:
    """The same note with its answer."""
    return {**note, "state": state, "answered_at": at.isoformat(), "refusal": refusal}


def describe(note: ReversalNote, revision: int) -> Reversal:
    """The note as the order shows it."""
    return Reversal.load({**note, "revision": revision})
