"""Whose orders are whose on the floor: which an order's technician, a line's, their team's, or somebody at it now has."""

from sqlalchemy import ColumnElement, or_, select

from chassis import Work
from services.workshop.order.line import OrderLine, State
from services.workshop.order.occupancy import Occupancy
from services.workshop.order.work_order import WorkOrder
from services.workshop.team.presence import working_teams


def is_at(login: str) -> ColumnElement[bool]:
    """That they are clocked on to it now."""
    on_it = select(Occupancy.work_order_id).where(Occupancy.resource == "technician", Occupancy.name == login)
    return WorkOrder.id.in_(on_it)


def has_work(work: Work, login: str) -> ColumnElement[bool]:
    """That the order, or a line of it that is to be done, was given to them or to their team, or they are clocked on to it."""
    a_line = select(OrderLine.work_order_id).where(
        OrderLine.technician == login, OrderLine.done_at.is_(None), OrderLine.state == State.APPROVED
    )
    theirs = WorkOrder.team_id.in_([team.id for team in working_teams(work) if login in team.people])
    return or_(WorkOrder.technician == login, is_at(login), WorkOrder.id.in_(a_line), theirs)
