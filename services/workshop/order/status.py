"""The life of a work order as a table: which transition exists from which status, and where it leads (Rule W14)."""

from collections.abc import Mapping
from enum import StrEnum

from chassis import Refused


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


class Transition(StrEnum):
    """What can be done to a work order."""

    ADD_LINES = "add_lines"
    REMOVE_LINE = "remove_line"
    RECORD_JOB = "record_job"
    SAY_COVERAGE = "say_coverage"
    NAME_PAYER = "name_payer"
    WALK_AROUND = "walk_around"
    ISSUE_ESTIMATE = "issue_estimate"
    PROPOSE = "propose_additional_work"
    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw_approval"
    CHANGE_PAYER = "change_payer"
    CORRECT_PRICE = "correct_sublet_price"
    DISPATCH = "dispatch"
    HAND_ON = "hand_on"
    ASSIGN_LINE = "assign_line"
    ACCEPT_CAR = "accept_car"
    CLOCK_ON = "clock_on"
    CLOCK_OFF = "clock_off"
    RECORD_INSTALLED = "record_installed"
    RECEIVE_OLD_PART = "receive_old_part"
    HOLD = "hold"
    RESUME = "resume"
    RECOMMEND = "recommend_work"
    REPORT_OWN_FAULT = "report_own_fault"
    REQUEST_QUALITY_CHECK = "request_quality_check"
    PASS_QUALITY_CHECK = "pass_quality_check"
    FAIL_QUALITY_CHECK = "fail_quality_check"
    RETURN_TO_WORK = "return_to_work"
    MARK_READY = "mark_ready"
    ASK_ROAD_TEST = "ask_for_road_test"
    ROAD_TEST = "road_test"
    TEST_DRIVE = "test_drive"
    EXPLAIN_COMEBACK = "explain_comeback"
    REVISE_PROMISE = "revise_promise"
    EXPLAIN_MISS = "explain_miss"
    NOTE_WAITING = "note_waiting"
    CHECK_BEFORE_DELIVERY = "check_before_delivery"
    LEND_TOOL = "lend_tool"
    BOOK_DELIVERY = "book_delivery"
    OBSERVE_FAULT = "observe_fault"
    ISOLATE = "isolate"
    ENERGISE = "energise"
    VOID_ISOLATION = "void_isolation"
    CERTIFY = "issue_completion_certificate"
    DELIVER = "deliver"
    REVERSE_DELIVERY = "reverse_delivery"
    CLOSE = "close"
    VOID = "void"
    ATTACH = "attach"


def _stays(*statuses: Status) -> dict[Status, Status]:
    return {status: status for status in statuses}


_BEFORE_QUALITY_CHECK = (Status.OPEN, Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD)
_BEFORE_DELIVERY = (*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK, Status.READY)

TRANSITIONS: Mapping[Transition, Mapping[Status, Status]] = {
    Transition.ADD_LINES: _stays(Status.OPEN),
    Transition.REMOVE_LINE: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.RECORD_JOB: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    # The manufacturer answers when they do: what the delivery asks for can be said until then.
    Transition.SAY_COVERAGE: _stays(*_BEFORE_DELIVERY),
    Transition.NAME_PAYER: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK, Status.READY),
    Transition.WALK_AROUND: _stays(*_BEFORE_DELIVERY),
    Transition.ISSUE_ESTIMATE: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.PROPOSE: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.APPROVE: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.DECLINE: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.WITHDRAW: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.CHANGE_PAYER: _stays(*_BEFORE_DELIVERY),
    Transition.CORRECT_PRICE: _stays(*_BEFORE_DELIVERY),
    # Begun work that goes to another bay leaves the one it has; what waits for something goes on waiting for it.
    Transition.DISPATCH: {
        Status.OPEN: Status.DISPATCHED,
        Status.DISPATCHED: Status.DISPATCHED,
        Status.IN_PROGRESS: Status.DISPATCHED,
        Status.ON_HOLD: Status.ON_HOLD,
    },
    # Begun work that goes to somebody else where it stands keeps its bay.
    Transition.HAND_ON: _stays(Status.IN_PROGRESS),
    Transition.ASSIGN_LINE: _stays(*_BEFORE_QUALITY_CHECK),
    Transition.ACCEPT_CAR: _stays(Status.DISPATCHED),
    Transition.CLOCK_ON: {Status.DISPATCHED: Status.IN_PROGRESS, Status.IN_PROGRESS: Status.IN_PROGRESS},
    Transition.CLOCK_OFF: _stays(Status.IN_PROGRESS),
    Transition.RECORD_INSTALLED: _stays(Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD),
    Transition.RECEIVE_OLD_PART: _stays(*_BEFORE_DELIVERY, Status.DELIVERED, Status.CLOSED),
    Transition.HOLD: {Status.DISPATCHED: Status.ON_HOLD, Status.IN_PROGRESS: Status.ON_HOLD},
    # Work that was interrupted, or failed its inspection, has left its bay: it is taken up again by clocking on.
    Transition.RESUME: {Status.ON_HOLD: Status.DISPATCHED},
    Transition.RECOMMEND: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    Transition.REPORT_OWN_FAULT: _stays(Status.DISPATCHED, Status.IN_PROGRESS),
    # An order of parts and sublet work alone is never clocked on to.
    Transition.REQUEST_QUALITY_CHECK: {Status.DISPATCHED: Status.QUALITY_CHECK, Status.IN_PROGRESS: Status.QUALITY_CHECK},
    Transition.PASS_QUALITY_CHECK: _stays(Status.QUALITY_CHECK),
    Transition.FAIL_QUALITY_CHECK: {Status.QUALITY_CHECK: Status.DISPATCHED},
    # The customer does not take the car, or a line is found wrong, before the keys are handed over or after a reversal.
    Transition.RETURN_TO_WORK: {Status.QUALITY_CHECK: Status.DISPATCHED, Status.READY: Status.DISPATCHED},
    Transition.MARK_READY: {Status.QUALITY_CHECK: Status.READY},
    Transition.ASK_ROAD_TEST: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    Transition.ROAD_TEST: _stays(Status.DISPATCHED, Status.IN_PROGRESS, Status.QUALITY_CHECK, Status.READY),
    Transition.TEST_DRIVE: _stays(Status.READY),
    Transition.EXPLAIN_COMEBACK: _stays(*_BEFORE_DELIVERY),
    Transition.REVISE_PROMISE: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    # Who waits is told how it goes until the car is ready.
    Transition.NOTE_WAITING: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    Transition.EXPLAIN_MISS: _stays(*_BEFORE_DELIVERY),
    Transition.CHECK_BEFORE_DELIVERY: _stays(Status.READY),
    # Whether a tool was left in the car is asked once, when it is ready: from then on none is lent for it.
    Transition.LEND_TOOL: _stays(*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK),
    Transition.BOOK_DELIVERY: _stays(*_BEFORE_DELIVERY),
    Transition.ISOLATE: _stays(Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD),
    # What was isolated can always be switched on again until it passed the final inspection, which it does only live.
    Transition.ENERGISE: _stays(Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD, Status.QUALITY_CHECK),
    Transition.VOID_ISOLATION: _stays(*_BEFORE_DELIVERY),
    Transition.DELIVER: {Status.READY: Status.DELIVERED},
    Transition.REVERSE_DELIVERY: {Status.DELIVERED: Status.READY},
    Transition.CLOSE: {Status.DELIVERED: Status.CLOSED},
    Transition.CERTIFY: _stays(Status.QUALITY_CHECK, Status.READY),
    Transition.OBSERVE_FAULT: _stays(Status.DELIVERED, Status.CLOSED),
    # Evidence is added until the order's file is closed: an old part may be photographed after the delivery.
    Transition.ATTACH: _stays(*_BEFORE_DELIVERY, Status.DELIVERED),
    # While nothing was done: `WorkOrder.void` refuses the rest.
    Transition.VOID: dict.fromkeys(_BEFORE_QUALITY_CHECK, Status.VOID),
}


def refused_in(status: Status, transition: Transition) -> Refused | None:
    """Why the transition is not possible from there: it does not exist (Rule W14). None if it does."""
    if status in TRANSITIONS[transition]:
        return None
    return Refused("not_in_this_status", status=status.value, step=transition.value)


GIVEN = (Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD)
"""It lies on a technician and a bay."""

INSPECTED = (Status.QUALITY_CHECK, Status.READY)
"""It is no longer worked on, and the customer has not accepted it yet."""

NOT_READY = (*_BEFORE_QUALITY_CHECK, Status.QUALITY_CHECK)
"""The car is not what was promised yet."""

HERE = _BEFORE_DELIVERY
"""The customer has not accepted the car yet."""

OPEN = (*_BEFORE_DELIVERY, Status.DELIVERED)
ENDED = (Status.CLOSED, Status.VOID)
