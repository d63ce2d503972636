"""The floor as it is now, read in a number of statements that does not depend on how much there is (Rules W9, W22)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, func, select

from chassis import Hours, Work, colleagues
from contracts.booking.events import AppointmentTag
from contracts.shared import BAY
from contracts.workshop.board import BoardBay, BoardLine, BoardOrder, BoardTechnician, Running, TimeOnLine
from contracts.workshop.finding import WorkOrderSummary
from services.workshop.order.comeback_note import groups_of, is_high_voltage, priority_of
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.status import GIVEN, HERE, Status
from services.workshop.order.summary import summaries
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.shop_floor.clocking import Clocking, full_minutes
from services.workshop.shop_floor.proposal import open_labour, queue_place

MOST_CARDS = 500


def cards(work: Work, orders: Sequence[WorkOrder]) -> list[BoardOrder]:
    """Each of them, in the order of the queue: comebacks, then who booked, then the others, the earliest promise first."""
    ids = [order.id for order in orders]
    rows = list(work.execute(_work_on(ids)))
    times, names = _times(work, ids, (row.technician for row in rows if row.technician is not None))
    lines: dict[str, list[BoardLine]] = defaultdict(list)
    for row in rows:
        lines[row.work_order_id].append(_line(row, times.get(row.id, []), names))
    booked = [order.appointment_id for order in orders if order.appointment_id is not None]
    appointments = {one.id: one.facts for one in work.all(select(FollowedAppointment).where(FollowedAppointment.id.in_(booked)))}
    found = [
        _card(order, summary, lines[order.id], appointments.get(order.appointment_id or "", {}))
        for order, summary in zip(orders, summaries(work, orders), strict=True)
    ]
    return sorted(found, key=queue_place)


def floor(work: Work) -> tuple[list[BoardOrder], int]:
    """Every car until its customer accepts it, those in work and then the newest; and how many are left out."""
    in_work_first = (WorkOrder.status == Status.IN_PROGRESS).desc()
    here = select(WorkOrder).where(WorkOrder.status.in_(HERE))
    found = cards(work, work.all(here.order_by(in_work_first, WorkOrder.opened_at.desc(), WorkOrder.id).limit(MOST_CARDS)))
    ((count,),) = work.execute(select(func.count()).select_from(WorkOrder).where(WorkOrder.status.in_(HERE)))
    return found, count - len(found)


def running(found: Iterable[BoardOrder]) -> dict[str, Running]:
    """What each technician who is clocked on is at."""
    return {
        time.technician: Running(work_order_id=card.id, line_id=line.line_id, since=time.since)
        for card in found
        for line in card.lines
        for time in line.times
        if time.since is not None
    }


def technicians(found: Sequence[BoardOrder], known: Mapping[str, str]) -> list[BoardTechnician]:
    """Everybody whom the dealer has as technician, and whoever else has something to do: an order, or a line of one."""
    given, now = _given(found, whose), running(found)
    return [
        BoardTechnician(
            technician=login,
            technician_name=known.get(login),
            running=now.get(login),
            work_order_ids=[card.id for card in given.get(login, ())],
            hours_left=_hours_left(given.get(login, ()), login),
        )
        for login in sorted({*known, *given, *now})
    ]


def bays(
    found: Sequence[BoardOrder], known: Iterable[str], occupied: Mapping[str, str], blocked: Mapping[str, str]
) -> list[BoardBay]:
    """The dealer's bays in the order of its list, then whichever else has something to do.

    `occupied` and `blocked` are by `BAY.key`.
    """
    given = _given(found, lambda card: [BAY.key(card.bay)] if card.bay else [])
    listed = {BAY.key(bay): bay for bay in known}
    others = {key: key for key in occupied} | {
        BAY.key(card.bay): card.bay for sent in given.values() for card in sent if card.bay
    }
    return [
        BoardBay(
            bay=bay,
            listed=key in listed,
            occupied_by=occupied.get(key),
            blocked_by=blocked.get(key),
            work_order_ids=[card.id for card in given.get(key, ())],
            hours_left=_hours_left(given.get(key, ())),
        )
        for key, bay in {**listed, **{key: others[key] for key in sorted(others) if key not in listed}}.items()
    ]


def whose(card: BoardOrder) -> list[str]:
    """Who leads it, and to whom lines of it were given that are not done."""
    given = {line.technician for line in open_labour(card) if line.technician is not None}
    return sorted(given | ({card.technician} if card.technician is not None else set()))


def _given(found: Iterable[BoardOrder], to: Callable[[BoardOrder], Iterable[str]]) -> dict[str, list[BoardOrder]]:
    given: dict[str, list[BoardOrder]] = defaultdict(list)
    for card in found:
        for name in to(card) if card.status in GIVEN else ():
            given[name].append(card)
    return given


def _hours_left(given: Iterable[BoardOrder], login: str | None = None) -> Hours:
    lines = ((card, line) for card in given for line in open_labour(card))
    theirs = (line for card, line in lines if login is None or (line.technician or card.technician) == login)
    return Hours(sum(line.hours.units for line in theirs if line.hours is not None))


def _times(
    work: Work, work_order_ids: Sequence[str], given_to: Iterable[str]
) -> tuple[dict[str, list[TimeOnLine]], Mapping[str, str]]:
    """By line, in the order in which they began; and what these technicians are called, and those to whom lines were given."""
    columns = Clocking.line_id, Clocking.technician, Clocking.on_at, Clocking.off_at
    stretches = work.execute(select(*columns).where(Clocking.work_order_id.in_(work_order_ids)).order_by(Clocking.on_at))
    minutes: Counter[tuple[str, str]] = Counter()
    since: dict[tuple[str, str], datetime] = {}
    for one in stretches:
        minutes[one.line_id, one.technician] += 0 if one.off_at is None else full_minutes(one.on_at, one.off_at)
        if one.off_at is None:
            since[one.line_id, one.technician] = one.on_at
    names = colleagues(work, (*(technician for _, technician in minutes), *given_to))
    times: dict[str, list[TimeOnLine]] = defaultdict(list)
    for (line_id, technician), worked in minutes.items():
        time = TimeOnLine(
            technician=technician,
            technician_name=names.get(technician),
            minutes=worked,
            since=since.get((line_id, technician)),
        )
        times[line_id].append(time)
    return times, names


def _work_on(work_order_ids: Sequence[str]) -> Executable:
    columns = (
        OrderLine.id,
        OrderLine.work_order_id,
        OrderLine.number,
        OrderLine.job,
        OrderLine.kind,
        OrderLine.description,
        OrderLine.name_zh,
        OrderLine.name_en,
        OrderLine.operation_code,
        OrderLine.technician,
        OrderLine.state,
        OrderLine.safety,
        OrderLine.repair,
        OrderLine.hours_units,
        OrderLine.done_at,
    )
    wanted = OrderLine.kind.in_((Kind.LABOUR, Kind.SUBLET)), OrderLine.state.not_in((State.DECLINED, State.TAKEN_UP))
    return select(*columns).where(OrderLine.work_order_id.in_(work_order_ids), *wanted).order_by(OrderLine.number)


def _line(row: Row[Any], times: list[TimeOnLine], names: Mapping[str, str]) -> BoardLine:
    return BoardLine(
        line_id=row.id,
        number=row.number,
        job=row.job,
        kind=row.kind.value,
        description=row.description,
        name_zh=row.name_zh,
        name_en=row.name_en,
        operation_code=row.operation_code,
        state=row.state.value,
        safety=row.safety,
        high_voltage=is_high_voltage(row.repair),
        technician=row.technician,
        technician_name=names.get(row.technician or ""),
        hours=None if row.hours_units is None else Hours(row.hours_units),
        minutes=sum(time.minutes for time in times),
        done_at=row.done_at,
        times=times,
    )


def _card(order: WorkOrder, summary: WorkOrderSummary, lines: list[BoardLine], appointment: Mapping[str, Any]) -> BoardOrder:
    return BoardOrder(
        **vars(summary),
        complaint=order.complaint,
        team_name=order.team_name,
        dispatched_at=order.dispatched_at,
        rework_count=order.rework_count,
        priority=priority_of(order.comeback, order.appointment_id),
        waiting=appointment.get("waiting", False),
        tags=_tags(order, appointment.get("tags", [])),
        lines=lines,
    )


def _tags(order: WorkOrder, booked: Sequence[AppointmentTag]) -> list[AppointmentTag]:
    """What booking knew beforehand, and whether it is a comeback after all."""
    found: list[AppointmentTag] = ["comeback"] if groups_of(order.comeback) else []
    return [*found, *(tag for tag in booked if tag not in found)]
