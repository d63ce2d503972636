"""A comeback as it was found, and announced (Rule W2)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, derived_id, document
from contracts.workshop.comeback import EarlierRepair
from contracts.workshop.reception_events import ComebackFound
from services.workshop.model import Base, never_changed


@never_changed
class FoundComeback(Aggregate, Base):
    """A comeback of a visit, as it was found; its id follows from visit and kind of work, so that it is found once."""

    __tablename__ = "comeback"

    appointment_id: Mapped[str | None] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    repair: Mapped[dict[str, Any]] = mapped_column(document)
    found_at: Mapped[datetime]

    @staticmethod
    def identity(visit_id: str | None, operation_group: str) -> str:
        """The id of the visit's comeback of that kind of work."""
        return derived_id("comeback", visit_id, operation_group)

    @classmethod
    def of(
        cls,
        plate: str,
        repair: EarlierRepair,
        *,
        at: datetime,
        visit_id: str | None,
        appointment_id: str | None = None,
        work_order_id: str | None = None,
    ) -> "FoundComeback":
        """It was found just now: whoever prepares the visit learns of it."""
        found = cls(
            id=cls.identity(visit_id, repair.operation_group),
            visit_id=visit_id,
            appointment_id=appointment_id,
            work_order_id=work_order_id,
            repair=repair.dump(),
            found_at=at,
        )
        found.announce(
            ComebackFound(
                comeback_id=found.id,
                appointment_id=appointment_id,
                work_order_id=work_order_id,
                plate=plate,
                repair=repair,
                found_at=at,
            )
        )
        return found
