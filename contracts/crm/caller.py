"""Who wants an answer from the dealer: a customer, or somebody who is none yet."""

from chassis.wire import Id, Part
from contracts.shared import Name, Phone, Plate


class CallerDetails(Part):
    """Who is to be answered: by their file, or - who has none - by name and phone; and the car it is about, if one is."""

    customer_id: Id | None = None
    customer_name: Name | None = None
    phone: Phone | None = None
    plate: Plate | None = None
