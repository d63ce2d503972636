"""What holds at the moment of a delivery, whatever held when the order was opened: names, plate, address, tax rate (Rule L1)."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from chassis import DEALER, Work
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.tax import DEFAULT_RATE, rate_of
from services.workshop.delivery_time.settings import DeliverySettings, PeakRules
from services.workshop.lane.settings import ReceptionSettings, Warranties, warranted
from services.workshop.order.declined_work import DECLINED_BEFORE
from services.workshop.order.mileage import LAST_MILEAGE
from services.workshop.order.promised import MISSED_UNEXPLAINED
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.customer import KnownCustomer
from services.workshop.projections.tax_rate import RATE_OF_DAY
from services.workshop.projections.vehicle import KnownVehicle


class Moment(NamedTuple):
    """Customer and vehicle as crm has them now, the tax rate of the local day, in thousandths of a percent, and the car's last
    known mileage; for how long the work is warranted, whether anything was declined on the car before, the dealer's peaks, and
    whether nobody has said why the order's promise was missed."""

    customer: CustomerFacts
    vehicle: VehicleFacts
    tax_rate: int
    last_mileage: int | None
    warranties: Warranties
    declined_before: bool
    peaks: PeakRules | None
    unexplained: bool


_CUSTOMER = select(KnownCustomer.facts).where(KnownCustomer.dealer_id == DEALER, KnownCustomer.id == bindparam("customer_id"))
_VEHICLE = select(KnownVehicle.facts).where(KnownVehicle.dealer_id == DEALER, KnownVehicle.id == bindparam("vehicle_id"))
_WARRANTIES = select(ReceptionSettings.warranties).where(ReceptionSettings.dealer_id == DEALER)
_PEAKS = select(DeliverySettings.peaks).where(DeliverySettings.dealer_id == DEALER)
_ASKED = (_CUSTOMER, _VEHICLE, RATE_OF_DAY, LAST_MILEAGE, _WARRANTIES, DECLINED_BEFORE, _PEAKS, MISSED_UNEXPLAINED)
# One statement, because every delivery waits for it.
_MOMENT: Any = select(*(one.scalar_subquery() for one in _ASKED))


def moment_of(work: Work, order: WorkOrder) -> Moment:
    """What holds now."""
    today = work.profile.local(work.now).date()
    asked = {"customer_id": order.customer_id, "vehicle_id": order.vehicle_id, "day": today, "vin": order.vehicle["vin"]}
    asked["work_order_id"] = order.id
    answered = tuple[Any, ...](work.ask(_MOMENT, **asked)[0])
    customer, vehicle, percentage, mileage, warranties, declined, peaks, unexplained = answered
    return Moment(
        customer=CustomerFacts.load(customer or order.customer),
        vehicle=VehicleFacts.load(vehicle or order.vehicle),
        tax_rate=DEFAULT_RATE if percentage is None else rate_of(percentage),
        last_mileage=mileage,
        warranties=warranted(warranties),
        declined_before=bool(declined),
        peaks=peaks,
        unexplained=unexplained is not None,
    )
