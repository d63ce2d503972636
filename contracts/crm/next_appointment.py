"""The next appointment at every contact (Rule B10): how often it was asked for, and what customers said."""

from datetime import date
from typing import Literal

from chassis.wire import Answer, Part, Query

ContactKind = Literal["delivery", "follow_up", "call"]


class ContactFigures(Part):
    """Contacts of one kind. `booked_rate` is booked / contacts in basis points, null without contacts."""

    contact: ContactKind
    contacts: int
    booked: int
    later: int
    declined: int
    booked_rate: int | None = None


class NextAppointments(Answer):
    """How often customers took the next appointment at a contact, by kind of contact."""

    from_day: date
    to_day: date
    items: list[ContactFigures]


class MeasureNextAppointments(Query, service="crm", answer=NextAppointments):
    """How often customers take the next appointment at a contact.

    At deliveries that were not reversed, at follow-ups and calls that reached the customer, in the period (local days, both
    included; this month until today if none is given; at most 366 days): booked_rate = booked / contacts (Rule B10).
    """

    from_day: date | None = None
    to_day: date | None = None
