"""A part that an order lacks and nobody booked (工单订件): on special order for it alone, until it is there (Rule P5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Quantity, Refused, Work, derived_id
from contracts.parts import order_part as contract
from contracts.parts.order_part_events import (
    OrderPartArrived,
    OrderPartAwaited,
    OrderPartClosed,
    OrderPartEvent,
    OrderPartFacts,
    OrderPartState,
)
from services.parts.model import Base, PartNumberType
from services.parts.special_order.expected import Expected, Need


class OrderPart(Expected, Aggregate, Base):
    """So much of a part is short for an order: one for each part it asked for, awaited again if it is short again."""

    OPEN: ClassVar[str] = "awaited"
    __tablename__ = "order_part"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "asked_for", name="order_part_request_key"),
        Index("order_part_wanted", "dealer_id", "state", "wanted_by", "id"),
    )

    state: Mapped[OrderPartState] = mapped_column(String(12))
    work_order_id: Mapped[str] = mapped_column(IdType)
    order_number: Mapped[str | None] = mapped_column(String(20))
    customer_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    asked_for: Mapped[str] = mapped_column(PartNumberType)
    here_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @classmethod
    def of(
        cls, work_order_id: str, customer_id: str, asked_for: str, need: Need, *, at: datetime, visit_id: str | None
    ) -> "OrderPart":
        """The order lacks it from now on."""
        raised = cls(
            id=derived_id("order_part", work_order_id, asked_for),
            visit_id=visit_id,
            work_order_id=work_order_id,
            customer_id=customer_id,
            asked_for=asked_for,
        )
        raised.wait(need, at=at)
        return raised

    def waits_for(self, need: Need) -> bool:
        """Whether it is awaited, and exactly that."""
        known = (self.part_number, self.quantity_units, self.plate, self.wanted_by, self.order_number)
        return self.state == "awaited" and known == (need.number, need.units, need.plate, need.wanted_by, need.order_number)

    def wait(self, need: Need, *, at: datetime) -> None:
        """So much is short now, by then; one that was here or closed is awaited again."""
        if self.state != "awaited":
            self.state, self.raised_at, self.here_at, self.closed_at = "awaited", at, None, None
            self.expected_on = self.purchase_order_id = None
        self.part_number, self.quantity_units, self.plate = need.number, need.units, need.plate
        self.wanted_by, self.wanted_on, self.order_number = need.wanted_by, need.wanted_on, need.order_number
        self.tell_change()

    def arrive(self, *, at: datetime) -> None:
        """Everything is there and set aside."""
        self.state, self.here_at = "here", at
        self._tell(OrderPartArrived)

    def close(self, *, at: datetime) -> None:
        """The order does not wait for it any more."""
        self.state, self.closed_at = "closed", at
        self._tell(OrderPartClosed)

    def require_open(self) -> None:
        """Raises Refused("order_part_closed") unless it is awaited."""
        if self.state != self.OPEN:
            raise Refused("order_part_closed")

    @property
    def waits_as(self) -> dict[str, str | None]:
        """Whose reservation waits for it."""
        return {"work_order_id": self.work_order_id}

    def facts(self) -> OrderPartFacts:
        """The part as others need to know it."""
        return OrderPartFacts(
            order_part_id=self.id,
            state=self.state,
            work_order_id=self.work_order_id,
            order_number=self.order_number,
            customer_id=self.customer_id,
            plate=self.plate,
            asked_for=self.asked_for,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            expected_on=self.expected_on,
            here_at=self.here_at,
        )

    def describe(self) -> contract.OrderPart:
        """The part as the list shows it."""
        return contract.OrderPart(
            id=self.id,
            version=self.version,
            state=self.state,
            work_order_id=self.work_order_id,
            order_number=self.order_number,
            customer_id=self.customer_id,
            plate=self.plate,
            asked_for=self.asked_for,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            wanted_by=self.wanted_by,
            wanted_on=self.wanted_on,
            expected_on=self.expected_on,
            purchase_order_id=self.purchase_order_id,
            late=self.late,
            raised_at=self.raised_at,
            here_at=self.here_at,
            closed_at=self.closed_at,
        )

    def tell_change(self) -> None:
        """Others learn how much is short, and when it is expected."""
        self._tell(OrderPartAwaited)

    def _tell(self, kind: type[OrderPartEvent]) -> None:
        self.announced.clear()  # each event carries the whole state: the last one of a change is enough
        self.announce(kind(order_part=self.facts()))


def parts_of_order(work: Work, work_order_id: str) -> dict[str, OrderPart]:
    """The parts of an order by the number that was asked for; to be changed. The caller has opened the stock."""
    found = select(OrderPart).where(OrderPart.work_order_id == work_order_id).order_by(OrderPart.id).with_for_update()
    return {one.asked_for: one for one in work.all(found)}


def awaited_parts(work: Work, work_order_ids: Iterable[str | None]) -> Mapping[tuple[str | None, str], OrderPart]:
    """What these orders wait for, by theirs and the number that was asked for: by one statement, or none."""
    ids = sorted({one for one in work_order_ids if one is not None})
    found = select(OrderPart).where(OrderPart.work_order_id.in_(ids), OrderPart.state == "awaited")
    return {(one.work_order_id, one.asked_for): one for one in (work.all(found) if ids else ())}
