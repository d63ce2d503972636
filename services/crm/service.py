"""crm's door: each method hands one validated message to a use case or a window."""

from chassis.service.entrypoints import Service, command, query, subscribe
from chassis.work.unit_of_work import Work
from contracts.crm import answers
from contracts.crm import commands as c
from contracts.crm import queries as q
from contracts.gateway.events import DealerRecorded
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.crm import queries
from services.crm.domain import customer, follow_up, settings, vehicle
from services.crm.domain.customer import Customer
from services.crm.domain.follow_up import FollowUp
from services.crm.domain.settings import CrmSettings
from services.crm.domain.vehicle import Vehicle


class CrmService(Service):
    """Customers, vehicles and follow-ups."""

    name = "crm"

    @command(c.RegisterCustomer)
    def register_customer(self, command: c.RegisterCustomer, work: Work) -> Customer:
        """Open a customer's file; booking and workshop learn of it from CustomerRecorded."""
        return customer.register(work, command)

    @command(c.ChangeCustomer)
    def change_customer(self, command: c.ChangeCustomer, work: Work) -> Customer:
        """Replace the facts of a customer's file."""
        return customer.change(work, command)

    @command(c.RegisterVehicle)
    def register_vehicle(self, command: c.RegisterVehicle, work: Work) -> Vehicle:
        """Open a vehicle's file; booking and workshop learn of it from VehicleRecorded."""
        return vehicle.register(work, command)

    @command(c.ChangeVehicle)
    def change_vehicle(self, command: c.ChangeVehicle, work: Work) -> Vehicle:
        """Replace the facts of a vehicle's file."""
        return vehicle.change(work, command)

    @command(c.RecordAttempt)
    def record_attempt(self, command: c.RecordAttempt, work: Work) -> FollowUp:
        """Someone tried to reach the customer."""
        return follow_up.record_attempt(work, command)

    @command(c.CompleteFollowUp)
    def complete_follow_up(self, command: c.CompleteFollowUp, work: Work) -> FollowUp:
        """The customer answered, or is given up as unreachable."""
        return follow_up.complete(work, command)

    @command(c.ChangeCrmSettings)
    def change_crm_settings(self, command: c.ChangeCrmSettings, work: Work) -> CrmSettings:
        """Replace the dealer's settings of crm."""
        return settings.change_settings(work, command)

    @query(q.GetCustomer)
    def get_customer(self, query: q.GetCustomer, work: Work) -> Customer:
        """One customer."""
        return work.get(Customer, query.customer_id)

    @query(q.ListCustomers)
    def list_customers(self, query: q.ListCustomers, work: Work) -> answers.Customers:
        """Customers by the beginning of name, phone or plate."""
        return queries.list_customers(work, query)

    @query(q.GetVehicle)
    def get_vehicle(self, query: q.GetVehicle, work: Work) -> answers.VehicleFile:
        """One vehicle with its history."""
        return queries.get_vehicle(work, query.vehicle_id)

    @query(q.FindVehicle)
    def find_vehicle(self, query: q.FindVehicle, work: Work) -> answers.Vehicles:
        """The vehicles with exactly this VIN or plate."""
        return queries.find_vehicle(work, query)

    @query(q.GetFollowUp)
    def get_follow_up(self, query: q.GetFollowUp, work: Work) -> FollowUp:
        """One follow-up."""
        return work.get(FollowUp, query.follow_up_id)

    @query(q.ListFollowUps)
    def list_follow_ups(self, query: q.ListFollowUps, work: Work) -> answers.FollowUps:
        """Follow-ups by state and due time."""
        return queries.list_follow_ups(work, query)

    @query(q.FindDeliveryFollowUps)
    def find_delivery_follow_ups(self, query: q.FindDeliveryFollowUps, work: Work) -> answers.DeliveryFollowUps:
        """Which deliveries of some orders are followed up."""
        return queries.find_delivery_follow_ups(work, query)

    @query(q.GetCrmSettings)
    def get_crm_settings(self, query: q.GetCrmSettings, work: Work) -> CrmSettings:
        """The dealer's settings of crm."""
        return work.get(CrmSettings, settings.settings_id(work.dealer))

    @subscribe(DealerRecorded)
    def record_dealer(self, fact: DealerRecorded, work: Work) -> None:
        """Know the dealer's time zone; a new dealer starts with the default settings."""
        settings.record_dealer(work, fact)

    @subscribe(WorkOrderDelivered, read_ahead=follow_up.read_ahead)
    def schedule_follow_up(self, fact: WorkOrderDelivered, work: Work) -> None:
        """Plan the follow-up of a delivered order (Rule C2)."""
        follow_up.schedule(work, fact)

    @subscribe(DeliveryReversed)
    def cancel_follow_up(self, fact: DeliveryReversed, work: Work) -> None:
        """Take the follow-up of a reversed delivery off (Rule W15)."""
        follow_up.cancel(work, fact)
