"""What every capability of parts stands on: the declarative base and part numbers."""

from sqlalchemy import String

from chassis import Invalid, ModelBase, model_base
from contracts.shared import PART_NUMBER


class Base(ModelBase):
    """What the mapped classes of parts derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("parts").metadata


PartNumberType = String(40)


def normalised(number: str | None) -> str:
    """The spelling of a part number (ADR 0021). Raises Invalid for one that is blank."""
    found = PART_NUMBER.spelling(number or "")
    if not found:
        raise Invalid.field("part_number", "must_not_be_blank")
    return found
