"""The sheet of a leg (取送车交接单) as it is kept and signed (Rule B14): never changed once it is signed."""

from datetime import datetime

from chassis import Document
from contracts.workshop.custody import Thing, named
from contracts.workshop.leg import LegDirection


class LegSheetDocument(Document):
    """What goes with the car at the customer's."""

    leg_id: str
    direction: LegDirection
    plate: str
    customer_name: str
    driver: str
    keys: int
    registration: bool
    service_book: bool
    mileage: int | None = None
    mileage_reason: str | None = None
    fuel_eighths: int | None = None
    remarks: str | None = None
    recorded_by: str
    recorded_at: datetime

    @property
    def things(self) -> list[Thing]:
        """What of the customer's changes hands with it."""
        return named(keys=self.keys > 0, registration=self.registration, service_book=self.service_book)
