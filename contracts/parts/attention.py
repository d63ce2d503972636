"""What parts tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindPartsConcerns(Query, service="parts", answer=Concerns):
    """Discrepancies of stock, and tasks of the parts desk that wait; for the gateway's attention list."""
