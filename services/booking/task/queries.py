"""Queries of tasks."""

from typing import get_args

from sqlalchemy import select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup, Concerns
from contracts.booking.attention import FindBookingConcerns
from contracts.booking.task import BookingTaskKind, BookingTasks, ListBookingTasks
from services.booking.projections.customer import known_customers
from services.booking.task.loaners_out import loaners_out
from services.booking.task.task import BookingTask


def find_booking_concerns(work: Work, query: FindBookingConcerns) -> Concerns:
    """A task is raised when something is late: whatever is open is. Loaners that are to come back, if they are asked for."""
    tasks = [_group(work, kind) for kind in get_args(BookingTaskKind)]
    return Concerns(groups=[*tasks, *(loaners_out(work) if query.loaners else ())])


def _group(work: Work, kind: BookingTaskKind) -> ConcernGroup:
    is_open = BookingTask.state == "open", BookingTask.kind == kind
    tasks, count = oldest(work, BookingTask, *is_open, since=BookingTask.opened_at, most=MOST)
    customers = known_customers(work, {one.customer_id for one in tasks})
    told = [
        Concern(
            severity="warning",
            since=one.arrived_at or one.opened_at,
            appointment_id=one.appointment_id,
            plate=one.plate,
            customer_name=customers[one.customer_id].name,
            staff=one.advisor,
        )
        for one in tasks
    ]
    return ConcernGroup(kind=kind, count=count, items=told)


def list_booking_tasks(work: Work, query: ListBookingTasks) -> BookingTasks:
    """Tasks by state."""
    found = select(BookingTask)
    if query.state is not None:
        found = found.where(BookingTask.state == query.state)
    rows, cursor = page(work, found, query, keys=[BookingTask.id])
    customers = known_customers(work, {row.customer_id for row in rows})
    return BookingTasks(items=[row.describe_for(customers[row.customer_id]) for row in rows], next_cursor=cursor)
