"""What workshop announces of completion certificates (Rule W32)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import text, whole
from contracts.shared import Login
from contracts.workshop.events import WorkOrderEvent


class CompletionCertified(WorkOrderEvent, type="workshop.completion_certificate.issued"):
    """The inspector certified that the car was repaired as it should be (竣工出厂合格证)."""

    number: Annotated[str, text(24)]
    revision: Annotated[int, whole(1)]
    issued_by: Login
    issued_at: datetime
