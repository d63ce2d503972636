"""Who wants an answer from the dealer, and which colleague is to give it."""

from collections.abc import Mapping
from typing import NamedTuple

from chassis import Invalid, Refused, Work, staff_roles
from chassis.wire.phones import phone_key
from contracts.crm.caller import CallerDetails
from contracts.crm.enquiry import ReceiveEnquiry
from contracts.roles import BOOKING_AGENT, CRM_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER
from contracts.shared import Channel
from services.crm.customer.customer import Customer

ANSWERING = (BOOKING_AGENT, SERVICE_ADVISOR, CRM_AGENT, SERVICE_MANAGER)
"""Who answers customers, by role."""


WAY_OF: Mapping[Channel, str] = {"phone": "phone", "sms": "phone", "email": "email", "wechat": "wechat"}
"""Where who is to be reached this way is reached."""

WAYS: tuple[Channel, ...] = ("phone", "email", "wechat")
"""Ways that somebody without a file may name, each the channel of its own name; the first of several is used."""


class Caller(NamedTuple):
    """A customer as their file has them now; or who has none, by name and the way to reach them."""

    customer_id: str | None
    name: str
    phone: str


class Asker(NamedTuple):
    """Whose enquiry it is: their file, if they have one, their name, and how the answer is to reach them."""

    customer_id: str | None
    name: str
    channel: Channel


def caller_of(work: Work, details: CallerDetails) -> Caller:
    """Who is meant. Raises Invalid for a file that there is not, and for who cannot be called back without one."""
    if details.customer_id is None:
        if details.customer_name is None:
            raise Invalid.field("customer_name", "needs_file_or_name")
        if details.phone is None:
            raise Invalid.field("phone", "needs_file_or_phone")
        phone_key(details.phone, work.profile.country)
        return Caller(None, details.customer_name, details.phone)
    for field in ("customer_name", "phone"):
        if getattr(details, field) is not None:
            raise Invalid.field(field, "file_says_it")
    customer = work.find(Customer, details.customer_id)
    if customer is None:
        raise Invalid.field("customer_id", "nothing_has_it")
    return Caller(customer.id, customer.name, customer.phone)


def asker_of(work: Work, asked: ReceiveEnquiry) -> Asker:
    """Whose enquiry it is, and how the answer reaches them. Raises as `caller_of` does; one way to be reached is enough.

    Raises Invalid for a channel whose address nobody has.
    """
    own = [way for way in WAYS if getattr(asked, way) is not None]
    if asked.customer_id is not None:
        caller = caller_of(work, asked)
        if own:
            raise Invalid.field(own[0], "file_says_it")
        file = work.get(Customer, asked.customer_id)
        if asked.channel is not None:
            file.require_reached(asked.channel)
        return Asker(caller.customer_id, caller.name, asked.channel or file.preferred_channel)
    if asked.customer_name is None:
        raise Invalid.field("customer_name", "needs_file_or_name")
    if not own:
        raise Invalid.field(WAY_OF[asked.channel or "phone"], "needs_file_or_way")
    if asked.channel is not None and WAY_OF[asked.channel] not in own:
        raise Invalid.field(WAY_OF[asked.channel], "needed_for_channel")
    if asked.phone is not None:
        phone_key(asked.phone, work.profile.country)
    return Asker(None, asked.customer_name, asked.channel or own[0])


def require_answering(work: Work, field: str, login: str | None) -> None:
    """Whoever is to see to it answers customers at this dealer. Raises NotYetKnown, or Refused for somebody who does not."""
    if login is not None and staff_roles(work, field, login).isdisjoint(ANSWERING):
        raise Refused("not_answering_customers", field=field, name=login)
