"""Estimates (估价单), versioned and never changed, and the ledger of what the customer decided on them (Rules W6, W8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Money, belongs_to, derived_id, document
from contracts.workshop import agreement
from contracts.workshop.agreement import DecisionKind, DecisionMeans, EstimateKind, ExpectedPayment, OldParts
from services.workshop.domain.model import Base


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is agreed with an estimate besides its lines (Rules W6, W7)."""

    promised_at: datetime | None = None
    payment_method: ExpectedPayment | None = None
    old_parts: OldParts | None = None
    free_wash: bool | None = None
    consents_to_other_damage: bool = False
    call_threshold: Money | None = None
    extra_minutes: int = 0


class Estimate(Entity, Base):
    """One version as it was put before the customer; `document` is the whole of it (contracts' Estimate)."""

    __tablename__ = "estimate"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "estimate_version"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    estimate_version: Mapped[int]
    kind: Mapped[EstimateKind] = mapped_column(String(20))
    document: Mapped[dict[str, Any]] = mapped_column(document)

    @classmethod
    def issued(cls, content: agreement.Estimate) -> "Estimate":
        """The version with this content."""
        return cls(
            id=cls.identity(content.work_order_id, content.estimate_version),
            work_order_id=content.work_order_id,
            estimate_version=content.estimate_version,
            kind=content.kind,
            document=content.dump(),
        )

    @staticmethod
    def identity(work_order_id: str, version: int) -> str:
        """The id of that version of the order's estimate."""
        return derived_id("estimate", work_order_id, version)

    @property
    def content(self) -> agreement.Estimate:
        """What was put before the customer."""
        return agreement.Estimate.load(self.document)


class Authorisation(Entity, Base):
    """One entry of the authorisation ledger: who decided on which lines, how and when. Entries are only ever added."""

    __tablename__ = "authorisation"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType, index=True)
    decision: Mapped[DecisionKind] = mapped_column(String(10))
    estimate_version: Mapped[int | None]
    line_numbers: Mapped[list[int]] = mapped_column(document)
    means: Mapped[DecisionMeans] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]

    def describe(self) -> agreement.Authorisation:
        """The entry as the ledger shows it."""
        return agreement.Authorisation(
            id=self.id,
            decision=self.decision,
            estimate_version=self.estimate_version,
            line_numbers=self.line_numbers,
            means=self.means,
            name=self.name,
            given_at=self.given_at,
            reason=self.reason,
            recorded_by=self.recorded_by,
            recorded_at=self.recorded_at,
        )


def _refuse_change(mapper: Any, connection: Any, row: Any) -> None:
    raise PermissionError(f"{type(row).__name__} {row.id} is a document: it is never changed or deleted")


for _document in (Estimate, Authorisation):
    event.listen(_document, "before_update", _refuse_change)
    event.listen(_document, "before_delete", _refuse_change)
