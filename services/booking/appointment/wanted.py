"""What the customer wants done, as an appointment keeps it (Rule B4, docs/domain.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis import Invalid, Money, new_id
from contracts.booking.appointment import BookingChannel, PartsState, RequestedPart
from contracts.booking.events import AppointmentStatus
from contracts.shared import PART_NUMBER, PartRequest
from services.booking.loaner.loan import LONGEST

ASKED_IN_WRITING: tuple[BookingChannel, ...] = ("web", "email", "night_drop", "hotline")
"""Nobody of the desk spoke to the customer: somebody has to answer."""


def first_status(channel: BookingChannel, has_place: bool) -> AppointmentStatus:
    """What an appointment begins as."""
    if not has_place:
        return "wait_listed"
    return "requested" if channel in ASKED_IN_WRITING else "confirmed"


def must_be_of(currency: str, field: str, money: Money | None) -> None:
    """Raises Invalid unless it is nothing, or an amount of that currency."""
    if money is not None and money.currency != currency:
        raise Invalid.field(field, "wrong_currency", currency=currency)


def require_pick_up(starts_at: datetime, at: datetime | None) -> None:
    """After the drop-off, and no longer after it than a car is lent. Raises Invalid."""
    if at is not None and at <= starts_at:
        raise Invalid.field("expected_pick_up_at", "must_be_after", field="starts_at")
    if at is not None and at > starts_at + LONGEST:
        raise Invalid.field("expected_pick_up_at", "longer_than_days", days=LONGEST.days)


def parts_state(wanted: Sequence[PartRequest], told: Mapping[str, Any] | None) -> tuple[PartsState, list[PartRequest]]:
    """Where the wanted parts stand by what parts told last, and which are short; asked for while it has not told of each."""
    lines = {line.line_id for line in wanted}
    reserved, short = ([PartRequest.load(one) for one in (told or {}).get(name, ())] for name in ("reserved", "short"))
    if lines - {one.line_id for one in (*reserved, *short)}:
        return "asked", []
    missing = [one for one in short if one.line_id in lines]
    return ("short" if missing else "reserved"), missing


def part_lines(wanted: Sequence[RequestedPart], before: Sequence[PartRequest]) -> list[PartRequest]:
    """Each part as a line of its own; one that was wanted before keeps its line, so that what is set aside for it stays."""
    left = list(before)
    lines = []
    for part in wanted:
        key = PART_NUMBER.key(part.part_number)
        kept = next((line for line in left if PART_NUMBER.key(line.part_number) == key), None)
        if kept is not None:
            left.remove(kept)
        line_id = new_id() if kept is None else kept.line_id
        lines.append(PartRequest(line_id=line_id, part_number=part.part_number, quantity=part.quantity))
    return lines
