"""What booking tells of its matters to the service manager's attention list."""

from chassis.wire import Query
from contracts.attention import Concerns


class FindBookingConcerns(Query, service="booking", answer=Concerns):
    """Cars never taken on, requests without an answer, parts that come after the car; for the gateway's attention list.

    Loaners that are to come back only for a gateway that knows their kinds: one of the release before does not ask for them.
    """

    loaners: bool = False
