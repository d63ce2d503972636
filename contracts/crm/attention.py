"""What crm tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindCareConcerns(Query, service="crm", answer=Concerns):
    """Follow-ups, call-backs and enquiries that are late; for the gateway's attention list."""
