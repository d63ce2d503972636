"""What workshop announces of completion certificates (Rule W32)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import text, whole
from contracts.shared import Login
from contracts.workshop.completion import VoidCause
from contracts.workshop.events import WorkOrderEvent


class CompletionCertified(WorkOrderEvent, type="workshop.completion_certificate.issued"):
    """The inspector certified that the car was repaired as it should be (竣工出厂合格证)."""

    number: Annotated[str, text(24)]
    revision: Annotated[int, whole(1)]
    issued_by: Login
    issued_at: datetime


class CompletionVoided(WorkOrderEvent, type="workshop.completion_certificate.voided"):
    """A certificate does not count any more: its car went back to work, or its delivery was reversed."""

    number: Annotated[str, text(24)]
    revision: Annotated[int, whole(1)]
    void_cause: VoidCause
    reason: Annotated[str, text(1000)]
    voided_by: Login
    voided_at: datetime
