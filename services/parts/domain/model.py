"""What every room of parts stands on: the declarative base, part numbers, and the gates that serialise a dealer's work."""

from sqlalchemy import String, text

from chassis.database import is_postgres
from chassis.errors import Invalid
from chassis.model import ModelBase, model_base
from chassis.work import Work


class Base(ModelBase):
    """What the mapped classes of parts derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("parts").metadata


PartNumberType = String(40)

_PASS = text("SELECT pg_advisory_xact_lock(hashtextextended(:gate, 0))")


def normalised(number: str | None) -> str:
    """The one spelling of a part number: trimmed, upper case. Raises Invalid for one that is blank."""
    found = (number or "").strip().upper()
    if not found:
        raise Invalid.fields({"part_number": ["Must not be blank."]})
    return found


def pass_gate(work: Work, gate: str) -> None:
    """Have one transaction at a time behind this gate of the dealer, until it ends.

    A batch touches parts in the order of its messages, not of the parts: row locks alone would deadlock two replicas. The batch
    is sorted by dealer, so gates are passed in one order. SQLite has one writer anyway.
    """
    passed: set[str] = work.session.info.setdefault("gates", set())
    name = f"parts.{gate}/{work.dealer}"
    if name not in passed:
        if is_postgres(work.session):
            work.session.execute(_PASS, {"gate": name})
        passed.add(name)
