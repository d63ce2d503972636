"""A job: complaint - cause - correction (Rule W4), whether the fault was found and who covers it (Rule W25).

Notes on the order, read and written as a whole.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypedDict

from chassis import Invalid, Refused
from contracts.workshop.order import Coverage
from services.workshop.order.line import OrderLine


class JobNote(TypedDict, total=False):
    """One job of an order; the first one is the complaint it was opened with. Times in ISO format."""

    number: int
    complaint: str
    cause: str | None
    correction: str | None
    reproduced: bool | None
    coverage: Coverage | None
    customer_told_at: str | None


def record_job(
    jobs: list[JobNote],
    number: int,
    *,
    complaint: str | None,
    cause: str | None = None,
    correction: str | None = None,
    reproduced: bool | None = None,
    coverage: Coverage | None = None,
    told_at: datetime | None = None,
) -> list[JobNote]:
    """The jobs with one of them written down; what is None stays as it was. The number after the last opens a further job.

    Another coverage than before is not what the customer was told.
    """
    if number > len(jobs) + 1:
        raise Refused("job_unknown", job=number)
    before = jobs[number - 1] if number <= len(jobs) else JobNote()
    complaint = complaint or before.get("complaint")
    if complaint is None:
        raise Invalid.field("complaint", "further_job_needs_complaint")
    covered = coverage or before.get("coverage")
    if told_at is not None and covered is None:
        raise Invalid.field("customer_told", "nothing_to_tell")
    told_before = before.get("customer_told_at") if covered == before.get("coverage") else None
    note = JobNote(
        number=number,
        complaint=complaint,
        cause=cause or before.get("cause"),
        correction=correction or before.get("correction"),
        reproduced=before.get("reproduced") if reproduced is None else reproduced,
        coverage=covered,
        customer_told_at=told_at.isoformat() if told_at else told_before,
    )
    return [*jobs[: number - 1], note, *jobs[number:]]


def says_coverage_only(before: Sequence[JobNote], told: Sequence[JobNote]) -> bool:
    """Whether nothing else is said of any job than before: not what was wrong, and not what was done."""

    def done(jobs: Sequence[JobNote]) -> list[tuple[object, ...]]:
        return [tuple(job.get(what) for what in ("number", "complaint", "cause", "correction", "reproduced")) for job in jobs]

    return done(before) == done(told)


def require_job(jobs: Sequence[JobNote], number: int, **named: str) -> None:
    """Raises Refused for a job that the order has not, with the `field` that named it, if there is one."""
    if number > len(jobs):
        raise Refused("job_unknown", job=number, **named)


GONE = ("declined", "taken_up")
UNPAID: dict[Coverage, str] = {"undetermined": "coverage_undetermined", "not_covered": "fault_not_covered"}
"""What the manufacturer does not pay for, and how it is refused. What the law owes the customer (three_guarantees) is no matter
of theirs."""


def require_covered(jobs: Iterable[JobNote], lines: Collection[OrderLine]) -> None:
    """Raises Refused for the first job that is `uncovered`."""
    for refusal in uncovered(jobs, lines):
        raise refusal


def uncovered(jobs: Iterable[JobNote], lines: Collection[OrderLine]) -> Iterator[Refused]:
    """Nobody bills the manufacturer for a fault that is not covered, or while it is not said whether it is: first comes their
    approval (Rule W25). One for each such job.
    """
    for job in jobs:
        coverage = job.get("coverage")
        if coverage in UNPAID and any(_claimed(job, line) for line in lines):
            yield Refused(UNPAID[coverage], job=job["number"])


def claimed_though_unpaid(job: JobNote, lines: Iterable[OrderLine]) -> list[int]:
    """Numbers of the job's lines that warranty would pay and does not: their payer is to be another before the delivery."""
    if job.get("coverage") not in UNPAID:
        return []
    return [line.number for line in lines if line.state not in GONE and _claimed(job, line)]


def _claimed(job: JobNote, line: OrderLine) -> bool:
    return line.job == job["number"] and any(share["payer"] == "warranty" for share in line.payers)
