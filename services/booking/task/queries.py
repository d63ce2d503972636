"""Queries of tasks."""

from sqlalchemy import select

from chassis import Work, page
from contracts.booking.task import BookingTasks, ListBookingTasks
from services.booking.projections.customer import known_customers
from services.booking.task.task import BookingTask


def list_booking_tasks(work: Work, query: ListBookingTasks) -> BookingTasks:
    """Tasks by state."""
    found = select(BookingTask)
    if query.state is not None:
        found = found.where(BookingTask.state == query.state)
    rows, cursor = page(work, found, query, keys=[BookingTask.id])
    customers = known_customers(work, {row.customer_id for row in rows})
    return BookingTasks(items=[row.describe_for(customers[row.customer_id]) for row in rows], next_cursor=cursor)
