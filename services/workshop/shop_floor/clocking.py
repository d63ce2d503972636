"""Clocking (打卡): who worked on which line, from when to when (Rule W9)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Index, String, and_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, Refused, Work, belongs_to
from contracts.workshop.events import WorkStarted, WorkStopped
from services.workshop.model import Base
from services.workshop.order.line import Kind
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.accepting import require_accepted

LONGEST = timedelta(days=1)
UNCORRECTED = text("forgotten AND ended_by IS NULL")


class Clocking(Aggregate, Base):
    """One stretch of work of one technician on one line; open until they clock off, or somebody else does so for them.

    Its version is its own: the order's rises only when work on it begins and when a line is done. A `forgotten` one was ended by
    the end of the shift, until somebody says when it really was.
    """

    __tablename__ = "clocking"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        Index(None, "dealer_id", "technician", "off_at"),
        Index(None, "dealer_id", "on_at"),
        Index(
            "clocking_uncorrected_ix",
            "dealer_id",
            "off_at",
            "id",
            postgresql_where=UNCORRECTED,
            sqlite_where=UNCORRECTED,
        ),
    )

    work_order_id: Mapped[str] = mapped_column(IdType, index=True)
    line_id: Mapped[str] = mapped_column(IdType)
    technician: Mapped[str] = mapped_column(String(64))
    on_at: Mapped[datetime]
    off_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    ended_because: Mapped[str | None] = mapped_column(String(300))
    forgotten: Mapped[bool]

    @property
    def open(self) -> bool:
        """The technician is still at it."""
        return self.off_at is None

    @classmethod
    def standing_uncorrected(cls) -> ColumnElement[bool]:
        """Of a query: the end of the shift ended it, and nobody has said yet when it really ended."""
        return and_(cls.forgotten, cls.ended_by.is_(None))

    @property
    def uncorrected(self) -> bool:
        """The same of this one."""
        return self.forgotten and self.ended_by is None

    @property
    def minutes(self) -> int:
        """Full minutes worked."""
        assert self.off_at is not None
        return full_minutes(self.on_at, self.off_at)

    def stop(self, at: datetime, *, field: str, done: bool = False, by: str | None = None, reason: str | None = None) -> None:
        """It ended then, as `by` says for them. Raises Invalid naming the field for an end that is none.

        People tell the time to the minute: that in which it began will do.
        """
        if at < self.on_at.replace(second=0, microsecond=0):
            raise Invalid.field(field, "before_clocking_on")
        if at - self.on_at > LONGEST:
            raise Invalid.field(field, "longer_than_hours", hours=LONGEST // timedelta(hours=1))
        self.off_at, self.ended_by, self.ended_because = max(at, self.on_at), by, reason
        self.forgotten = self.forgotten and by is not None
        self._tell(done=done)

    def forget(self, at: datetime) -> None:
        """Nobody ended it: that is taken to be then, until somebody says otherwise."""
        self.off_at, self.forgotten = max(at, self.on_at), True
        self._tell(done=False)

    def _tell(self, *, done: bool) -> None:
        assert self.off_at is not None
        self.announce(
            WorkStopped(
                work_order_id=self.work_order_id,
                line_id=self.line_id,
                technician=self.technician,
                done=done,
                stopped_at=self.off_at,
                worked_minutes=self.minutes,
                stopped_by=self.ended_by,
                reason=self.ended_because,
                forgotten=self.uncorrected,
            )
        )


def full_minutes(on_at: datetime, off_at: datetime) -> int:
    """What a stretch of work counts: a minute that was begun does not."""
    return (off_at - on_at) // timedelta(minutes=1)


def clock_on(order: WorkOrder, line_id: str, technician: str, at: datetime) -> Clocking:
    """The technician starts on a line: approved labour that is not done."""
    order.require(Transition.CLOCK_ON)
    line = order.line(line_id)
    line.require_approved()
    if line.kind is not Kind.LABOUR:
        raise Refused("not_a_labour_line", line=line.number)
    if line.done_at is not None:
        raise Refused("line_already_done", line=line.number)
    if line.technician not in (None, technician):
        raise Refused("line_of_colleague", line=line.number, name=line.technician)
    require_accepted(order)
    order.take(Transition.CLOCK_ON)
    line.begun_at = min(line.begun_at or at, at)
    clocking = Clocking(
        work_order_id=order.id,
        visit_id=order.visit_id,
        line_id=line_id,
        technician=technician,
        on_at=at,
        off_at=None,
        forgotten=False,
    )
    clocking.announce(WorkStarted(work_order_id=order.id, line_id=line_id, technician=technician, started_at=at))
    return clocking


def clock_off(
    order: WorkOrder,
    clockings: Iterable[Clocking],
    line_id: str,
    technician: str,
    at: datetime,
    *,
    done: bool,
    field: str = "occurred_at",
    by: str | None = None,
    reason: str | None = None,
    told: bool = False,
) -> Clocking:
    """The technician stops; when they are done, so is the line - unless a colleague is still at it. Returns what ended.

    `clockings` are those of the order; `by` says who does it for them, `field` where the time was told. Whoever clocked on by
    mistake and off within the minute has begun nothing. A tablet that has `told` the time afterwards forgot nothing: it counts
    although the shift ended meanwhile.
    """
    order.require(Transition.CLOCK_OFF)
    line = order.line(line_id)
    on_line = [one for one in clockings if one.line_id == line_id]
    running = [one for one in on_line if one.open]
    mine = next((one for one in running if one.technician == technician), None)
    if mine is None and told:
        mine = next((one for one in on_line if one.technician == technician and one.uncorrected), None)
    if mine is None:
        raise Refused("not_clocked_on", line=line.number)
    if done and any(one is not mine for one in running):
        raise Refused("colleague_still_on_line", line=line.number)
    mine.stop(at, field=field, done=done, by=by, reason=reason)
    if done:
        line.done_at = max(one.off_at or at for one in on_line)  # a tablet may tell of it after a colleague stopped
    elif all(not one.open and not one.minutes for one in on_line):
        line.begun_at = None
    return mine


def require_nothing_else_done(work: Work, technician: str, at: datetime) -> None:
    """Raises Invalid naming `occurred_at` if the technician was on another line then or later, and has stopped since."""
    later = select(Clocking).where(Clocking.technician == technician, Clocking.off_at > at).order_by(Clocking.off_at.desc())
    other = work.first(later)
    if other is not None and other.off_at is not None:
        until = work.profile.local(other.off_at).isoformat(timespec="minutes")
        number = work.get(WorkOrder, other.work_order_id).number
        raise Invalid.field("occurred_at", "overlaps_other_work", work_order=number, until=until)


def require_nobody_clocked_on(clockings: Iterable[Clocking]) -> None:
    """Raises Refused naming who is still at it."""
    for clocking in clockings:
        if clocking.open:
            raise Refused("still_clocked_on", technician=clocking.technician)


def clockings_of(work: Work, order: WorkOrder) -> Sequence[Clocking]:
    """All clockings of an order, the earliest first. Whoever locked the order sees them as they stay until the commit."""
    return work.all(select(Clocking).where(Clocking.work_order_id == order.id).order_by(Clocking.on_at))
