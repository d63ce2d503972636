"""What can be booked: the group's operations as workshop announced them, the dealer's parts as parts announced them."""

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, IdType, NotYetKnown, Work
from contracts.booking.appointment import BookedWork
from contracts.pieces import require_whole
from contracts.shared import PART_NUMBER
from services.booking.model import Base


class KnownOperation(Base):
    """An operation of the group's catalogue, which never loses one, as the last of its publications said."""

    __tablename__ = "known_operation"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    operation_group: Mapped[str | None] = mapped_column(String(40))
    publication: Mapped[str] = mapped_column(IdType)


class KnownPart(DealerOwned, Base):
    """A part of the dealer's catalogue, which never loses one; by the key of its number, however it is typed (ADR 0021)."""

    __tablename__ = "known_part"

    number_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(10))
    edition: Mapped[int]


def require_bookable(work: Work, wanted: BookedWork) -> None:
    """Nobody books what nobody could price, set aside or do (Rule B4), nor half of what is counted.

    Raises NotYetKnown naming the first that is unknown: it may be announced this very moment.
    """
    keys = {f"parts.{place}.part_number": PART_NUMBER.key(part.part_number) for place, part in enumerate(wanted.parts)}
    codes = {f"operations.{place}": code for place, code in enumerate(wanted.operations)}
    for column, asked in ((KnownOperation.code, codes), (KnownPart.number_key, keys)):
        known = set(work.all(select(column).where(column.in_(asked.values())))) if asked else set()
        for field, value in asked.items():
            if value not in known:
                raise NotYetKnown.reference(field, value)
    units = select(KnownPart).where(KnownPart.number_key.in_(keys.values()))
    unit_of = {part.number_key: part.unit for part in work.all(units)} if keys else {}
    for place, part in enumerate(wanted.parts):
        require_whole(f"parts.{place}.quantity", unit_of[PART_NUMBER.key(part.part_number)], part.quantity)
