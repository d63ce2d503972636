"""I10: what services keep of one another's facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import text


@dataclass(frozen=True)
class _Followed:
    """Facts of one service that others keep a copy of: `part` of what these events say, in `table`."""

    publisher: str
    kinds: tuple[str, ...]
    part: str | None
    table: str
    kept: dict[str, tuple[str, ...]] = field(hash=False)
    """By keeper: the columns its copy is in; `facts` holds the part as it came."""


LEG = ("planned", "replanned", "asked", "started", "done", "failed", "cancelled", "collected")
APPOINTMENT = ("booked", "amended", "confirmed", "rescheduled", "cancelled", "arrived", "missed", "reopened")

FOLLOWED = (
    _Followed(
        "crm",
        ("crm.customer.recorded",),
        "customer",
        "known_customer",
        {"booking": ("name", "phone", "email", "preferred_channel"), "workshop": ("facts",), "billing": ("facts",)},
    ),
    _Followed(
        "crm",
        ("crm.vehicle.recorded",),
        "vehicle",
        "known_vehicle",
        {"booking": ("customer_id", "vin", "plate", "make", "model"), "workshop": ("facts",)},
    ),
    _Followed("crm", ("crm.invitation.made",), None, "known_invitation", {"booking": ("vehicle_id", "channel")}),
    _Followed(
        "booking",
        tuple(f"booking.appointment.{what}" for what in (*APPOINTMENT, "tagged")),
        "appointment",
        "followed_appointment",
        {"workshop": ("facts",)},
    ),
    _Followed(
        "workshop",
        tuple(f"workshop.leg.{what}" for what in LEG),
        "leg",
        "known_leg",
        {"booking": ("facts",)},
    ),
    _Followed(
        "parts",
        tuple(f"parts.special_order.{what}" for what in ("raised", "changed", "settled", "withdrawn")),
        "special_order",
        "known_special_order",
        {"booking": ("appointment_id", "facts")},
    ),
    _Followed("workshop", ("workshop.comeback.found",), "repair", "known_comeback", {"booking": ("appointment_id", "facts")}),
    _Followed(
        "crm", ("crm.follow_up.completed",), None, "known_follow_up", {"booking": ("customer_id", "outcome", "satisfaction")}
    ),
    _Followed("billing", ("billing.tax_rate.set",), None, "known_tax_rate", {"workshop": ("rate",)}),
    _Followed(
        "booking",
        tuple(f"booking.appointment.{what}" for what in (*APPOINTMENT, "fulfilled")),
        "appointment",
        "followed_appointment",
        {"billing": ("facts",)},
    ),
)


def projections(books: Books, dealer: str) -> Iterator[Finding]:
    """I10: a projection holds what its newest event said, whatever order they came in."""
    for one in FOLLOWED:
        announced = [event for kind in one.kinds for event in books.events(one.publisher, kind)]
        newest = {event["subject"]: event for event in sorted(announced, key=lambda event: int(event["sequence"]))}
        for service, columns in one.kept.items():
            query = f"SELECT id, sequence, {', '.join(columns)} FROM {one.table} WHERE dealer_id = :dealer"
            rows = books.rows(service, query, json_columns={"facts"} & set(columns))
            kept = {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in rows}
            expected = {subject: _as_kept(event, one.part, columns) for subject, event in newest.items()}
            for subject in kept.keys() | expected.keys():
                held, announced_last = kept.get(subject), expected.get(subject)
                if held != announced_last:
                    table = f"{service}.{one.table}"
                    what = text("cli.finding.projection", table=table, subject=subject, kept=held, announced=announced_last)
                    yield Finding("I10", dealer, what)


def _as_kept(event: Row, part: str | None, columns: tuple[str, ...]) -> Row:
    facts = event["data"][part] if part else {}
    said = {**event["data"], **facts, "facts": facts}
    return {"sequence": event["sequence"], **{column: said.get(column) for column in columns}}
