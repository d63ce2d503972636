"""Working out when a car can be ready, from what is known now (Rule W6). The statements do not depend on how much there is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Row, and_, select

from chassis import Hours, Work
from contracts.workshop.promise import FoundPromise, NoTimeBecause
from services.workshop.order.comeback_note import priority_of
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.opening_hours import Opening
from services.workshop.promise.parts import Parts, parts_of
from services.workshop.promise.plan import Done, Share, Shop, added, left_of
from services.workshop.shop_floor.clocking import Clocking
from services.workshop.shop_floor.proposal import LATEST, RANKS
from services.workshop.team.presence import roster
from services.workshop.team.settings import TeamSettings
from services.workshop.team.shifts import Stretch, without, worked_off

AHEAD = timedelta(days=14)
"""So far the shop is looked at beyond the day from which on the car can be worked on, and to the promised time at least."""
MOST_LINES = 2000
FULL = timedelta(minutes=5)
WORKED_ON = (Status.OPEN, Status.DISPATCHED, Status.IN_PROGRESS)
"""What waits for something is nobody's load until it does no more."""

Place = tuple[bool, bool, int, datetime, datetime, str]

OPEN_LABOUR = (
    select(
        OrderLine.id,
        OrderLine.work_order_id,
        OrderLine.technician,
        OrderLine.hours_units,
        OrderLine.begun_at,
        WorkOrder.technician.label("leader"),
        WorkOrder.status,
        WorkOrder.comeback,
        WorkOrder.appointment_id,
        WorkOrder.promised_at,
        WorkOrder.opened_at,
        WorkOrder.number,
    )
    .join(WorkOrder, and_(WorkOrder.dealer_id == OrderLine.dealer_id, WorkOrder.id == OrderLine.work_order_id))
    .where(
        OrderLine.kind == Kind.LABOUR,
        OrderLine.state == State.APPROVED,
        OrderLine.done_at.is_(None),
        WorkOrder.status.in_(WORKED_ON),
    )
    .limit(MOST_LINES)
)


def find(work: Work, order: WorkOrder, *, more: Sequence[OrderLine] = ()) -> FoundPromise:
    """When the order's car can be ready: with its lines, also those that nobody has decided on, and `more`, which are to be."""
    with work.without_autoflush():
        return _find(work, order, [*order.lines, *more])


def _find(work: Work, order: WorkOrder, lines: Sequence[OrderLine]) -> FoundPromise:
    settings = work.settings(TeamSettings)
    today = work.profile.local(work.now).date()
    calendar = Opening(work)
    parts = parts_of(work, order, lines, calendar, today)
    until = _until(work, today, parts, order.promised_at)
    known = roster(work, today, until)
    open_hours = calendar.stretches(today, until)
    people: dict[str, list[Stretch]] = {}
    for login in sorted(known.names):
        absent = [one.stretch for one in known.absences.get(login, ())]
        shifts = known.planned(login) != "none"
        people[login] = list(known.attended[login]) if shifts else without(open_hours, absent)
    rows = [row for row in work.execute(OPEN_LABOUR) if row.work_order_id != order.id]
    own = [
        line
        for line in lines
        if line.kind is Kind.LABOUR and line.done_at is None and (line.approved or line.undecided) and line.hours_units
    ]
    begun = {row.work_order_id for row in rows if row.begun_at is not None}
    begun |= {order.id} if any(line.begun_at is not None for line in own) else set()
    clocked = _clocked(work, begun)
    before = _before(rows, _place(order), clocked)
    shop = Shop(work.now, people)
    for share in before.values():
        shop.take(share)
    nothing = timedelta()
    mine = added(
        (line.technician or order.technician, left_of(_hours(line.hours_units), clocked.get(line.id, nothing))) for line in own
    )
    done = None if parts.unknown else _done(shop, mine, max(work.now, parts.at or work.now))
    ready_at = None if done is None else worked_off(open_hours, done.ends_at, settings.finishing)
    spared = None if done is None else worked_off(open_hours, done.ends_at, settings.finishing + settings.reserve)
    technician = None if done is None else done.technician
    return FoundPromise(
        found_at=work.now,
        ready_at=ready_at,
        proposed_at=None if spared is None else rounded_up(spared),
        hours=_units(sum(mine.values(), timedelta())),
        hours_before=_units(sum((one for share in before.values() for one in share.values()), timedelta())),
        orders_before=len(before),
        technician=technician,
        technician_name=None if technician is None else known.names.get(technician),
        shifts=None if technician is None else known.planned(technician),
        starts_at=None if done is None or not mine else done.starts_at,
        ends_at=None if done is None or not mine else done.ends_at,
        finishing_minutes=settings.finishing_minutes,
        reserve_minutes=settings.reserve_minutes,
        parts=parts.known,
        awaited=parts.awaited,
        parts_at=None if parts.unknown else parts.at,
        no_time_because=None if ready_at is not None else _why_not(parts, people),
    )


def _until(work: Work, today: date, parts: Parts, promised_at: datetime | None) -> date:
    """The last local day that is looked at: a part comes in weeks, and the car may be promised for later still."""
    here = today if parts.at is None else work.profile.local(parts.at).date()
    promised = today if promised_at is None else work.profile.local(promised_at).date()
    return max(here + AHEAD, promised)


def _done(shop: Shop, mine: Share, not_before: datetime) -> Done | None:
    return shop.finish(mine, not_before) if mine else Done(None, not_before, not_before)


def _why_not(parts: Parts, people: Mapping[str, object]) -> NoTimeBecause:
    if parts.unknown:
        return "part_unknown"
    return "absent" if people else "no_technician"


def rounded_up(at: datetime) -> datetime:
    """To the next full five minutes: nobody is told any other time."""
    return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % FULL


def _place(one: WorkOrder | Row[tuple[object, ...]]) -> Place:
    """Before whom it is served: what is under way, what was given out, then the order of the queue."""
    rank = RANKS[priority_of(one.comeback, one.appointment_id)]
    begun, given = one.status == Status.IN_PROGRESS, one.status == Status.DISPATCHED
    return not begun, not given and not begun, rank, one.promised_at or LATEST, one.opened_at, one.number


def _before(rows: Iterable[Row[tuple[object, ...]]], place: Place, clocked: Mapping[str, timedelta]) -> dict[str, Share]:
    """What comes before that place, in the order in which it does."""
    lines: dict[tuple[Place, str], list[tuple[str | None, timedelta]]] = defaultdict(list)
    for row in rows:
        if (found := _place(row)) < place and row.hours_units:
            left = left_of(_hours(row.hours_units), clocked.get(row.id, timedelta()))
            lines[found, row.work_order_id].append((row.technician or row.leader, left))
    return {work_order_id: added(lines[of, work_order_id]) for of, work_order_id in sorted(lines)}


def _clocked(work: Work, work_order_ids: Iterable[str]) -> dict[str, timedelta]:
    """By line, what was worked on it until now."""
    ids, found = sorted(work_order_ids), defaultdict[str, timedelta](timedelta)
    columns = Clocking.line_id, Clocking.on_at, Clocking.off_at
    for row in work.execute(select(*columns).where(Clocking.work_order_id.in_(ids))) if ids else ():
        found[row.line_id] += max((row.off_at or work.now) - row.on_at, timedelta())
    return found


def _hours(units: int | None) -> timedelta:
    return timedelta(hours=(units or 0) / 100)


def _units(work: timedelta) -> Hours:
    return Hours(round(work / timedelta(hours=1) * 100))
