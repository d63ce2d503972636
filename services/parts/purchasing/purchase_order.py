"""The purchase order (采购订单): draft, approved, sent, received in parts (Rule P4)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, DealerOwned, IdType, Money, Refused, Work
from contracts.parts import purchasing as contract
from contracts.parts.purchasing import PurchaseOrderState
from contracts.parts.purchasing_events import (
    PurchaseOrderApproved,
    PurchaseOrderCancelled,
    PurchaseOrderEvent,
    PurchaseOrderExpected,
    PurchaseOrderReceived,
    PurchaseOrderSent,
)
from services.parts.model import Base
from services.parts.purchasing.line import PurchaseLine

OPEN: tuple[PurchaseOrderState, ...] = ("sent", "partly_received")
"""The supplier has it, and something is outstanding."""


class PurchaseSeries(DealerOwned, Base):
    """How far the dealer's purchase orders are counted in one local year. Gaps mean nothing."""

    __tablename__ = "purchase_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class PurchaseOrder(Aggregate, Base):
    """What is ordered from one supplier at once."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        UniqueConstraint("dealer_id", "number", name="purchase_order_number_key"),
        Index("purchase_order_state", "dealer_id", "state", "id"),
        Index("purchase_order_supplier", "dealer_id", "supplier_id", "id"),
    )

    number: Mapped[str] = mapped_column(String(20))
    state: Mapped[PurchaseOrderState] = mapped_column(String(16))
    supplier_id: Mapped[str] = mapped_column(IdType)
    supplier_code: Mapped[str] = mapped_column(String(20))
    total_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    drafted_by: Mapped[str] = mapped_column(String(64))
    drafted_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None]
    sent_by: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None]
    expected_on: Mapped[date | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(300))
    lines: Mapped[list[PurchaseLine]] = relationship(lazy="joined", order_by=PurchaseLine.number, cascade="all, delete-orphan")

    @property
    def total(self) -> Money:
        """What it comes to."""
        return Money(self.total_minor, self.currency)

    def draft(self, lines: Sequence[PurchaseLine]) -> None:
        """These are its lines. Raises Refused once it is no draft any more."""
        if self.state != "draft":
            raise Refused("purchase_order_not_draft", number=self.number, state=self.state)
        for line, other in zip(self.lines, lines, strict=False):
            line.become(other)
        self.lines = [*self.lines[: len(lines)], *lines[len(self.lines) :]]
        self.total_minor = reduce(lambda so_far, line: so_far + line.total, lines, Money(0, self.currency)).minor

    def approve(self, *, at: datetime, by: str) -> None:
        """It may be sent. Raises Refused unless it is a draft."""
        if self.state != "draft":
            raise Refused("purchase_order_not_draft", number=self.number, state=self.state)
        self.state, self.approved_at, self.approved_by = "approved", at, by
        self._tell(PurchaseOrderApproved)

    def send(self, *, at: datetime, by: str, today: date) -> None:
        """The supplier has it; each line is expected after its lead time. Raises Refused unless it is approved."""
        if self.state != "approved":
            raise Refused("purchase_order_not_approved", number=self.number, state=self.state)
        self.state, self.sent_at, self.sent_by = "sent", at, by
        for line in self.lines:
            line.expected_on = today + timedelta(days=line.lead_time_days)
        self._tell(PurchaseOrderSent)

    def expect(self, on: date, numbers: Collection[int]) -> None:
        """The supplier named another day for what is outstanding of these lines."""
        self.require_open()
        for line in self.lines:
            if line.number in numbers and line.outstanding:
                line.expected_on = on
        self._tell(PurchaseOrderExpected)

    def receive(self, accepted: Mapping[int, int]) -> None:
        """So much of these lines came and was accepted. Raises Refused for more than is outstanding."""
        self.require_open()
        for line in self.lines:
            line.receive(accepted.get(line.number, 0))
        self._came()

    def undo(self, accepted: Mapping[int, int]) -> None:
        """So much of these lines never came: the receipt was a mistake."""
        for line in self.lines:
            line.undo(accepted.get(line.number, 0))
        self._came()

    def cancel(self, reason: str) -> None:
        """Nothing more of it is wanted. What came stays, and the order is at its end."""
        if self.state in ("received", "cancelled"):
            raise Refused("purchase_order_not_open", number=self.number, state=self.state)
        came = any(line.received_units for line in self.lines)
        for line in self.lines:
            line.given_up_units += line.outstanding
        self.state, self.cancelled_because = "received" if came else "cancelled", reason
        self._tell(PurchaseOrderCancelled)

    def require_open(self) -> None:
        """Raises Refused unless the supplier has it and something is outstanding."""
        if self.state not in OPEN:
            raise Refused("purchase_order_not_open", number=self.number, state=self.state)

    @property
    def numbers(self) -> set[str]:
        """The parts that it orders."""
        return {line.part_number for line in self.lines}

    def shown(self, inspections: Sequence[contract.InspectedPart]) -> contract.PurchaseOrder:
        """The order as it is answered."""
        return contract.PurchaseOrder(
            **vars(self.summary()),
            drafted_by=self.drafted_by,
            approved_by=self.approved_by,
            approved_at=self.approved_at,
            sent_by=self.sent_by,
            sent_at=self.sent_at,
            cancelled_because=self.cancelled_because,
            lines=[line.describe() for line in self.lines],
            inspections=list(inspections),
        )

    def summary(self) -> contract.PurchaseOrderSummary:
        """The order as the list shows it."""
        return contract.PurchaseOrderSummary(
            id=self.id,
            version=self.version,
            number=self.number,
            state=self.state,
            supplier_id=self.supplier_id,
            supplier_code=self.supplier_code,
            total=self.total,
            drafted_at=self.drafted_at,
            expected_on=self.expected_on,
        )

    def _came(self) -> None:
        outstanding, received = any(one.outstanding for one in self.lines), any(one.received_units for one in self.lines)
        self.state = "partly_received" if outstanding and received else "sent" if outstanding else "received"
        self._tell(PurchaseOrderReceived)

    def _tell(self, kind: type[PurchaseOrderEvent]) -> None:
        expected = [line.expected_on for line in self.lines if line.outstanding and line.expected_on is not None]
        self.expected_on = min(expected, default=None)
        self.announce(
            kind(
                purchase_order_id=self.id,
                number=self.number,
                supplier_id=self.supplier_id,
                supplier_code=self.supplier_code,
                state=self.state,
                total=self.total,
                expected_on=self.expected_on,
            )
        )


def next_number(work: Work) -> str:
    """The next number of the dealer's local year: PO-2026-000123."""
    year = work.profile.local(work.now).year
    series = work.lock_or_create(PurchaseSeries, {"year": year}, last=0)
    series.last += 1
    return f"PO-{year:04d}-{series.last:06d}"
