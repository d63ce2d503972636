"""What the group knows of one delivery: on which car, when, at which mileage, and what was done (Rules W22, W2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, derived_id, document
from contracts.workshop import vehicle_history as contract
from contracts.workshop.comeback import WorkClass
from contracts.workshop.vehicle_history import WorkDone, WorkLeft
from services.workshop.model import Base


class DeliveredVisit(Base):
    """A delivery that counts, as the group knows it. It knows no person, no price, and nothing that somebody typed."""

    __tablename__ = "delivered_visit"
    __table_args__ = (Index("delivered_visit_car_ix", "vin", "delivered_at", "id"),)

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    vin: Mapped[str] = mapped_column(String(17))
    dealer: Mapped[str] = mapped_column(String(32))
    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    order_number: Mapped[str] = mapped_column(String(20))
    delivered_at: Mapped[datetime]
    mileage: Mapped[int]
    work_classes: Mapped[list[WorkClass]] = mapped_column(document)
    done: Mapped[list[dict[str, Any]]] = mapped_column(document)

    @staticmethod
    def identity(work_order_id: str, revision: int) -> str:
        """The id of that delivery's visit."""
        return derived_id("delivered_visit", work_order_id, revision)

    def describe(self, left: Sequence[WorkLeft], *, own: bool) -> contract.CarVisit:
        """The visit as it is answered; `own`: to the dealer it was at."""
        return contract.CarVisit(
            vin=self.vin,
            dealer=self.dealer,
            order_number=self.order_number,
            work_order_id=self.work_order_id if own else None,
            delivered_at=self.delivered_at,
            mileage=self.mileage,
            work_classes=self.work_classes,
            done=[WorkDone.load(one) for one in self.done],
            left=list(left),
        )
