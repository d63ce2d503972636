"""The shop floor: dispatch, clocking, waiting, inspection (Rules W9, W11, docs/domain.md)."""

from collections.abc import Sequence
from datetime import datetime

from chassis import Invalid, Quantity, Refused
from contracts.workshop.events import QualityChecked, WorkOrderDispatched, WorkStarted, WorkStopped
from contracts.workshop.order import HoldReason
from services.workshop.domain.clockings import Clocking
from services.workshop.domain.lines import Kind
from services.workshop.domain.quoting import QuotedOrder
from services.workshop.domain.status import Step


class RepairedOrder(QuotedOrder):
    """A work order as the workshop carries it out."""

    __abstract__ = True

    def dispatch(self, technician: str, bay: str) -> None:
        """Give the order to a technician and a bay; there must be something the customer approved."""
        status = self._drawn(Step.DISPATCH)
        if not any(line.approved for line in self.lines):
            raise Refused("nothing_approved")
        self.status, self.technician, self.bay = status, technician, bay
        self.announce(WorkOrderDispatched(work_order_id=self.id, technician=technician, bay=bay))

    def clock_on(self, line_id: str, technician: str, at: datetime) -> None:
        """The technician starts on a line: approved labour that is not done."""
        status = self._drawn(Step.CLOCK_ON)
        line = self.line(line_id)
        line.require_approved()
        if line.kind is not Kind.LABOUR:
            raise Refused("not_a_labour_line", line=line.number)
        if line.done_at is not None:
            raise Refused("line_already_done", line=line.number)
        self.clockings.append(Clocking(line_id=line_id, technician=technician, on_at=at))
        self.status = status
        self.announce(WorkStarted(work_order_id=self.id, line_id=line_id, technician=technician))

    def clock_off(self, line_id: str, technician: str, at: datetime, *, done: bool) -> None:
        """The technician stops; when they are done, so is the line - unless a colleague is still at it."""
        self._drawn(Step.CLOCK_OFF)
        line = self.line(line_id)
        running = [one for one in self.clockings if one.open and one.line_id == line_id]
        mine = next((one for one in running if one.technician == technician), None)
        if mine is None:
            raise Refused("not_clocked_on", line=line.number)
        if done and len(running) > 1:
            raise Refused("colleague_still_on_line", line=line.number)
        mine.off_at = at
        if done:
            line.done_at = at
        self.announce(
            WorkStopped(
                work_order_id=self.id,
                line_id=line_id,
                technician=technician,
                done=done,
                worked_minutes=mine.minutes,
            )
        )

    def record_installed(self, line_id: str, quantity: Quantity) -> None:
        """Less of a part went onto the car than was approved."""
        self._drawn(Step.RECORD_INSTALLED)
        self.line(line_id).install(quantity, self.currency)

    def hold(self, reason: HoldReason) -> None:
        """Work waits for something; nobody may be at it."""
        status = self._drawn(Step.HOLD)
        self._require_nobody_clocked_on()
        self.status, self.hold_reason = status, reason

    def resume(self) -> None:
        """What was waited for is there."""
        self.status, self.hold_reason = self._drawn(Step.RESUME), None

    def request_quality_check(self) -> None:
        """All approved labour is done, nothing is undecided: the car may be inspected (Rule W11)."""
        status = self._drawn(Step.REQUEST_QUALITY_CHECK)
        self._require_nobody_clocked_on()
        for line in self.lines:
            if line.undecided:
                raise Refused("line_undecided", line=line.number)
            if line.unfinished:
                raise Refused("line_not_done", line=line.number)
        self.status, self.quality_passed_by = status, None

    def check_quality(self, inspector: str, *, passed: bool, findings: str | None, rework: Sequence[str]) -> None:
        """The final inspection, by someone who did none of the work. A failed one sends the order back (Rule W11)."""
        status = self._drawn(Step.PASS_QUALITY_CHECK if passed else Step.FAIL_QUALITY_CHECK)
        if any(one.technician == inspector for one in self.clockings):
            raise Refused("inspector_did_the_work", inspector=inspector)
        if passed and rework:
            raise Invalid.fields({"rework_line_ids": ["Nothing is to be redone when the check is passed."]})
        if not passed and findings is None:
            raise Invalid.fields({"findings": ["Say what was found."]})
        for line_id in rework:
            line = self.line(line_id)
            line.require_approved()
            line.done_at = None
        self.rework_count += not passed
        self.status, self.quality_passed_by, self.quality_findings = status, inspector if passed else None, findings
        self.announce(QualityChecked(work_order_id=self.id, passed=passed, inspector=inspector, findings=findings))
