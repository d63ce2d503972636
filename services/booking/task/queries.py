"""Queries of tasks."""

from sqlalchemy import select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup, Concerns
from contracts.booking.attention import FindBookingConcerns
from contracts.booking.task import BookingTasks, ListBookingTasks
from services.booking.projections.customer import known_customers
from services.booking.task.task import BookingTask


def find_booking_concerns(work: Work, query: FindBookingConcerns) -> Concerns:
    """A task is raised in the evening of the day: whatever is open is late."""
    tasks, count = oldest(work, BookingTask, BookingTask.state == "open", since=BookingTask.arrived_at, most=MOST)
    customers = known_customers(work, {one.customer_id for one in tasks})
    told = [
        Concern(
            severity="warning",
            since=one.arrived_at,
            appointment_id=one.appointment_id,
            plate=one.plate,
            customer_name=customers[one.customer_id].name,
            staff=one.advisor,
        )
        for one in tasks
    ]
    return Concerns(groups=[ConcernGroup(kind="order_not_opened", count=count, items=told)])


def list_booking_tasks(work: Work, query: ListBookingTasks) -> BookingTasks:
    """Tasks by state."""
    found = select(BookingTask)
    if query.state is not None:
        found = found.where(BookingTask.state == query.state)
    rows, cursor = page(work, found, query, keys=[BookingTask.id])
    customers = known_customers(work, {row.customer_id for row in rows})
    return BookingTasks(items=[row.describe_for(customers[row.customer_id]) for row in rows], next_cursor=cursor)
