"""Who should do what next: a dispatch proposal with its reasons (Rule W9)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Hours, Id, Part, Query, text, whole
from contracts.shared import Bay, Login, Name, Plate
from contracts.workshop.attendance import TeamName
from contracts.workshop.board import Board
from contracts.workshop.certificate import Skill
from contracts.workshop.comeback import Priority

NotProposed = Literal["uncertified", "absent", "later"]
"""无有效证书, 不在岗, 完工较晚: why somebody else is proposed."""

NobodyBecause = Literal["no_technician", "uncertified", "absent", "no_bay"]
"""无技师, 无持证人员, 无人在岗, 无工位."""


class PassedOver(Part):
    """A technician who is not proposed, and why: without a certificate for the skill named, not there, or done later."""

    technician: Login
    technician_name: Name | None = None
    why_not: NotProposed
    skill: Skill | None = None
    ends_at: datetime | None = None


class DispatchProposal(Part):
    """An order that waits to be given out, and who should begin it where and when, with what that follows from.

    They hold valid certificates for all `skills` that its open labour lines need, are there from `starts_at` on, and have so many
    hours of other work before; of those it is who is done first. Without anybody, `nobody_because` says why.
    """

    work_order_id: Id
    version: Annotated[int, whole(1)]
    number: Annotated[str, text(20)]
    plate: Plate
    priority: Priority
    promised_at: datetime | None = None
    hours: Hours
    skills: list[Skill]
    technician: Login | None = None
    technician_name: Name | None = None
    team_name: TeamName | None = None
    present: bool = False
    hours_before: Hours | None = None
    bay: Bay | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    in_time: bool | None = None
    nobody_because: NobodyBecause | None = None
    passed_over: list[PassedOver]


class DispatchProposals(Answer):
    """The queue: comebacks, then who booked, then the others, each by promised time; `left_out` are those behind the first ones.

    `board` is the floor that they follow from, if it was asked for.
    """

    as_of: datetime
    items: list[DispatchProposal]
    left_out: Annotated[int, whole(0)]
    board: Board | None = None


class ProposeDispatch(Query, service="workshop", answer=DispatchProposals):
    """Propose who does what next.

    For each order that waits to be given out, one after the other, each as if those before it were given out as proposed; or for
    one order by itself. Attendance is looked at for two weeks from now. Whoever shows the board beside them has it in the same
    answer, of the same moment, by `with_board`.
    """

    work_order_id: Id | None = None
    most: Annotated[int, whole(1, 30)] = 30
    with_board: bool = False
