"""Cars on the floor as cards, with their work and who is at it: by four statements, however many there are (Rules W9, W22)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, bindparam, func, select

from chassis import DEALER, Hours, Work, colleagues
from contracts.booking.events import AppointmentTag
from contracts.workshop.board import BoardLine, BoardOrder, TimeOnLine
from services.workshop.order.comeback_note import ComebackNote, groups_of, is_high_voltage, priority_of
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.promise import Promise
from services.workshop.order.status import HERE, Status
from services.workshop.order.summary import UNDECIDED, UNFINISHED, told
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.order_parts import OrderParts, short_of
from services.workshop.shop_floor.clocking import Clocking, full_minutes
from services.workshop.shop_floor.proposal import queue_place


def _lines_of_order(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    of_order = OrderLine.dealer_id == DEALER, WorkOrder.dealer_id == DEALER, OrderLine.work_order_id == WorkOrder.id
    return select(func.count()).where(*of_order, *which).correlate(WorkOrder).scalar_subquery()


_ABOUT = (
    (Promise, Promise.id == WorkOrder.id),
    (OrderParts, OrderParts.id == WorkOrder.id),
    (FollowedAppointment, FollowedAppointment.id == WorkOrder.appointment_id),
)
_CARDS = select(
    WorkOrder.id,
    WorkOrder.version,
    WorkOrder.updated_at,
    WorkOrder.number,
    WorkOrder.status,
    WorkOrder.appointment_id,
    WorkOrder.vehicle_id,
    WorkOrder.vehicle,
    WorkOrder.customer_id,
    WorkOrder.customer,
    WorkOrder.complaint,
    WorkOrder.advisor,
    WorkOrder.technician,
    WorkOrder.team_name,
    WorkOrder.bay,
    WorkOrder.opened_at,
    WorkOrder.promised_at,
    WorkOrder.delivery_at,
    WorkOrder.dispatched_at,
    WorkOrder.hold_reason,
    WorkOrder.answered_at,
    WorkOrder.rework_count,
    WorkOrder.comeback,
    WorkOrder.high_voltage,
    _lines_of_order(UNDECIDED).label("undecided"),
    _lines_of_order(UNFINISHED).label("unfinished"),
    Promise.at_risk_at,
    Promise.expected_at,
    OrderParts.complete.label("parts_here"),
    OrderParts.facts.label("parts"),
    FollowedAppointment.facts.label("booked"),
).where(WorkOrder.dealer_id == DEALER)
for _kind, _its in _ABOUT:
    _CARDS = _CARDS.outerjoin(_kind, and_(_kind.dealer_id == WorkOrder.dealer_id, _its))
_THESE = _CARDS.where(WorkOrder.id.in_(bindparam("ids", expanding=True)))
_HERE = (
    _CARDS.where(WorkOrder.status.in_(HERE))
    .order_by((WorkOrder.status == Status.IN_PROGRESS).desc(), WorkOrder.opened_at.desc(), WorkOrder.id)
    .limit(bindparam("most"))
)
_LINES: Any = (
    select(
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
    .where(
        OrderLine.dealer_id == DEALER,
        OrderLine.work_order_id.in_(bindparam("ids", expanding=True)),
        OrderLine.kind.in_((Kind.LABOUR, Kind.SUBLET)),
        OrderLine.state.not_in((State.DECLINED, State.TAKEN_UP)),
    )
    .order_by(OrderLine.number)
)
_STRETCHES: Any = (
    select(Clocking.line_id, Clocking.technician, Clocking.on_at, Clocking.off_at)
    .where(Clocking.dealer_id == DEALER, Clocking.work_order_id.in_(bindparam("ids", expanding=True)))
    .order_by(Clocking.on_at)
)


def cards(work: Work, work_order_ids: Sequence[str]) -> list[BoardOrder]:
    """Each of these, in the order of the queue: comebacks, then who booked, then the others, the earliest promise first."""
    return _cards(work, work.ask(_THESE, ids=work_order_ids))


def cards_here(work: Work, most: int) -> list[BoardOrder]:
    """Every car until its customer accepts it, those in work and then the newest; no more than `most`."""
    return _cards(work, work.ask(_HERE, most=most))


def _cards(work: Work, orders: Sequence[Row[Any]]) -> list[BoardOrder]:
    ids = [order.id for order in orders]
    rows, stretches = work.ask(_LINES, ids=ids), work.ask(_STRETCHES, ids=ids)
    logins = *(each for order in orders for each in (order.advisor, order.technician)), *(row.technician for row in rows)
    names = colleagues(work, (*logins, *(one.technician for one in stretches)))
    times = _times(stretches, names)
    lines: dict[str, list[BoardLine]] = defaultdict(list)
    for row in rows:
        lines[row.work_order_id].append(_line(row, times.get(row.id, []), names))
    return sorted((_card(order, lines[order.id], work.now, names) for order in orders), key=queue_place)


def _times(stretches: Iterable[Row[Any]], names: Mapping[str, str]) -> dict[str, list[TimeOnLine]]:
    """By line, in the order in which they began."""
    minutes: Counter[tuple[str, str]] = Counter()
    since: dict[tuple[str, str], datetime] = {}
    for one in stretches:
        minutes[one.line_id, one.technician] += 0 if one.off_at is None else full_minutes(one.on_at, one.off_at)
        if one.off_at is None:
            since[one.line_id, one.technician] = one.on_at
    times: dict[str, list[TimeOnLine]] = defaultdict(list)
    for (line_id, technician), worked in minutes.items():
        time = TimeOnLine(
            technician=technician,
            technician_name=names.get(technician),
            minutes=worked,
            since=since.get((line_id, technician)),
        )
        times[line_id].append(time)
    return times


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


def _card(order: Row[Any], lines: list[BoardLine], now: datetime, names: Mapping[str, str]) -> BoardOrder:
    booked = order.booked or {}
    return BoardOrder(
        **told(order, now, names),
        undecided=order.undecided,
        unfinished=order.unfinished,
        at_risk=order.at_risk_at is not None,
        expected_at=None if order.at_risk_at is None else order.expected_at,
        parts_here=order.parts_here,
        short=[] if order.parts is None else short_of(order.parts),
        complaint=order.complaint,
        team_name=order.team_name,
        dispatched_at=order.dispatched_at,
        rework_count=order.rework_count,
        priority=priority_of(order.comeback, order.appointment_id),
        waiting=booked.get("waiting", False),
        tags=_tags(order.comeback, booked.get("tags", [])),
        lines=lines,
    )


def _tags(comeback: ComebackNote | None, booked: Sequence[AppointmentTag]) -> list[AppointmentTag]:
    """What booking knew beforehand, and whether it is a comeback after all."""
    found: list[AppointmentTag] = ["comeback"] if groups_of(comeback) else []
    return [*found, *(tag for tag in booked if tag not in found)]
