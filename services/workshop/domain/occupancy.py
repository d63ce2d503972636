"""One car in a bay, one line under a technician's hands: the database decides who was first (Rule W9)."""

from typing import Literal

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, IdType, Refused, Work, belongs_to
from chassis.store.sql import insert_new
from services.workshop.domain.model import Base, table_of
from services.workshop.domain.orders import WorkOrder

Resource = Literal["bay", "technician"]


class Occupancy(DealerOwned, Base):
    """A bay or a technician, and the order that has it now; no row: free."""

    __tablename__ = "occupancy"
    __table_args__ = (belongs_to("work_order", "work_order_id"),)

    resource: Mapped[Resource] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    work_order_id: Mapped[str] = mapped_column(IdType)


def occupy(work: Work, resource: Resource, name: str, order: WorkOrder) -> None:
    """Take the bay or technician. Raises Refused naming the order that has it; of two at once, one waits and is refused."""
    table = table_of(Occupancy)
    row = {"dealer_id": work.dealer, "resource": resource, "name": name, "work_order_id": order.id}
    if work.session.execute(insert_new(work.session, table, table.c.name), row).first() is not None:
        return
    holder = work.get(WorkOrder, work.get(Occupancy, resource, name).work_order_id)
    if resource == "technician" or holder is not order:
        raise Refused("bay_occupied" if resource == "bay" else "technician_clocked_on", name=name, work_order=holder.number)


def free(work: Work, resource: Resource, name: str, order: WorkOrder) -> None:
    """Give the bay or technician back; what another order has stays with it."""
    table = table_of(Occupancy)
    work.session.execute(
        delete(table).where(
            table.c.dealer_id == work.dealer,
            table.c.resource == resource,
            table.c.name == name,
            table.c.work_order_id == order.id,
        )
    )
