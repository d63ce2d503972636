"""Finding comebacks: what was done on a car anywhere in the group, by its VIN, and how long it is warranted (Rules W2, W29)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Refused, Work, derived_id
from contracts.workshop.comeback import EarlierRepair, WorkClass
from services.workshop.lane.settings import Warranties
from services.workshop.model import Base
from services.workshop.order.comeback_note import groups_of, noted
from services.workshop.order.line import OrderLine
from services.workshop.order.mileage import last_mileage
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import Operation


class DoneRepair(Base):
    """Work of one kind on one car that a delivery warrants. The group shares it: it knows no person, and no price."""

    __tablename__ = "done_repair"
    __table_args__ = (Index("done_repair_car_ix", "vin", "operation_group", "warranted_until"),)

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    vin: Mapped[str] = mapped_column(String(17))
    operation_group: Mapped[str] = mapped_column(String(40))
    work_class: Mapped[WorkClass] = mapped_column(String(12))
    dealer: Mapped[str] = mapped_column(String(32))
    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    order_number: Mapped[str] = mapped_column(String(20))
    delivered_at: Mapped[datetime]
    warranted_until: Mapped[datetime]
    warranted_mileage: Mapped[int]


def look_for(work: Work, order: WorkOrder, codes: Collection[str]) -> None:
    """Note on the order what of these operations comes back."""
    if codes:
        groups = work.all(
            select(Operation.operation_group).where(Operation.code.in_(codes), Operation.operation_group.is_not(None))
        )
        look_for_groups(work, order, {group for group in groups if group is not None})


def look_for_groups(work: Work, order: WorkOrder, groups: Collection[str]) -> None:
    """Note on the order which of these kinds of work was done on the car, by any dealer, and is still warranted."""
    if not groups:
        return
    mileage = order.opening_mileage or last_mileage(work, order.vehicle_id) or 0
    found = work.all(
        select(DoneRepair)
        .where(
            DoneRepair.vin == order.vehicle["vin"],
            DoneRepair.operation_group.in_(sorted(groups)),
            DoneRepair.warranted_until >= work.now,
            DoneRepair.warranted_mileage >= mileage,
            DoneRepair.work_order_id != order.id,
        )
        .order_by(DoneRepair.delivered_at.desc(), DoneRepair.id)
    )
    newest: dict[str, EarlierRepair] = {}
    for one in found:
        newest.setdefault(
            one.operation_group,
            EarlierRepair(
                operation_group=one.operation_group,
                dealer=one.dealer,
                order_number=one.order_number,
                delivered_at=one.delivered_at,
                warranted_until=one.warranted_until,
                warranted_mileage=one.warranted_mileage,
            ),
        )
    order.comeback = noted(order.comeback, list(newest.values()))


def require_internal(order: WorkOrder, line: OrderLine) -> None:
    """What comes back is paid by the house, unless that is overruled."""
    back = line.repair is not None and line.repair["group"] in groups_of(order.comeback)
    if back and any(share["payer"] != "internal" for share in line.payers):
        raise Refused("comeback_is_internal", operation_code=line.operation_code)


def warrant(work: Work, order: WorkOrder, warranties: Warranties) -> None:
    """The delivered work is warranted from now on, each kind of it by its longest class; nothing to do where none has a group."""
    kinds = [(line.repair["group"], line.repair) for line in order.on_the_car if line.repair and line.repair["group"]]
    if not kinds:
        return
    assert order.delivered_at is not None
    assert order.mileage is not None
    rows: dict[str, dict[str, object]] = {}
    for group, kind in sorted(kinds, key=lambda one: warranties[one[1]["work_class"]]):
        days, km = warranties[kind["work_class"]]
        rows[group] = {
            "id": derived_id("done_repair", order.id, order.revision, group),
            "vin": order.vehicle["vin"],
            "operation_group": group,
            "work_class": kind["work_class"],
            "dealer": work.dealer,
            "work_order_id": order.id,
            "revision": order.revision,
            "order_number": order.number,
            "delivered_at": order.delivered_at,
            "warranted_until": order.delivered_at + timedelta(days=days),
            "warranted_mileage": order.mileage + km,
        }
    work.insert_new(DoneRepair, *sorted(rows.values(), key=lambda row: str(row["id"])))


def unwarrant(work: Work, order: WorkOrder, revision: int) -> None:
    """The delivery did not happen: nothing was done in it."""
    work.execute(delete(DoneRepair).where(DoneRepair.work_order_id == order.id, DoneRepair.revision == revision))
