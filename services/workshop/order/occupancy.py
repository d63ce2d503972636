"""One car in a bay, one line under a technician's hands: the database decides who was first (Rule W9)."""

from typing import Literal

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, IdType, Refused, Work, belongs_to
from contracts.shared import BAY
from services.workshop.model import Base
from services.workshop.order.work_order import WorkOrder

Resource = Literal["bay", "technician"]


class Occupancy(DealerOwned, Base):
    """A bay or a technician, and the order that has it now; no row: free."""

    __tablename__ = "occupancy"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    resource: Mapped[Resource] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    work_order_id: Mapped[str] = mapped_column(IdType)


def occupy(work: Work, resource: Resource, name: str, order: WorkOrder) -> None:
    """Take the bay or technician. Raises Refused naming the order that has it; of two at once, one waits and is refused.

    The order was locked before: all who want both take the order first.
    """
    if work.insert_new(Occupancy, {"resource": resource, "name": name, "work_order_id": order.id}):
        return
    holder = work.get(WorkOrder, work.get(Occupancy, resource, name).work_order_id)
    if resource == "technician":
        raise Refused("technician_clocked_on", name=name, work_order=holder.number)
    if holder is not order:
        raise Refused("bay_occupied", name=order.bay, work_order=holder.number)


def free(work: Work, resource: Resource, name: str, order: WorkOrder) -> None:
    """Give the bay or technician back; what another order has stays with it."""
    work.execute(
        delete(Occupancy).where(
            Occupancy.dealer_id == work.dealer,
            Occupancy.resource == resource,
            Occupancy.name == name,
            Occupancy.work_order_id == order.id,
        )
    )


def bay_of(order: WorkOrder) -> str:
    """The bay the order was sent to, however it is written."""
    assert order.bay is not None, "only a dispatched order is worked on"
    return BAY.key(order.bay)
