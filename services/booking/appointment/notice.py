"""What a customer is told about an appointment (Rules B1, B4 and B5, docs/domain.md), whoever sends the message."""

from chassis import Work
from contracts.booking.events import BroughtPaper, CustomerNotice
from services.booking.projections.customer import known_customer

TO_BRING: tuple[BroughtPaper, ...] = ("registration", "service_book")


def notice_to(work: Work, customer_id: str, *, comes: bool = True) -> CustomerNotice:
    """To the customer as their file is now; who comes is reminded of the car's papers."""
    profile = work.profile
    return CustomerNotice(
        customer=known_customer(work, customer_id),
        language=profile.locale,
        dealer_name=profile.name,
        time_zone=profile.time_zone,
        bring=list(TO_BRING) if comes else [],
    )
