"""What booking tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindBookingConcerns(Query, service="booking", answer=Concerns):
    """Cars that came and were never taken on; for the gateway's attention list."""
