"""A car's history (维修履历, Rule W22): what was delivered on it at any dealer, by its VIN; no person, no words, no price."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update

from chassis import Invalid, Work, page
from contracts.shared import PLATE
from contracts.workshop import vehicle_history as contract
from contracts.workshop.vehicle_history import ListVehicleHistory, Since, WorkDone, WorkLeft
from services.workshop.order.comeback import DoneRepair, classes_of
from services.workshop.order.comeback_note import painted
from services.workshop.order.declined_work import DeclinedWork, vin_of
from services.workshop.order.delivered_visit import DeliveredVisit
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.vehicle import KnownVehicle

MOST_CARS = 5
"""So many cars one plate stands for: more have it by mistake."""


def keep_visit(work: Work, order: WorkOrder) -> None:
    """The car was delivered: whoever it comes to next knows what was done."""
    row = {
        "id": DeliveredVisit.identity(order.id, order.revision),
        "vin": order.vehicle["vin"],
        "dealer": work.dealer,
        "work_order_id": order.id,
        "revision": order.revision,
        "order_number": order.number,
        "delivered_at": order.delivered_at,
        "mileage": order.mileage,
        "work_classes": sorted(classes_of(order.lines)),
        "done": [_done(line).dump() for line in order.on_the_car if line.kind is not Kind.CORE_CHARGE],
    }
    work.insert_new(DeliveredVisit, row)


def forget_visit(work: Work, order: WorkOrder, revision: int) -> None:
    """The delivery did not happen."""
    work.execute(delete(DeliveredVisit).where(DeliveredVisit.id == DeliveredVisit.identity(order.id, revision)))


def correct_vin(work: Work, order: WorkOrder, was: str) -> None:
    """The car of a delivered order has another VIN than its file said: what the group knows of that delivery is of this one."""
    vin = {"vin": order.vehicle["vin"]}
    visit = DeliveredVisit.identity(order.id, order.revision)
    work.execute(update(DeliveredVisit).where(DeliveredVisit.id == visit).values(**vin))
    work.execute(update(DoneRepair).where(DoneRepair.vin == was, DoneRepair.work_order_id == order.id).values(**vin))
    work.execute(update(DeclinedWork).where(DeclinedWork.work_order_id == order.id).values(**vin))


def history(work: Work, query: ListVehicleHistory) -> contract.VehicleHistory:
    """By its VIN. Raises Invalid unless exactly one thing says which car; NotFound for a file that this dealer has not."""
    if sum(said is not None for said in (query.vehicle_id, query.vin, query.plate)) != 1:
        raise Invalid.field("vin", "needs_one_car")
    vins = _meant(work, query)
    found = select(DeliveredVisit).where(DeliveredVisit.vin.in_(vins))
    rows, cursor = page(work, found, query, keys=[DeliveredVisit.delivered_at, DeliveredVisit.id])
    left = _left(work, rows)
    items = [one.describe(left[one.work_order_id], own=one.dealer == work.dealer) for one in rows]
    return contract.VehicleHistory(vins=vins, items=items, next_cursor=cursor)


def _meant(work: Work, query: ListVehicleHistory) -> list[str]:
    if query.vehicle_id is not None:
        return [vin_of(work, query.vehicle_id)]
    if query.plate is None:
        return [] if query.vin is None else [query.vin]
    key = PLATE.key(query.plate)
    files = work.all(select(KnownVehicle).where(KnownVehicle.plate_key == key).order_by(KnownVehicle.id).limit(MOST_CARS))
    if files:
        return _each(one.vehicle.vin for one in files)
    newest = select(WorkOrder).where(WorkOrder.plate_key == key).order_by(WorkOrder.id.desc()).limit(MOST_CARS)
    return _each(one.vehicle["vin"] for one in work.all(newest))


def _each(vins: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(vins))


def _left(work: Work, visits: Sequence[DeliveredVisit]) -> dict[str, list[WorkLeft]]:
    """What was declined or recommended at these visits, by order; what somebody typed is only read where they typed it."""
    found: dict[str, list[WorkLeft]] = defaultdict(list)
    of_them = DeclinedWork.work_order_id.in_([one.work_order_id for one in visits])
    for one in work.all(select(DeclinedWork).where(of_them).order_by(DeclinedWork.id)) if visits else ():
        found[one.work_order_id].append(
            WorkLeft(
                kind=one.kind,
                origin=one.origin,
                since=_since(one),
                operation_code=one.operation_code,
                part_number=one.part_number,
                name_zh=one.name_zh,
                name_en=one.name_en,
                description=one.description if one.dealer == work.dealer else None,
                quantity=one.quantity,
                panel=one.panel,
                safety=one.safety,
            )
        )
    return found


def _since(one: DeclinedWork) -> Since:
    if one.done_in is not None:
        return "done"
    return "open" if one.dismissed_at is None else "dismissed"


def _done(line: OrderLine) -> WorkDone:
    return WorkDone(
        kind=line.kind.value,
        operation_code=line.operation_code,
        part_number=line.part_number,
        name_zh=line.name_zh,
        name_en=line.name_en,
        quantity=line.installed,
        panel=painted(line.repair)["panel"],
    )
