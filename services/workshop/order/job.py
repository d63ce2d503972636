"""A job: complaint - cause - correction (Rule W4), whether the fault was found and who covers it (Rule W25).

Notes on the order, read and written as a whole.
"""

from collections.abc import Iterable, Sequence
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


def require_job(jobs: Sequence[JobNote], number: int, **named: str) -> None:
    """Raises Refused for a job that the order has not, with the `field` that named it, if there is one."""
    if number > len(jobs):
        raise Refused("job_unknown", job=number, **named)


def require_covered(jobs: Iterable[JobNote], lines: Iterable[OrderLine]) -> None:
    """Nobody bills the manufacturer while it is not said whether the fault is covered: first comes their approval (Rule W25)."""
    open_jobs = {job["number"] for job in jobs if job.get("coverage") == "undetermined"}
    for line in lines if open_jobs else ():
        if line.job in open_jobs and any(share["payer"] == "warranty" for share in line.payers):
            raise Refused("coverage_undetermined", job=line.job)
