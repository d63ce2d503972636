"""What every room of parts stands on: the declarative base, part numbers, and the gates that serialise a dealer's work."""

from collections.abc import Iterable

from sqlalchemy import String, text
from sqlalchemy.orm import Session

from chassis import Invalid, ModelBase, model_base
from chassis.store.database import is_postgres


class Base(ModelBase):
    """What the mapped classes of parts derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("parts").metadata


PartNumberType = String(40)

_PASS = text("SELECT pg_advisory_xact_lock(hashtextextended('parts.' || gate, 0)) FROM unnest(CAST(:gates AS text[])) AS gate")


def normalised(number: str | None) -> str:
    """The one spelling of a part number: trimmed, upper case. Raises Invalid for one that is blank."""
    found = (number or "").strip().upper()
    if not found:
        raise Invalid.fields({"part_number": ["Must not be blank."]})
    return found


def pass_gates(session: Session, gate: str, dealers: Iterable[str]) -> None:
    """Have one transaction at a time behind this gate of each of these dealers, until it ends.

    A batch touches parts in the order of its messages, not of the parts: row locks alone would deadlock two replicas. Gates are
    passed in the order of the dealers, by batches and by whoever has one dealer only. SQLite has one writer anyway.
    """
    passed: set[str] = session.info.setdefault("gates", set())
    ahead = sorted({f"{gate}/{dealer}" for dealer in dealers} - passed)
    if ahead and is_postgres(session):
        session.execute(_PASS, {"gates": ahead})
    passed.update(ahead)
