"""Declined work (未同意项目) comes back at the car's next booking and order, at any dealer, until done or dismissed (Rule W8).

So does what the team leader recommended (维修建议, Rule W27).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, NotFound, Quantity, Work, derived_id
from contracts.shared import LineKind
from contracts.workshop import declined_work as contract
from contracts.workshop.damage import Panel
from contracts.workshop.declined_work import Origin
from services.workshop.model import Base
from services.workshop.order.comeback_note import painted
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.vehicle import KnownVehicle

OPEN: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("done_in IS NULL AND dismissed_at IS NULL"))
MOST = 50
"""So many are shown for a car, the newest."""


class DeclinedWork(Base):
    """Work that was declined on one car. The group shares it: it knows no person, and no price.

    `done_in` is the order in which it was done after all.
    """

    __tablename__ = "declined_work"
    __table_args__ = (
        Index("declined_work_car_ix", "vin", "work_key", **OPEN),
        Index("declined_work_order_ix", "work_order_id"),
        Index("declined_work_done_ix", "done_in"),
    )

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    vin: Mapped[str] = mapped_column(String(17))
    work_key: Mapped[str] = mapped_column(String(220))
    kind: Mapped[LineKind] = mapped_column(String(11))
    description: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str | None] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(120))
    operation_code: Mapped[str | None] = mapped_column(String(40))
    part_number: Mapped[str | None] = mapped_column(String(40))
    quantity_units: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300))
    origin: Mapped[Origin] = mapped_column(String(11))
    panel: Mapped[Panel | None] = mapped_column(String(20))
    area_dm2: Mapped[int | None]
    safety: Mapped[bool]
    dealer: Mapped[str] = mapped_column(String(32))
    work_order_id: Mapped[str] = mapped_column(IdType)
    order_number: Mapped[str] = mapped_column(String(20))
    declined_at: Mapped[datetime]
    done_in: Mapped[str | None] = mapped_column(IdType)
    dismissed_at: Mapped[datetime | None]
    dismissed_because: Mapped[str | None] = mapped_column(String(300))

    @property
    def quantity(self) -> Quantity | None:
        """How much of a part it was."""
        return None if self.quantity_units is None else Quantity(self.quantity_units)

    def describe(self, *, own: bool) -> contract.DeclinedBefore:
        """The work as it is proposed again; `own`: to the dealer whose customer declined it."""
        has_a_code = self.operation_code is not None or self.part_number is not None
        return contract.DeclinedBefore(
            id=self.id,
            kind=self.kind,
            description=self.description if own or not has_a_code else None,
            name_zh=self.name_zh,
            name_en=self.name_en,
            operation_code=self.operation_code,
            part_number=self.part_number,
            quantity=self.quantity,
            reason=self.reason,
            origin=self.origin,
            panel=self.panel,
            area_dm2=self.area_dm2,
            safety=self.safety,
            dealer=self.dealer,
            order_number=self.order_number,
            declined_at=self.declined_at,
        )


IS_OPEN = DeclinedWork.done_in.is_(None), DeclinedWork.dismissed_at.is_(None)
DECLINED_BEFORE: Any = select(func.count()).select_from(DeclinedWork).where(DeclinedWork.vin == bindparam("vin"), *IS_OPEN)
"""How much of a car waits to be proposed again; for whoever asks other things in the same statement."""


def key_of(line: OrderLine) -> str:
    """The same operation, part or outside work is the same work, whichever line, order or dealer."""
    kind, what = line.work
    return f"{kind.value} {what}"


def open_of(work: Work, vin: str) -> list[DeclinedWork]:
    """What was declined on the car and neither done nor dismissed since, each once, the newest first."""
    found = select(DeclinedWork).where(DeclinedWork.vin == vin, *IS_OPEN)
    newest: dict[str, DeclinedWork] = {}
    for one in work.all(found.order_by(DeclinedWork.declined_at.desc(), DeclinedWork.id)):
        newest.setdefault(one.work_key, one)
    return list(newest.values())[:MOST]


def keep_declined(work: Work, order: WorkOrder, at: datetime, *, before: bool = False) -> None:
    """The order has ended, or its car is delivered: what was declined on it comes back; what was done of earlier does no more.

    `before`: there is something earlier.
    """
    rows = {
        key_of(line): {
            **_of(order, line.id, at),
            "work_key": key_of(line),
            "kind": line.kind.value,
            "description": line.description,
            "name_zh": line.name_zh,
            "name_en": line.name_en,
            "operation_code": line.operation_code,
            "part_number": line.part_number,
            "quantity_units": line.quantity_units,
            "reason": line.declined_reason,
            "origin": "declined",
            "panel": painted(line.repair)["panel"],
            "area_dm2": painted(line.repair)["area_dm2"],
            "safety": line.safety,
        }
        for line in order.declined
    }
    done = sorted({key_of(line) for line in order.on_the_car})
    for number, one in enumerate(order.recommendations):
        if (key := recommended_key(one)) not in done:
            rows.setdefault(key, _recommended(order, one, number, at))
    if rows:
        work.insert_new(DeclinedWork, *sorted(rows.values(), key=lambda row: str(row["id"])))
    if before and done:
        of_car = DeclinedWork.vin == order.vehicle["vin"], DeclinedWork.work_key.in_(done), *IS_OPEN
        work.execute(update(DeclinedWork).where(*of_car).values(done_in=order.id))


def recommended_key(said: dict[str, Any]) -> str:
    """Of an operation it is that work; in words alone it is what the words say."""
    return f"{Kind.LABOUR.value} {said['operation_code'] or said['description'].casefold()}"


def _recommended(order: WorkOrder, said: dict[str, Any], number: int, at: datetime) -> dict[str, Any]:
    """What was recommended comes back like what was declined (Rule W27)."""
    return {
        **_of(order, f"recommended {number}", at),
        "work_key": recommended_key(said),
        "kind": Kind.LABOUR.value,
        "description": said["description"],
        "name_zh": None,
        "name_en": None,
        "operation_code": said["operation_code"],
        "part_number": None,
        "quantity_units": None,
        "reason": said["reason"],
        "origin": "recommended",
        "panel": None,
        "area_dm2": None,
        "safety": said["safety"],
    }


def _of(order: WorkOrder, what: str, at: datetime) -> dict[str, Any]:
    """Which car's, and which order's."""
    return {
        "id": derived_id("declined_work", order.id, what),
        "vin": order.vehicle["vin"],
        "dealer": order.dealer_id,
        "work_order_id": order.id,
        "order_number": order.number,
        "declined_at": at,
    }


def take_back(work: Work, order: WorkOrder) -> None:
    """The delivery did not happen: nothing was declined in it, and nothing done. What was dismissed, or done elsewhere, since
    stays so."""
    work.execute(update(DeclinedWork).where(DeclinedWork.done_in == order.id).values(done_in=None))
    work.execute(delete(DeclinedWork).where(DeclinedWork.work_order_id == order.id, *IS_OPEN))


def chosen_of(work: Work, order: WorkOrder, ids: Sequence[str]) -> list[DeclinedWork]:
    """What is to be proposed on the order; what is on it already is left out. Raises NotFound as `named_of` does."""
    on_order = {key_of(line) for line in order.lines if line.undecided or line.approved}
    return [one for one in named_of(open_of(work, order.vehicle["vin"]), ids) if one.work_key not in on_order]


def named_of(known: Sequence[DeclinedWork], ids: Sequence[str]) -> list[DeclinedWork]:
    """Those of them with these ids, each once. Raises NotFound for one that is not among them."""
    by_id = {one.id: one for one in known}
    for each in ids:
        if each not in by_id:
            raise NotFound("not_found", kind="declined_work", id=each)
    return [by_id[each] for each in dict.fromkeys(ids)]


def vin_of(work: Work, vehicle_id: str) -> str:
    """The car that a file of this dealer is about. Raises NotFound for a file that this dealer has not."""
    return work.get(KnownVehicle, vehicle_id).vehicle.vin


def shown(work: Work, vin: str) -> contract.DeclinedBeforeOfCar:
    """What is proposed again for the car."""
    return contract.DeclinedBeforeOfCar(items=[one.describe(own=one.dealer == work.dealer) for one in open_of(work, vin)])
