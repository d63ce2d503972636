"""What was delivered, revision by revision (Rules W13, W15). A delivery is never edited: a wrong one is reversed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, belongs_to, derived_id, document
from contracts.workshop.handing_over import DeliveryEntry, Settlement
from services.workshop.domain.model import Base


class Delivery(Entity, Base):
    """One delivery revision with the settlement that was signed (contracts' Settlement), and its reversal if there was one.

    `announced_at` is when the delivery was announced, or its reversal: since then the other services' books must follow.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "revision"),
        Index(None, "dealer_id", "announced_at", "id"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    settlement: Mapped[dict[str, Any]] = mapped_column(document)
    mileage_reason: Mapped[str | None] = mapped_column(String(300))
    announced_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None] = mapped_column(String(64))
    reversed_reason: Mapped[str | None] = mapped_column(String(300))

    @staticmethod
    def identity(work_order_id: str, revision: int) -> str:
        """The id of that delivery of the order."""
        return derived_id("delivery", work_order_id, revision)

    def reverse(self, reason: str, *, by: str, at: datetime) -> None:
        """It was entered by mistake and no longer counts."""
        self.reversed_reason, self.reversed_by, self.reversed_at = reason, by, at
        self.announced_at = at

    def describe(self) -> Settlement:
        """The settlement as it was signed, marked if the delivery no longer counts."""
        return Settlement.load({**self.settlement, "reversed": self.reversed_at is not None})

    def summarise(self) -> DeliveryEntry:
        """The delivery as the other services' books must show it."""
        return DeliveryEntry(
            work_order_id=self.work_order_id,
            revision=self.revision,
            payers=[share["payer"] for share in self.settlement["payers"]],
            reversed=self.reversed_at is not None,
            announced_at=self.announced_at,
        )
