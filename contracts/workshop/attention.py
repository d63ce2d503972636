"""What workshop tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindWorkshopConcerns(Query, service="workshop", answer=Concerns):
    """Orders that are late or were on hold for long, escalations of the lane; for the gateway's attention list."""
