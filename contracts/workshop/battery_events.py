"""What workshop announces of traction batteries (Rule W33)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import whole
from contracts.shared import DocumentNumber
from contracts.workshop.battery import BatteryMethod, StateOfHealth
from contracts.workshop.events import WorkOrderEvent


class BatteryMeasured(WorkOrderEvent, type="workshop.battery.measured"):
    """A traction battery's state of health was measured (电池健康度); below the dealer's limit it opened a job's coverage."""

    pack_serial: DocumentNumber
    percent: StateOfHealth
    battery_method: BatteryMethod
    measured_at: datetime
    coverage_job: Annotated[int | None, whole(1)] = None
