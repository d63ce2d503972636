"""What the gateway announces."""

from typing import Annotated

from chassis.wire import DealerId, Event, text
from contracts.shared import Name, TaxMode


class DealerRecorded(
    Event,
    type="gateway.dealer.recorded",
    subscribers=(
        "booking.record_dealer",
        "workshop.record_dealer",
        "parts.record_dealer",
        "billing.record_dealer",
        "crm.record_dealer",
    ),
):
    """A dealer was registered or its registration changed; the whole registration as it is now."""

    dealer: DealerId
    name: Name
    time_zone: Annotated[str, text(64)]
    currency: Annotated[str, text(3)]
    locale: Annotated[str, text(10)]
    tax_mode: TaxMode
