"""Why an order is a comeback (返修), as it is noted on the order, read and written whole (Rule W2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from contracts.workshop.comeback import Comeback, ComebackSheet, EarlierRepair, Priority, WorkClass
from contracts.workshop.damage import Panel


class Repair(TypedDict):
    """What kind of work a labour line is: how long it is warranted, and by what it is recognised if it comes back.

    With the version of the operation's instruction when the line was added; of painting, which panel and how large (Rule W27).
    """

    group: str | None
    work_class: WorkClass
    high_voltage: NotRequired[bool]
    instruction: NotRequired[int | None]
    panel: NotRequired[Panel | None]
    area_dm2: NotRequired[int | None]


def painted(repair: Repair | None) -> dict[str, Any]:
    """Panel and area of painting, and which version of the instruction holds, as a line is answered."""
    told: Mapping[str, Any] = repair or {}
    return {"panel": told.get("panel"), "area_dm2": told.get("area_dm2"), "instruction_version": told.get("instruction")}


class Overruling(TypedDict):
    """Who said that it is none after all, and why."""

    by: str
    at: str
    reason: str


class ComebackNote(TypedDict):
    """The earlier repairs, as they are answered; who overruled it, if somebody did; and what it came from, as it is answered."""

    repairs: list[dict[str, object]]
    overruled: Overruling | None
    sheet: NotRequired[dict[str, object] | None]


def is_high_voltage(repair: Repair | None) -> bool:
    """Work on a high-voltage system, as the operation said when the line was made (Rule W30)."""
    return repair is not None and repair.get("high_voltage", False)


def noted(note: ComebackNote | None, found: Sequence[EarlierRepair]) -> ComebackNote | None:
    """The note with these repairs, each group once."""
    before = note or ComebackNote(repairs=[], overruled=None)
    known = {one["operation_group"] for one in before["repairs"]}
    more = [one.dump() for one in found if one.operation_group not in known]
    return ComebackNote(**{**before, "repairs": [*before["repairs"], *more]}) if more else note


def groups_of(note: ComebackNote | None) -> frozenset[str]:
    """The kinds of work that come back, unless that was overruled."""
    if note is None or note["overruled"] is not None:
        return frozenset()
    return frozenset(str(one["operation_group"]) for one in note["repairs"])


def overruled(note: ComebackNote, by: str, at: datetime, reason: str) -> ComebackNote:
    """The same note, and it is none."""
    return ComebackNote(**{**note, "overruled": Overruling(by=by, at=at.isoformat(), reason=reason)})


def explained(note: ComebackNote, sheet: ComebackSheet) -> ComebackNote:
    """The same note, with what it came from."""
    return ComebackNote(**{**note, "sheet": sheet.dump()})


def is_explained(note: ComebackNote | None) -> bool:
    """Whether somebody said what it came from."""
    return note is not None and note.get("sheet") is not None


def priority_of(note: ComebackNote | None, appointment_id: str | None) -> Priority:
    """Who is served first: comebacks, then who booked."""
    return "comeback" if groups_of(note) else "booked" if appointment_id is not None else "normal"


def describe_comeback(note: ComebackNote | None) -> Comeback | None:
    """The note as it is answered."""
    if note is None:
        return None
    said, sheet = note["overruled"], note.get("sheet")
    return Comeback(
        repairs=[EarlierRepair.load(one) for one in note["repairs"]],
        sheet=None if sheet is None else ComebackSheet.load(sheet),
        overruled_by=None if said is None else said["by"],
        overruled_at=None if said is None else datetime.fromisoformat(said["at"]),
        overruled_because=None if said is None else said["reason"],
    )
