"""What is seen to between the final inspection and the customer: the pre-delivery check (Rule W13)."""

from datetime import datetime

from chassis.wire import Part
from contracts.shared import Login, Reason


class PreDeliveryCheck(Part):
    """The advisor's check before the customer is told (交车前检查): old parts, cleanliness, no tools, spare tyre and tools."""

    checked_by: Login
    checked_at: datetime
    note: Reason | None = None
