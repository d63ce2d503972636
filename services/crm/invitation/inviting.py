"""Asking customers to come (Rule B8, docs/domain.md)."""

from chassis import Refused, Work
from contracts.crm.invitation import InviteCustomer
from services.crm.customer.customer import Customer
from services.crm.invitation.invitation import Invitation
from services.crm.vehicle.vehicle import Vehicle


def invite(work: Work, command: InviteCustomer) -> Invitation:
    """Whoever drives the car is asked to come. Raises Refused without consent, and for the same reason twice on a day."""
    vehicle = work.get(Vehicle, command.vehicle_id)
    customer = work.get(Customer, vehicle.customer_id)
    today = work.profile.local(work.now).date()
    invitation = Invitation.make(command, customer, vehicle, at=work.now, day=today, by=work.actor)
    work.add(invitation)
    # The unique key decides, also of two who invite at the same moment.
    work.flush(unique="day", otherwise=Refused("invited_today", field="reason"))
    return invitation
