"""The special order (客户订件): a part that is short for one appointment (Rules B6, P5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Quantity, Refused, Work, derived_id
from contracts.parts import special_order as contract
from contracts.parts.events import (
    SpecialOrderChanged,
    SpecialOrderEvent,
    SpecialOrderFacts,
    SpecialOrderRaised,
    SpecialOrderSettled,
    SpecialOrderState,
    SpecialOrderWithdrawn,
)
from services.parts.model import Base, PartNumberType
from services.parts.special_order.expected import Expected, Need


class SpecialOrder(Expected, Aggregate, Base):
    """So much of a part is short for an appointment: one for each part it asked for, raised again if it is short again.

    When the appointment becomes an order it is that order's.
    """

    OPEN: ClassVar[str] = "open"
    __tablename__ = "special_order"
    __table_args__ = (
        UniqueConstraint("dealer_id", "appointment_id", "asked_for", name="special_order_request_key"),
        Index("special_order_wanted", "dealer_id", "state", "wanted_by", "id"),
    )

    state: Mapped[SpecialOrderState] = mapped_column(String(12))
    appointment_id: Mapped[str] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    order_number: Mapped[str | None] = mapped_column(String(20))
    customer_id: Mapped[str] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
    asked_for: Mapped[str] = mapped_column(PartNumberType)
    closed_at: Mapped[datetime | None]

    @classmethod
    def of(
        cls, appointment_id: str, customer_id: str, asked_for: str, need: Need, *, at: datetime, visit_id: str | None
    ) -> "SpecialOrder":
        """It is short from now on."""
        raised = cls(
            id=derived_id("special_order", appointment_id, asked_for),
            visit_id=visit_id,
            state="open",
            appointment_id=appointment_id,
            customer_id=customer_id,
            asked_for=asked_for,
            raised_at=at,
        )
        raised._take(need)
        raised._tell(SpecialOrderRaised)
        return raised

    def asks_for(self, need: Need) -> bool:
        """Whether it is open, and for exactly that."""
        return self.state == "open" and need == Need(
            number=self.part_number,
            units=self.quantity_units,
            plate=self.plate,
            wanted_by=self.wanted_by,
            wanted_on=self.wanted_on,
            work_order_id=self.work_order_id,
            order_number=self.order_number,
        )

    def want(self, need: Need, *, at: datetime) -> None:
        """So much is short now, by then; one that was closed is raised again."""
        again = self.state != "open"
        if again:
            self.state, self.raised_at, self.closed_at = "open", at, None
            self.expected_on = self.purchase_order_id = None
        self._take(need)
        self._tell(SpecialOrderRaised if again else SpecialOrderChanged)

    def settle(self, *, at: datetime) -> None:
        """Everything is there and set aside."""
        self.state, self.closed_at = "settled", at
        self._tell(SpecialOrderSettled)

    def withdraw(self, *, at: datetime) -> None:
        """Nobody wants it for the car any more."""
        self.state, self.closed_at = "withdrawn", at
        self._tell(SpecialOrderWithdrawn)

    def require_open(self) -> None:
        """Raises Refused("special_order_closed") unless it is waited for."""
        if self.state != self.OPEN:
            raise Refused("special_order_closed", state=self.state)

    @property
    def waits_as(self) -> dict[str, str | None]:
        """Whose reservation waits for it."""
        return {"work_order_id": self.work_order_id} if self.work_order_id else {"appointment_id": self.appointment_id}

    def tell_change(self) -> None:
        """Others learn when it is expected."""
        self._tell(SpecialOrderChanged)

    def facts(self) -> SpecialOrderFacts:
        """The special order as others need to know it."""
        return SpecialOrderFacts(
            special_order_id=self.id,
            state=self.state,
            appointment_id=self.appointment_id,
            work_order_id=self.work_order_id,
            customer_id=self.customer_id,
            asked_for=self.asked_for,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            wanted_by=self.wanted_by,
            wanted_on=self.wanted_on,
            expected_on=self.expected_on,
        )

    def describe(self) -> contract.SpecialOrder:
        """The special order as the list shows it."""
        return contract.SpecialOrder(
            id=self.id,
            version=self.version,
            state=self.state,
            appointment_id=self.appointment_id,
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
            closed_at=self.closed_at,
        )

    def _take(self, need: Need) -> None:
        self.part_number, self.quantity_units = need.number, need.units
        self.plate, self.wanted_by, self.wanted_on = need.plate, need.wanted_by, need.wanted_on
        self.work_order_id, self.order_number = need.work_order_id, need.order_number

    def _tell(self, kind: type[SpecialOrderEvent]) -> None:
        """The last word of a change is enough, but that it was raised is not lost."""
        raised = any(isinstance(one, SpecialOrderRaised) for one in self.announced)
        self.announced.clear()
        self.announce((SpecialOrderRaised if raised and kind is SpecialOrderChanged else kind)(special_order=self.facts()))


def orders_of(work: Work, appointment_id: str) -> dict[str, SpecialOrder]:
    """The special orders of an appointment, by the number that was asked for; to be changed. The caller has opened the stock."""
    found = select(SpecialOrder).where(SpecialOrder.appointment_id == appointment_id).order_by(SpecialOrder.id).with_for_update()
    return {one.asked_for: one for one in work.all(found)}


def open_orders(work: Work, appointment_ids: Iterable[str | None]) -> Mapping[tuple[str | None, str], SpecialOrder]:
    """What is on special order for these appointments, by theirs and the number that was asked for: by one statement, or none."""
    ids = sorted({one for one in appointment_ids if one is not None})
    found = select(SpecialOrder).where(SpecialOrder.appointment_id.in_(ids), SpecialOrder.state == "open")
    return {(one.appointment_id, one.asked_for): one for one in (work.all(found) if ids else ())}
