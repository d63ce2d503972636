"""A job: complaint - cause - correction (Rule W4). Notes on the order, read and written as a whole."""

from typing import TypedDict

from chassis import Invalid, Refused


class JobNote(TypedDict):
    """One job of an order; the first one is the complaint it was opened with."""

    number: int
    complaint: str
    cause: str | None
    correction: str | None


def record_job(
    jobs: list[JobNote], number: int, *, complaint: str | None, cause: str | None = None, correction: str | None = None
) -> list[JobNote]:
    """The jobs with one of them written down; what is None stays as it was. The number after the last opens a further job."""
    if number > len(jobs) + 1:
        raise Refused("job_unknown", job=number)
    if number <= len(jobs):
        before = jobs[number - 1]
        note = JobNote(
            number=number,
            complaint=complaint or before["complaint"],
            cause=cause or before["cause"],
            correction=correction or before["correction"],
        )
        return [*jobs[: number - 1], note, *jobs[number:]]
    if complaint is None:
        raise Invalid.field("complaint", "further_job_needs_complaint")
    return [*jobs, JobNote(number=number, complaint=complaint, cause=cause, correction=correction)]
