"""An intermittent fault (偶发故障) stays under observation after the car has left (Rule W16)."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, DealerId, Id, Part, Query, text, whole
from contracts.shared import Listing, Login, Name, OperationCode, Page, Plate, Reason

ObservationState = Literal["observed", "due", "came_back", "ended"]
"""观察中, 到期待处理, 已再次来店, 已结束."""

FaultText = Annotated[str, text(1000)]


class ReturnVisit(Part):
    """The visit at which the car came back for it, at any dealer of the group: there it is a comeback."""

    dealer: DealerId
    order_number: Annotated[str, text(20)]
    came_at: datetime


class Observation(Answer):
    """A fault that did not show itself, and until when it is observed: the car's next visit for it is its comeback (Rule W2).

    `due`: the day has passed without a visit, and the advisor is asked to settle what was left open and to end it.
    """

    id: Id
    version: int
    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    customer_name: Name
    advisor: Login
    job: Annotated[int, whole(1)]
    operation_group: OperationCode
    fault: FaultText
    until: date
    observation_state: ObservationState
    begun_by: Login
    begun_at: datetime
    asked_at: datetime | None = None
    came_back: ReturnVisit | None = None
    ended_by: Login | None = None
    ended_at: datetime | None = None
    ended_because: Reason | None = None


class Observations(Answer, Page):
    """A page of observations, those that end first before the others."""

    items: list[Observation]


class ObserveFault(Command, service="workshop", answer=Observation):
    """Put a fault under observation.

    The car leaves, or has left, with an intermittent fault (偶发故障, Rule W16), maybe on a deposit: it is observed through the
    day named. Within that the car's next visit for this kind of work, at any dealer of the group, is its comeback, whatever the
    mileage. There is one of a job at a time.
    """

    work_order_id: Id
    job: Annotated[int, whole(1, 99)]
    operation_group: OperationCode
    fault: FaultText
    until: date


class EndObservation(Command, service="workshop", answer=Observation):
    """End an observation.

    It is settled, or needs none any more: with the reason. From then on a visit is no comeback of it.
    """

    observation_id: Id
    reason: Reason


class ListObservations(Query, Listing, service="workshop", answer=Observations):
    """Faults under observation.

    Those that are not ended, the first to end first; or all of one order.
    """

    work_order_id: Id | None = None
