"""What crm can be asked."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Id, Query, text, whole
from contracts.crm import answers
from contracts.crm.answers import FollowUpState
from contracts.shared import at_most

Limit = Annotated[int, whole(1, 200)]


class GetCustomer(Query, service="crm", answer=answers.Customer):
    """One customer."""

    customer_id: Id


class ListCustomers(Query, service="crm", answer=answers.Customers):
    """Customers whose name, phone or a vehicle's plate begins with what is given; all criteria hold."""

    name: Annotated[str, text(120)] | None = None
    phone: Annotated[str, text(30)] | None = None
    plate: Annotated[str, text(16)] | None = None
    cursor: Annotated[str, text(500)] | None = None
    limit: Limit = 50


class GetVehicle(Query, service="crm", answer=answers.VehicleFile):
    """One vehicle with its history."""

    vehicle_id: Id


class FindVehicle(Query, service="crm", answer=answers.Vehicles):
    """The vehicles with exactly this VIN or plate; one of them must be given."""

    vin: Annotated[str, text(20)] | None = None
    plate: Annotated[str, text(16)] | None = None


class GetFollowUp(Query, service="crm", answer=answers.FollowUp):
    """One follow-up."""

    follow_up_id: Id


class ListFollowUps(Query, service="crm", answer=answers.FollowUps):
    """Follow-ups in a state, or due before a time."""

    state: FollowUpState | None = None
    due_before: datetime | None = None
    cursor: Annotated[str, text(500)] | None = None
    limit: Limit = 50


class FindDeliveryFollowUps(Query, service="crm", answer=answers.DeliveryFollowUps):
    """Which deliveries of some work orders are followed up; for the gateway's reconciliation."""

    work_order_ids: list[Id] = at_most(200)


class GetCrmSettings(Query, service="crm", answer=answers.CrmSettings):
    """The dealer's settings of crm."""
