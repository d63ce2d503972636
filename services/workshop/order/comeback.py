"""Finding comebacks: what was done on a car anywhere in the group, by its VIN, and how long it is warranted (Rules W2, W29)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Refused, Work, derived_id
from contracts.booking.events import AppointmentFacts
from contracts.shared import VehicleFacts
from contracts.workshop.comeback import EarlierRepair, WorkClass
from services.workshop.lane.settings import Warranties
from services.workshop.model import Base
from services.workshop.order.comeback_note import groups_of, noted
from services.workshop.order.found_comeback import FoundComeback
from services.workshop.order.line import OrderLine
from services.workshop.order.mileage import last_mileage
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import Operation

AWAITED = ("requested", "wait_listed", "confirmed", "arrived")
"""An appointment whose car comes or is here."""


OBSERVED: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("observation_id IS NOT NULL"))
EVERY_MILEAGE = 9_999_999


class DoneRepair(Base):
    """Work of one kind on one car that a delivery warrants. The group shares it: it knows no person, and no price.

    With an `observation_id` it is a fault that was left under observation (Rule W16), and knows the visit at which the car came
    back for it; what the fault is, only its dealer knows.
    """

    __tablename__ = "done_repair"
    __table_args__ = (
        Index("done_repair_car_ix", "vin", "operation_group", "warranted_until"),
        Index("done_repair_observed_ix", "observation_id", unique=True, **OBSERVED),
    )

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
    observation_id: Mapped[str | None] = mapped_column(IdType)
    came_back_at: Mapped[datetime | None]
    came_back_dealer: Mapped[str | None] = mapped_column(String(32))
    came_back_number: Mapped[str | None] = mapped_column(String(20))

    def describe(self) -> EarlierRepair:
        """The work as it is answered."""
        return EarlierRepair(
            operation_group=self.operation_group,
            dealer=self.dealer,
            order_number=self.order_number,
            delivered_at=self.delivered_at,
            warranted_until=self.warranted_until,
            warranted_mileage=self.warranted_mileage,
        )


def look_for(work: Work, order: WorkOrder, codes: Collection[str]) -> None:
    """Note on the order what of these operations comes back."""
    if codes:
        _look(work, order, _kinds_of(codes))


def look_for_groups(work: Work, order: WorkOrder, groups: Collection[str]) -> None:
    """Note on the order which of these kinds of work was done on the car, by any dealer, and is still warranted."""
    if groups:
        _look(work, order, sorted(groups))


def look_for_booked(work: Work, appointment: AppointmentFacts, visit_id: str | None) -> None:
    """Say what of the booked operations will be a comeback when the car comes."""
    if not appointment.operations or appointment.status not in AWAITED:
        return
    vehicle = appointment.vehicle
    back = _still_warranted(work, vehicle, _kinds_of(appointment.operations), at=appointment.starts_at)
    _remember(work, vehicle.plate, back, visit_id, appointment_id=appointment.appointment_id)


def _look(work: Work, order: WorkOrder, groups: Any) -> None:
    back = _still_warranted(work, order.vehicle_facts, groups, at=work.now, mileage=order.opening_mileage, but=order.id)
    order.comeback = noted(order.comeback, back)
    if back:
        came = DoneRepair.vin == order.vehicle["vin"], DoneRepair.operation_group.in_([one.operation_group for one in back])
        open_ = DoneRepair.observation_id.is_not(None), DoneRepair.came_back_at.is_(None), DoneRepair.work_order_id != order.id
        visit = {"came_back_at": work.now, "came_back_dealer": work.dealer, "came_back_number": order.number}
        work.execute(update(DoneRepair).where(*came, *open_).values(**visit))
    found_with = {"appointment_id": order.appointment_id, "work_order_id": order.id}
    _remember(work, order.vehicle["plate"], back, order.visit_id, **found_with)


def _kinds_of(codes: Collection[str]) -> Any:
    return select(Operation.operation_group).where(Operation.code.in_(sorted(codes)))


def _still_warranted(
    work: Work, vehicle: VehicleFacts, groups: Any, *, at: datetime, mileage: int | None = None, but: str | None = None
) -> list[EarlierRepair]:
    """The newest of each kind, without that order's own; where nobody read the odometer its last known reading counts."""
    of_car = DoneRepair.vin == vehicle.vin, DoneRepair.operation_group.in_(groups), DoneRepair.warranted_until >= at
    done = work.all(select(DoneRepair).where(*of_car).order_by(DoneRepair.delivered_at.desc(), DoneRepair.id))
    found = [one for one in done if one.work_order_id != but]
    if not found:
        return []
    driven = mileage or last_mileage(work, vehicle) or 0
    newest: dict[str, EarlierRepair] = {}
    for one in found:
        if one.warranted_mileage >= driven:
            newest.setdefault(one.operation_group, one.describe())
    return list(newest.values())


def _remember(work: Work, plate: str, back: Sequence[EarlierRepair], visit_id: str | None, **found_with: str | None) -> None:
    for repair in back:
        if work.find(FoundComeback, FoundComeback.identity(visit_id, repair.operation_group)) is None:
            work.add(FoundComeback.of(plate, repair, at=work.now, visit_id=visit_id, **found_with))


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


def classes_of(lines: Iterable[OrderLine]) -> set[WorkClass]:
    """Of which classes the work on the car is."""
    return {line.repair["work_class"] for line in lines if line.on_the_car and line.repair}


def look_out_for(work: Work, order: WorkOrder, observation_id: str, operation_group: str, until: datetime) -> None:
    """The car's next visit for this kind of work is a comeback until then, whatever it was driven (Rule W16)."""
    row = {
        "id": derived_id("observed", observation_id),
        "vin": order.vehicle["vin"],
        "operation_group": operation_group,
        "work_class": "minor",
        "dealer": work.dealer,
        "work_order_id": order.id,
        "revision": order.revision,
        "order_number": order.number,
        "delivered_at": work.now,
        "warranted_until": until,
        "warranted_mileage": EVERY_MILEAGE,
        "observation_id": observation_id,
    }
    work.insert_new(DoneRepair, row)


def forget_observed(work: Work, observation_id: str) -> None:
    """A visit is no comeback of it any more; at which one the car came back stays known."""
    of_it = DoneRepair.observation_id == observation_id
    work.execute(delete(DoneRepair).where(of_it, DoneRepair.came_back_at.is_(None)))
    work.execute(update(DoneRepair).where(of_it).values(warranted_until=work.now - timedelta.resolution))
