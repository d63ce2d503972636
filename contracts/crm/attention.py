"""What crm tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindCareConcerns(Query, service="crm", answer=Concerns):
    """Follow-ups and call-backs that are late; for the gateway's attention list."""
