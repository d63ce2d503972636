"""What billing tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindBillingConcerns(Query, service="billing", answer=Concerns):
    """Tasks of billing that wait; for the gateway's attention list."""
