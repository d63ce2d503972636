"""Work orders, as workshop announced them: whose car they are of, and how it ended."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, NotYetKnown, Projection, Refused, Work
from contracts.shared import PLATE
from services.booking.model import Base
from services.booking.projections.vehicle import KnownVehicle


class KnownOrder(Projection, Base):
    """An order of workshop's, as it was opened."""

    __tablename__ = "known_order"

    customer_id: Mapped[str] = mapped_column(IdType)
    vehicle_id: Mapped[str] = mapped_column(IdType)
    plate_key: Mapped[str] = mapped_column(String(16))


class EndedOrder(Projection, Base):
    """An order of workshop's that is void or closed; that may be heard before it was opened."""

    __tablename__ = "ended_order"

    void: Mapped[bool]


def require_order_of_customer(work: Work, work_order_id: str, customer_id: str) -> None:
    """It is this customer's, and neither void nor closed. Raises NotYetKnown until it is heard of, or Refused."""
    order = _known(work, work_order_id)
    if order.customer_id != customer_id:
        raise Refused("order_of_another_customer", field="work_order_id")
    _require_not_over(work, work_order_id)


def require_order_of_plate(work: Work, work_order_id: str, plate: str) -> None:
    """It is this car's, by the plate it had or has, and not void. Raises NotYetKnown until it is heard of, or Refused."""
    order = _known(work, work_order_id)
    car = work.find(KnownVehicle, order.vehicle_id)
    if PLATE.key(plate) not in (order.plate_key, car and PLATE.key(car.plate)):
        raise Refused("rescue_of_another_car", field="work_order_id", plate=plate)
    _require_not_over(work, work_order_id, may_be_closed=True)


def _known(work: Work, work_order_id: str) -> KnownOrder:
    order = work.find(KnownOrder, work_order_id)
    if order is None:
        raise NotYetKnown.reference("work_order_id", work_order_id)
    return order


def _require_not_over(work: Work, work_order_id: str, *, may_be_closed: bool = False) -> None:
    end = work.find(EndedOrder, work_order_id)
    if end is not None and (end.void or not may_be_closed):
        raise Refused("order_over", field="work_order_id")
