"""The life of a work order as a table: which step exists from which status, and where it leads (Rule W14, docs/domain.md)."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a work order stands. `in_progress` is exactly when it occupies its bay."""

    OPEN = "open"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    QUALITY_CHECK = "quality_check"
    READY = "ready"
    DELIVERED = "delivered"
    CLOSED = "closed"
    VOID = "void"


class Step(StrEnum):
    """What can be done to a work order."""

    ADD_LINES = "add_lines"
    REMOVE_LINE = "remove_line"
    RECORD_JOB = "record_job"
    ISSUE_ESTIMATE = "issue_estimate"
    PROPOSE = "propose_additional_work"
    APPROVE = "approve"
    DECLINE = "decline"
    DISPATCH = "dispatch"
    CLOCK_ON = "clock_on"
    CLOCK_OFF = "clock_off"
    RECORD_INSTALLED = "record_installed"
    HOLD = "hold"
    RESUME = "resume"
    REQUEST_QUALITY_CHECK = "request_quality_check"
    PASS_QUALITY_CHECK = "pass_quality_check"
    FAIL_QUALITY_CHECK = "fail_quality_check"
    MARK_READY = "mark_ready"
    DELIVER = "deliver"
    REVERSE_DELIVERY = "reverse_delivery"
    CLOSE = "close"
    VOID = "void"


def _stays(*statuses: Status) -> dict[Status, Status]:
    return {status: status for status in statuses}


_BEFORE_QUALITY_CHECK = (Status.OPEN, Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD)

DRAWN: Mapping[Step, Mapping[Status, Status]] = {
    Step.ADD_LINES: _stays(Status.OPEN),
    Step.REMOVE_LINE: _stays(*_BEFORE_QUALITY_CHECK),
    Step.RECORD_JOB: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    Step.ISSUE_ESTIMATE: _stays(*_BEFORE_QUALITY_CHECK),
    Step.PROPOSE: _stays(*_BEFORE_QUALITY_CHECK),
    Step.APPROVE: _stays(*_BEFORE_QUALITY_CHECK),
    Step.DECLINE: _stays(*_BEFORE_QUALITY_CHECK),
    Step.DISPATCH: {Status.OPEN: Status.DISPATCHED, Status.DISPATCHED: Status.DISPATCHED},
    Step.CLOCK_ON: {Status.DISPATCHED: Status.IN_PROGRESS, Status.IN_PROGRESS: Status.IN_PROGRESS},
    Step.CLOCK_OFF: _stays(Status.IN_PROGRESS),
    Step.RECORD_INSTALLED: _stays(Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD),
    Step.HOLD: {Status.DISPATCHED: Status.ON_HOLD, Status.IN_PROGRESS: Status.ON_HOLD},
    # Work that was interrupted, or failed its inspection, has left its bay: it is taken up again by clocking on.
    Step.RESUME: {Status.ON_HOLD: Status.DISPATCHED},
    # An order of parts and sublet work alone is never clocked on to.
    Step.REQUEST_QUALITY_CHECK: {Status.DISPATCHED: Status.QUALITY_CHECK, Status.IN_PROGRESS: Status.QUALITY_CHECK},
    Step.PASS_QUALITY_CHECK: _stays(Status.QUALITY_CHECK),
    Step.FAIL_QUALITY_CHECK: {Status.QUALITY_CHECK: Status.DISPATCHED},
    Step.MARK_READY: {Status.QUALITY_CHECK: Status.READY},
    Step.DELIVER: {Status.READY: Status.DELIVERED},
    Step.REVERSE_DELIVERY: {Status.DELIVERED: Status.READY},
    Step.CLOSE: {Status.DELIVERED: Status.CLOSED},
    Step.VOID: {Status.OPEN: Status.VOID},
}
