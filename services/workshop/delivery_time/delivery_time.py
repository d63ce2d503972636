"""When the customer comes for the car (交车预约, Rule W13, docs/domain.md): one standing appointment of an order."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, IdType, belongs_to
from contracts.workshop import delivery_time as contract
from contracts.workshop.delivery_time import DeliveryState, PlannedDelivery
from contracts.workshop.delivery_time_events import DeliveryBooked, DeliveryCancelled, DeliveryMoved
from services.workshop.delivery_time.settings import Slot
from services.workshop.model import Base
from services.workshop.order.promised import delivery_overtaken
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder

STANDS: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("state = 'booked'"))


class DeliveryTime(Aggregate, Base):
    """booked -> kept by the delivery, or cancelled with a reason. The order has the time of its standing one, too."""

    __tablename__ = "delivery_time"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        Index("delivery_time_of_order_key", "dealer_id", "work_order_id", unique=True, **STANDS),
        Index("delivery_time_day_ix", "dealer_id", "starts_at", "id"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(300))
    booked_by: Mapped[str] = mapped_column(String(64))
    booked_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(300))
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    @classmethod
    def standing(cls, work_order_id: str) -> Select["DeliveryTime"]:
        """The one that the order has, if any."""
        return select(cls).where(cls.work_order_id == work_order_id, cls.state == "booked")

    @classmethod
    def book(cls, order: WorkOrder, slot: Slot, note: str | None, *, by: str, at: datetime) -> "DeliveryTime":
        """The customer comes at that time."""
        order.require(Transition.BOOK_DELIVERY)
        booked = cls(
            work_order_id=order.id,
            visit_id=order.visit_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            state="booked",
            note=note,
            booked_by=by,
            booked_at=at,
            order=order,
        )
        order.delivery_at = slot.starts_at
        booked.announce(DeliveryBooked(**booked._facts(), booked_by=by))
        return booked

    def move(self, slot: Slot, reason: str) -> None:
        """They come at another time."""
        self.order.require(Transition.BOOK_DELIVERY)
        before, self.starts_at, self.ends_at = self.starts_at, slot.starts_at, slot.ends_at
        self.order.delivery_at = slot.starts_at
        self.announce(DeliveryMoved(**self._facts(), previous_starts_at=before, reason=reason))

    def cancel(self, reason: str, *, by: str, at: datetime) -> None:
        """It is off, and nothing is agreed any more."""
        self._end("cancelled", by=by, at=at)
        self.ended_because = reason
        self.announce(DeliveryCancelled(**self._facts(), reason=reason))

    def keep(self, *, by: str, at: datetime) -> None:
        """The car was handed over. Whatever becomes of that delivery, this appointment is over (Rule W15)."""
        self._end("kept", by=by, at=at)

    def planned(self) -> dict[str, Any]:
        """What a day shows of it, by the names of `PlannedDelivery`."""
        return {
            "id": self.id,
            "work_order_id": self.work_order_id,
            "order_number": self.order.number,
            "order_status": self.order.status.value,
            "plate": self.order.vehicle["plate"],
            "customer_name": self.order.customer["name"],
            "phone": self.order.customer["phone"],
            "advisor": self.order.advisor,
            "promised_at": self.order.promised_at,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "delivery_state": self.state,
            "overtaken": self.state == "booked" and delivery_overtaken(self.order),
            "note": self.note,
        }

    def in_day(self) -> PlannedDelivery:
        """The appointment as a day shows it."""
        return PlannedDelivery(**self.planned())

    def describe(self) -> contract.DeliveryAppointment:
        """The appointment as it is answered."""
        assert self.version is not None
        return contract.DeliveryAppointment(
            **self.planned(),
            version=self.version,
            booked_by=self.booked_by,
            booked_at=self.booked_at,
            ended_by=self.ended_by,
            ended_at=self.ended_at,
            ended_because=self.ended_because,
        )

    def _end(self, state: DeliveryState, *, by: str, at: datetime) -> None:
        self.state, self.ended_by, self.ended_at = state, by, at
        self.order.delivery_at = None

    def _facts(self) -> dict[str, Any]:
        return {
            "work_order_id": self.work_order_id,
            "delivery_time_id": self.id,
            "customer": self.order.customer_facts,
            "plate": self.order.vehicle["plate"],
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }
