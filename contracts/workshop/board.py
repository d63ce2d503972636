"""The floor now: the foreman's board (看板), and a technician's own work."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Hours, Id, Part, Query, text, whole
from contracts.booking.events import AppointmentTag
from contracts.shared import Bay, LineKind, Login, Name, OperationCode
from contracts.workshop.attendance import TeamName
from contracts.workshop.comeback import Priority
from contracts.workshop.equipment import EquipmentCode
from contracts.workshop.finding import WorkOrderSummary
from contracts.workshop.order import LineState


class TimeOnLine(Part):
    """One technician's time on a line: what has ended, and since when they are on it now."""

    technician: Login
    technician_name: Name | None = None
    minutes: Annotated[int, whole(0)]
    since: datetime | None = None


class BoardLine(Part):
    """Work on a car, in the shop or outside, that the customer wants or has yet to decide on."""

    line_id: Id
    number: Annotated[int, whole(1)]
    job: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    operation_code: OperationCode | None = None
    state: LineState
    safety: bool
    high_voltage: bool = False
    technician: Login | None = None
    technician_name: Name | None = None
    hours: Hours | None = None
    minutes: Annotated[int, whole(0)]
    done_at: datetime | None = None
    times: list[TimeOnLine]


class BoardOrder(WorkOrderSummary):
    """A car in the shop: as lists show it, with its work and who is at it."""

    complaint: Annotated[str, text(4000)]
    team_name: TeamName | None = None
    dispatched_at: datetime | None = None
    rework_count: Annotated[int, whole(0)]
    priority: Priority
    waiting: bool
    tags: list[AppointmentTag]
    lines: list[BoardLine]


class Running(Part):
    """The line that a technician is clocked on to."""

    work_order_id: Id
    line_id: Id
    since: datetime


class BoardTechnician(Part):
    """A technician of the dealer: what they are on now, and what was given to them, in the order of the queue."""

    technician: Login
    technician_name: Name | None = None
    running: Running | None = None
    work_order_ids: list[Id]
    hours_left: Hours


class BoardBay(Part):
    """A bay: whose car stands in it, and which were sent to it, in the order of the queue.

    `blocked_by` is its lift, if that is overdue for its service: no work is sent there (Rule W21).
    """

    bay: Bay
    listed: bool
    occupied_by: Id | None = None
    blocked_by: EquipmentCode | None = None
    work_order_ids: list[Id]
    hours_left: Hours


class BoardTeam(Part):
    """A team of the dealer, to which work can be given."""

    team_id: Id
    team_name: TeamName
    leader: Login
    members: list[Login]


class Board(Answer):
    """The floor at this moment: cars that the customer has not taken back, technicians and bays (Rules W9, W22)."""

    orders: list[BoardOrder]
    technicians: list[BoardTechnician]
    bays: list[BoardBay]
    teams: list[BoardTeam]
    left_out: Annotated[int, whole(0)]


class MyWork(Answer):
    """What lies on the caller: first the order they are clocked on to, then what can be worked on, then what is on hold.

    `handed_in` was theirs, and is in the final inspection or ready: it is theirs again if it comes back.
    """

    running: Running | None = None
    orders: list[BoardOrder]
    handed_in: list[BoardOrder]


class GetBoard(Query, service="workshop", answer=Board):
    """Show the board.

    Every car in the shop, comebacks before who booked and the others, each by promised time, with its work, who is at it since
    when, what it waits for and how late it is; every technician with what they do now and what lies on them; every bay. At most
    500 cars: those in work, then the newest; `left_out` are older ones.
    """


class GetMyWork(Query, service="workshop", answer=MyWork):
    """Show my work.

    The orders that were given to the caller or their team, those with a line of theirs, and the one they help out on, with what
    is running now.
    """
