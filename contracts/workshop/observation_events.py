"""What workshop announces of faults under observation (Rule W16)."""

from datetime import date
from typing import Annotated

from chassis.wire import text, whole
from contracts.shared import Login, OperationCode, Plate, Reason
from contracts.workshop.events import WorkOrderEvent


class ObservationChanged(WorkOrderEvent):
    """What every event of an observation tells."""

    observation_id: str
    plate: Plate
    advisor: Login
    job: Annotated[int, whole(1)]
    operation_group: OperationCode
    fault: Annotated[str, text(1000)]
    until: date


class FaultObserved(ObservationChanged, type="workshop.observation.begun"):
    """A fault that did not show itself is under observation (偶发故障)."""


class ObservationDue(ObservationChanged, type="workshop.observation.due"):
    """Its day has passed, and the car did not come back for it: the advisor is asked what becomes of it, once."""


class ObservationEnded(ObservationChanged, type="workshop.observation.ended"):
    """It is over: settled, closed, or its delivery was reversed."""

    reason: Reason
