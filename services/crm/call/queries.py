"""Calls to make, and what customers say of the next appointment at every contact."""

from collections import Counter

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select

from chassis import Work, matching, sorted_page
from chassis.wire.values import basis_points
from contracts.crm.call import Calls, GetCall, ListCalls
from contracts.crm.next_appointment import ContactFigures, ContactKind, MeasureNextAppointments, NextAppointments
from services.crm.call.call import Call
from services.crm.follow_up.follow_up import FollowUp


def get_call(work: Work, query: GetCall) -> Call:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Call, query.call_id)


def list_calls(work: Work, query: ListCalls) -> Calls:
    """Those that wait longest come first, unless another order is asked for."""
    found = select(Call).where(
        *matching((Call.kind, query.kind), (Call.state, query.state), (Call.customer_id, query.customer_id))
    )
    by = {"opened_at": Call.opened_at, "updated_at": Call.updated_at}
    rows, cursor = sorted_page(work, found, query, by, id=Call.id)
    return Calls(items=[row.describe() for row in rows], next_cursor=cursor)


def measure_next_appointments(work: Work, query: MeasureNextAppointments) -> NextAppointments:
    """By a statement for each kind of contact, over the contacts of the period; none of a customer's is read."""
    first, last = work.profile.period(query.from_day, query.to_day, at=work.now)
    reached = FollowUp.state == "completed", FollowUp.outcome != "unreachable"
    kinds: tuple[tuple[ContactKind, SQLColumnExpression[str | None], tuple[ColumnElement[bool], ...]], ...] = (
        (
            "delivery",
            FollowUp.next_at_delivery,
            (FollowUp.state != "cancelled", *work.profile.within(FollowUp.delivered_at, first, last)),
        ),
        ("follow_up", FollowUp.next_appointment, (*reached, *work.profile.within(FollowUp.completed_at, first, last))),
        (
            "call",
            Call.outcome,
            (Call.state == "done", Call.outcome != "unreachable", *work.profile.within(Call.closed_at, first, last)),
        ),
    )
    return NextAppointments(
        from_day=first, to_day=last, items=[_figures(work, kind, said, conditions) for kind, said, conditions in kinds]
    )


def _figures(
    work: Work, kind: ContactKind, said: SQLColumnExpression[str | None], conditions: tuple[ColumnElement[bool], ...]
) -> ContactFigures:
    rows = work.execute(select(said.label("said"), func.count().label("number")).where(*conditions).group_by(said))
    number = Counter({row.said: row.number for row in rows})
    contacts = number.total()
    return ContactFigures(
        contact=kind,
        contacts=contacts,
        booked=number["booked"],
        later=number["later"],
        declined=number["declined"],
        booked_rate=basis_points(number["booked"], contacts),
    )
