"""From complaint to approval: jobs, lines, estimates, and what the customer decides (Rules W4 to W8, docs/domain.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis import Invalid, Money, Refused
from contracts.workshop import agreement
from contracts.workshop.agreement import EstimateKind
from contracts.workshop.events import AdditionalWorkProposed, EstimateIssued, WorkApproved, WorkDeclined
from services.workshop.domain.estimates import Estimate, Terms
from services.workshop.domain.jobs import record_job
from services.workshop.domain.lines import Kind, OrderLine, State
from services.workshop.domain.pricing import PriceBook
from services.workshop.domain.record import OrderRecord
from services.workshop.domain.settlement import of_kind
from services.workshop.domain.status import Step

MOST_LINES = 200


class QuotedOrder(OrderRecord):
    """A work order as the advisor and the customer agree on it."""

    __abstract__ = True

    def record_job(self, number: int, *, complaint: str | None, cause: str | None, correction: str | None) -> None:
        """Write down complaint, cause or correction of a job (Rule W4)."""
        self._drawn(Step.RECORD_JOB)
        self.jobs = record_job(self.jobs, number, complaint=complaint, cause=cause, correction=correction)

    def add_lines(self, lines: Sequence[OrderLine]) -> None:
        """More lines, until the customer has approved something. A pending estimate lapses: it no longer shows everything."""
        self._drawn(Step.ADD_LINES)
        if any(line.approved for line in self.lines):
            raise Refused("already_approved")
        self._append(lines)
        for line in self.lines:
            if line.state is State.QUOTED:
                line.withdraw_quote()

    def remove_line(self, line_id: str) -> None:
        """Take away an undecided line; the lines quoted together with it want a new estimate."""
        self._drawn(Step.REMOVE_LINE)
        line = self.line(line_id)
        if not line.undecided:
            raise Refused("line_decided", line=line.number, state=line.state.value)
        self.lines.remove(line)
        for other in self.lines:
            if other.state is State.QUOTED and other.estimate_version == line.estimate_version:
                other.withdraw_quote()

    def issue_estimate(self, prices: PriceBook, terms: Terms, at: datetime) -> Estimate:
        """Put every undecided line before the customer, at prices that are frozen from here on (Rule W6)."""
        self._drawn(Step.ISSUE_ESTIMATE)
        self.promised_at = terms.promised_at or self.promised_at
        content = self._quote([line for line in self.lines if line.undecided], prices, "estimate", terms, at)
        self.announce(
            EstimateIssued(
                work_order_id=self.id,
                estimate_version=content.estimate_version,
                labour=content.labour,
                parts=content.parts,
                sublet=content.sublet,
                total=content.total,
                promised_at=self.promised_at,
            )
        )
        return Estimate.issued(content)

    def propose_additional_work(self, lines: Sequence[OrderLine], prices: PriceBook, terms: Terms, at: datetime) -> Estimate:
        """Put newly found work before the customer; until they approve it nothing of it may be done (Rule W8)."""
        self._drawn(Step.PROPOSE)
        self._append(lines)
        content = self._quote(lines, prices, "additional_work", terms, at)
        self.announce(
            AdditionalWorkProposed(
                work_order_id=self.id,
                lines=[line.id for line in lines],
                amount=content.total,
                extra_minutes=content.extra_minutes,
            )
        )
        return Estimate.issued(content)

    def approve(self, estimate: agreement.Estimate, name: str) -> list[int]:
        """The customer wants what is still quoted in this version. Returns the approved lines' numbers."""
        self._drawn(Step.APPROVE)
        lines = self._still_quoted(estimate)
        for line in lines:
            line.approve()
        if estimate.consents_to_other_damage and estimate.call_threshold is not None:
            self.consent_name, self.consent_minor = name, estimate.call_threshold.minor
        if self.promised_at is not None:
            self.promised_at += timedelta(minutes=estimate.extra_minutes)
        self.announce(
            WorkApproved(
                work_order_id=self.id,
                appointment_id=self.appointment_id,
                approved_by=name,
                parts=[line.request() for line in self.lines if line.approved and line.kind is Kind.PART],
            )
        )
        return [line.number for line in lines]

    def approve_under_consent(self, estimate: agreement.Estimate) -> tuple[str, list[int]]:
        """Do it without a call: the customer agreed to that beforehand, up to the call threshold in all (Rule W7).

        Returns who agreed, and the approved lines' numbers.
        """
        self._drawn(Step.APPROVE)
        if self.consent_name is None:
            raise Refused("no_standing_consent")
        amount = sum(line.amount(self.currency).minor for line in self._still_quoted(estimate))
        if amount > self.consent_minor:
            raise Refused("above_call_threshold", left=str(Money(self.consent_minor, self.currency)))
        self.consent_minor -= amount
        return self.consent_name, self.approve(estimate, self.consent_name)

    def decline(self, line_ids: Sequence[str], reason: str, *, signed: bool) -> list[int]:
        """The customer does not want these lines; they go to CRM with the reason. Returns the lines' numbers."""
        self._drawn(Step.DECLINE)
        lines = [self.line(line_id) for line_id in dict.fromkeys(line_ids)]
        if not lines:
            raise Invalid.fields({"line_ids": ["Name at least one line."]})
        for line in lines:
            line.decline(reason, signed=signed)
        self.announce(WorkDeclined(work_order_id=self.id, declined=[line.declined() for line in lines]))
        return [line.number for line in lines]

    def _append(self, lines: Sequence[OrderLine]) -> None:
        if not lines:
            raise Invalid.fields({"body": ["Give at least one line."]})
        if len(self.lines) + len(lines) > MOST_LINES:
            raise Refused("too_many_lines", most=MOST_LINES)
        for line in lines:
            if line.job > len(self.jobs):
                raise Refused("job_unknown", job=line.job)
            self.lines_numbered += 1
            line.number = self.lines_numbered
            self.lines.append(line)

    def _quote(
        self, lines: Sequence[OrderLine], prices: PriceBook, kind: EstimateKind, terms: Terms, at: datetime
    ) -> agreement.Estimate:
        if not lines:
            raise Refused("nothing_to_quote")
        self.estimate_version += 1
        for line in lines:
            line.quote(prices, self.estimate_version)
        quoted = [line.quoted(self.currency) for line in lines]
        return agreement.Estimate(
            work_order_id=self.id,
            estimate_version=self.estimate_version,
            kind=kind,
            currency=self.currency,
            tax_mode=self.tax_mode,
            lines=quoted,
            labour=of_kind(quoted, "labour", self.currency),
            parts=of_kind(quoted, "part", self.currency),
            sublet=of_kind(quoted, "sublet", self.currency),
            total=Money.total((line.amount for line in quoted), self.currency),
            extra_minutes=terms.extra_minutes,
            promised_at=self.promised_at,
            payment_method=terms.payment_method,
            old_parts=terms.old_parts,
            free_wash=terms.free_wash,
            call_threshold=terms.call_threshold,
            consents_to_other_damage=terms.consents_to_other_damage,
            issued_at=at,
        )

    def _still_quoted(self, estimate: agreement.Estimate) -> list[OrderLine]:
        lines = [line for line in self.lines if line.state is State.QUOTED and line.estimate_version == estimate.estimate_version]
        if not lines:
            raise Refused("estimate_lapsed", estimate_version=estimate.estimate_version)
        return lines
