"""crm's door: each method hands one validated message to a use case or a window."""

from chassis import Service, command, keep_dealer, query, subscribe
from contracts.crm.customer import ChangeCustomer, GetCustomer, ListCustomers, RegisterCustomer
from contracts.crm.follow_up import (
    ChangeCrmSettings,
    CompleteFollowUp,
    FindDeliveryFollowUps,
    GetCrmSettings,
    GetFollowUp,
    ListFollowUps,
    RecordAttempt,
)
from contracts.crm.vehicle import ChangeVehicle, FindVehicle, GetVehicle, RegisterVehicle
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.crm import queries
from services.crm.domain import customer, follow_up, settings, vehicle
from services.crm.domain.settings import CrmSettings


class CrmService(Service):
    """Customers, vehicles and follow-ups."""

    name = "crm"

    register_customer = command(RegisterCustomer, customer.register)
    change_customer = command(ChangeCustomer, customer.change)
    register_vehicle = command(RegisterVehicle, vehicle.register)
    change_vehicle = command(ChangeVehicle, vehicle.change)
    record_attempt = command(RecordAttempt, follow_up.record_attempt)
    complete_follow_up = command(CompleteFollowUp, follow_up.complete)
    change_crm_settings = command(ChangeCrmSettings, settings.change_settings)
    get_customer = query(GetCustomer, queries.get_customer)
    list_customers = query(ListCustomers, queries.list_customers)
    get_vehicle = query(GetVehicle, queries.get_vehicle)
    find_vehicle = query(FindVehicle, queries.find_vehicle)
    get_follow_up = query(GetFollowUp, queries.get_follow_up)
    list_follow_ups = query(ListFollowUps, queries.list_follow_ups)
    find_delivery_follow_ups = query(FindDeliveryFollowUps, queries.find_delivery_follow_ups)
    get_crm_settings = query(GetCrmSettings, queries.get_crm_settings)
    record_dealer = subscribe(DealerRecorded, keep_dealer(CrmSettings), any_dealer=True)
    schedule_follow_up = subscribe(WorkOrderDelivered, follow_up.schedule, prefetch=follow_up.prefetch)
    cancel_follow_up = subscribe(DeliveryReversed, follow_up.cancel)
