"""A workshop with electric cars: high-voltage work, who is certified for it, a gauge for volts, and the steps of an isolation."""

from datetime import date
from typing import Any

from chassis.wire.values import Hours, Quantity
from contracts.workshop import equipment, isolation
from contracts.workshop.certificate import IssueCertificate
from contracts.workshop.isolation import Isolation
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import OperationEntry, PublishOperations
from tests.services.workshop.shop import Shop, labour

TODAY = date(2026, 3, 2)
NEXT_YEAR = date(2027, 3, 1)


def electric_shop(shop: Shop) -> Shop:
    """HV-BAT is high-voltage work; zhang, chen and qin are certified for it; V-1 measures volts."""
    battery: dict[str, Any] = {
        "operation_code": "HV-BAT",
        "name_zh": "动力电池检修",
        "name_en": "Traction battery",
        "hours": Hours.of("2.00"),
    }
    shop.desk.do(PublishOperations(operations=[OperationEntry(**battery, high_voltage=True)]), dealer=None)
    shop.desk.employ("qin", "quality_inspector")
    shop.desk.employ("wu", "technician")
    for login in ("zhang", "chen", "qin"):
        certify(shop, login)
    shop.desk.do(equipment.RegisterEquipment(code="V-1", kind="gauge", name="Multimeter", units=["V"], due_on=NEXT_YEAR))
    return shop


def certify(shop: Shop, login: str, number: str | None = None) -> None:
    days: dict[str, Any] = {"issued_on": TODAY, "expires_on": NEXT_YEAR}
    shop.desk.do(IssueCertificate(holder=login, skill="HIGH_VOLTAGE", certificate_number=number, **days))


def a_battery_job(shop: Shop) -> WorkOrder:
    return shop.dispatched(shop.approved(labour=[labour("HV-BAT"), labour()]))


def works_on(shop: Shop, order: WorkOrder) -> None:
    """Its two lines are done, by zhang."""
    for number in (1, 2):
        shop.clock_on(order, number)
        shop.desk.pass_time(minutes=20)
        shop.clock_off(order, number)


def lock(shop: Shop, order: WorkOrder, by: str = "zhang", number: str = "L-7") -> Isolation:
    return shop.desk.do(isolation.LockOff(work_order_id=order.id, lock_number=number), actor=by)


def measure(shop: Shop, one: Isolation, by: str = "zhang", **more: Any) -> Isolation:
    found = {"volts_dc": Quantity.of("0.4"), "volts_ac": Quantity.of("0.1"), "gauge": "v1", **more}
    return shop.desk.do(isolation.MeasureIsolation(work_order_id=one.work_order_id, isolation_id=one.id, **found), actor=by)


def step(shop: Shop, kind: Any, one: Isolation, by: str, **more: Any) -> Isolation:
    return shop.desk.do(kind(work_order_id=one.work_order_id, isolation_id=one.id, **more), actor=by)


def isolated(shop: Shop, order: WorkOrder, second: str = "chen") -> Isolation:
    one = lock(shop, order)
    shop.desk.pass_time(minutes=10)
    measure(shop, one)
    return step(shop, isolation.ConfirmIsolation, one, second)


def live(shop: Shop, one: Isolation, first: str = "chen", second: str = "zhang") -> Isolation:
    step(shop, isolation.Energise, one, first)
    return step(shop, isolation.ConfirmEnergising, one, second)
