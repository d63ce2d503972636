"""What holds at the moment of a delivery, whatever held when the order was opened: names, plate, address, tax rate (Rule L1)."""

from typing import Any, NamedTuple

from sqlalchemy import select

from chassis import Work
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.tax import DEFAULT_RATE, rate_of
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.customer import KnownCustomer
from services.workshop.projections.tax_rate import rate_of_day
from services.workshop.projections.vehicle import KnownVehicle


class Moment(NamedTuple):
    """Customer and vehicle as crm has them now, and the tax rate of the local day, in thousandths of a percent."""

    customer: CustomerFacts
    vehicle: VehicleFacts
    tax_rate: int


def moment_of(work: Work, order: WorkOrder) -> Moment:
    """What holds now. It is read in one statement, because every delivery waits for it."""
    customer = select(KnownCustomer.facts).where(
        KnownCustomer.dealer_id == work.dealer, KnownCustomer.id == order.customer["customer_id"]
    )
    vehicle = select(KnownVehicle.facts).where(KnownVehicle.dealer_id == work.dealer, KnownVehicle.id == order.vehicle_id)
    rate = rate_of_day(work.dealer, work.profile.local(work.now).date())
    asked = (one.scalar_subquery() for one in (customer, vehicle, rate))
    with work.without_autoflush():  # the order is changed below, and written once
        customer_now, vehicle_now, percentage = tuple[Any, ...](work.execute(select(*asked))[0])
    return Moment(
        customer=CustomerFacts.load(customer_now or order.customer),
        vehicle=VehicleFacts.load(vehicle_now or order.vehicle),
        tax_rate=DEFAULT_RATE if percentage is None else rate_of(percentage),
    )
