"""Questions about work orders."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from chassis import NotFound, Work, has_person, has_piece, matching, newest_of, oldest, page, sorted_page
from chassis.wire.fields import ID
from chassis.wire.keys import bare, capitals, plate_key
from chassis.wire.searching import beginning
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop import finding, order
from contracts.workshop.battery import Battery, GetBattery
from contracts.workshop.daily_report import GetShopDay, ShopDay
from contracts.workshop.declined_work import DeclinedBeforeOfCar, ListDeclinedWork
from contracts.workshop.finding import FindNumbers, ListWorkOrders
from contracts.workshop.loaner_offer import ListLoanerOffers, LoanerOffers
from contracts.workshop.order import GetWorkOrder
from contracts.workshop.searching import FoundWorkOrders, SearchWorkOrders
from contracts.workshop.vehicle_history import ListVehicleHistory, VehicleHistory
from services.workshop.equipment.queries import equipment_concerns
from services.workshop.lane.queries import lane_concerns
from services.workshop.order.battery import packs_of
from services.workshop.order.daily_report import shop_day
from services.workshop.order.declined_work import shown, vin_of
from services.workshop.order.given import has_work, is_at
from services.workshop.order.loaner_offer import LoanerOffer
from services.workshop.order.number_series import numbered
from services.workshop.order.progress_report import ProgressReport
from services.workshop.order.promise import Promise
from services.workshop.order.promised import DELIVERY_OVERTAKEN, moved_at
from services.workshop.order.status import ENDED, HERE, NOT_READY, OPEN, Status
from services.workshop.order.summary import about, summaries
from services.workshop.order.vehicle_history import history
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.projections.customer import KnownCustomer
from services.workshop.team.queries import certificate_concerns


@cache
def _with_lines() -> tuple[ORMOption, ...]:
    # One statement instead of two. Not to edit: after a wait for the lock the order would be new and its joined lines old.
    # Not at import: it would configure the mappers of services that are imported only half way.
    return (joinedload(WorkOrder.lines),)


LONG = timedelta(hours=24)
"""So long an order may be on hold before somebody should ask why."""


def get_work_order(work: Work, query: GetWorkOrder) -> order.WorkOrder:
    """The order as it stands."""
    return work.get(WorkOrder, query.work_order_id, options=_with_lines()).describe()


def list_work_orders(work: Work, query: ListWorkOrders) -> finding.WorkOrders:
    """Those that meet all conditions."""
    found = select(WorkOrder).where(
        *matching(
            (WorkOrder.status, [Status(one) for one in query.status]),
            (WorkOrder.customer_id, query.customer_id),
            (WorkOrder.vehicle_id, query.vehicle_id),
            (WorkOrder.advisor, query.advisor),
            (WorkOrder.technician, None if query.in_shop else query.technician),
        ),
        *work.profile.within(WorkOrder.opened_at, query.from_day, query.to_day),
    )
    if query.name is not None or query.phone is not None:
        asked = has_person(
            KnownCustomer.name_forms, KnownCustomer.phone_key, name=query.name, phone=query.phone, country=work.profile.country
        )
        found = found.where(WorkOrder.customer_id.in_(select(KnownCustomer.id).where(*asked)))
    if query.in_shop and query.technician is not None:
        found = found.where(has_work(work, query.technician))
    if query.worked_on_by is not None:
        found = found.where(is_at(query.worked_on_by))
    if query.open is not None:
        found = found.where(WorkOrder.status.in_(OPEN if query.open else ENDED))
    if query.answered is not None:
        unseen = WorkOrder.answered_at.is_not(None) if query.answered else WorkOrder.answered_at.is_(None)
        found = found.where(unseen)
    if query.at_risk is not None:
        at_risk = WorkOrder.id.in_(select(Promise.id).where(Promise.at_risk_at.is_not(None)))
        found = found.where(at_risk if query.at_risk else ~at_risk)
    if query.delivery_overtaken is not None:
        found = found.where(DELIVERY_OVERTAKEN if query.delivery_overtaken else ~DELIVERY_OVERTAKEN)
    if query.number is not None:
        found = found.where(numbered(work, WorkOrder.number, query.number))
    if query.plate is not None:
        found = found.where(has_piece(WorkOrder.plate_key, plate_key(query.plate)))
    if query.in_shop is not None:
        found = found.where(WorkOrder.status.in_(HERE) if query.in_shop else WorkOrder.status.not_in(HERE))
    if query.sort.endswith("promised_at"):
        found = found.where(WorkOrder.status.in_(HERE))
    found = found.where(*_promised(query))
    # Orders are numbered as they are opened; a beginning of a number is found in the index of numbers.
    opened_at = WorkOrder.opened_at if query.number is None else WorkOrder.number
    by = {"opened_at": opened_at, "number": WorkOrder.number, "updated_at": WorkOrder.updated_at, "promised_at": WorkOrder.due_at}
    rows, cursor = sorted_page(work, found, query, by, id=WorkOrder.id)
    return finding.WorkOrders(items=summaries(work, rows), next_cursor=cursor)


def _promised(query: ListWorkOrders) -> Iterator[ColumnElement[bool]]:
    """Whether, and for which times."""
    if query.promised is not None:
        yield WorkOrder.promised_at.is_not(None) if query.promised else WorkOrder.promised_at.is_(None)
    if query.promised_from is not None:
        yield WorkOrder.promised_at >= query.promised_from
    if query.promised_before is not None:
        yield WorkOrder.promised_at < query.promised_before


def find_numbers(work: Work, query: FindNumbers) -> finding.Numbers:
    """Raises NotFound, also when it is another dealer's."""
    named = WorkOrder.id == query.order if re.match(ID, query.order) else WorkOrder.number == capitals(query.order)
    found = work.first(select(WorkOrder).where(named))
    if found is None:
        raise NotFound("not_found", kind="work_order", id=query.order)
    lines = [finding.LineNumber(number=line.number, line_id=line.id) for line in found.lines]
    return finding.Numbers(work_order_id=found.id, lines=lines)


def get_shop_day(work: Work, query: GetShopDay) -> ShopDay:
    """By day and by status."""
    return shop_day(work, query.day)


def list_vehicle_history(work: Work, query: ListVehicleHistory) -> VehicleHistory:
    """Of the group."""
    return history(work, query)


def search_work_orders(work: Work, query: SearchWorkOrders) -> FoundWorkOrders:
    """By number, and by plate from its beginning; and of customers and cars that others have found."""
    number, plate = bare(query.search), plate_key(query.search)
    rows = newest_of(
        work,
        WorkOrder,
        [numbered(work, WorkOrder.number, number)] if number else (),
        [WorkOrder.plate_key.between(*beginning(plate))] if plate else (),
        matching((WorkOrder.customer_id, query.customer_ids)),
        matching((WorkOrder.vehicle_id, query.vehicle_ids)),
        by=WorkOrder.opened_at,
        most=query.limit,
    )
    return FoundWorkOrders(items=summaries(work, rows))


def order_concerns(work: Work) -> list[ConcernGroup]:
    """Of orders and the lane. Asked by status: orders that are done cost nothing, however many there are."""
    is_late = WorkOrder.status.in_(NOT_READY), WorkOrder.promised_at < work.now
    late, late_count = oldest(work, WorkOrder, *is_late, since=WorkOrder.promised_at, most=MOST)
    is_held = WorkOrder.status == Status.ON_HOLD, WorkOrder.held_at <= work.now - LONG
    held, held_count = oldest(work, WorkOrder, *is_held, since=WorkOrder.held_at, most=MOST)
    unseen = WorkOrder.answered_at.is_not(None)
    answered, answered_count = oldest(work, WorkOrder, unseen, since=WorkOrder.answered_at, most=MOST)
    is_damaged = WorkOrder.new_damage_at.is_not(None)
    damaged, damaged_count = oldest(work, WorkOrder, is_damaged, since=WorkOrder.new_damage_at, most=MOST)
    offered, offered_count = oldest(work, LoanerOffer, LoanerOffer.ended_at.is_(None), since=LoanerOffer.raised_at, most=MOST)
    return [
        ConcernGroup(
            kind="late_order",
            count=late_count,
            items=[Concern(severity="severe", since=_at(one.promised_at), detail=one.status.value, **about(one)) for one in late],
        ),
        ConcernGroup(
            kind="long_hold",
            count=held_count,
            items=[Concern(severity="warning", since=_at(one.held_at), detail=one.hold_reason, **about(one)) for one in held],
        ),
        ConcernGroup(
            kind="unseen_answer",
            count=answered_count,
            items=[Concern(severity="warning", since=_at(one.answered_at), **about(one)) for one in answered],
        ),
        ConcernGroup(
            kind="new_damage",
            count=damaged_count,
            items=[Concern(severity="severe", since=_at(one.new_damage_at), **about(one)) for one in damaged],
        ),
        *promise_concerns(work),
        lane_concerns(work),
        certificate_concerns(work),
        equipment_concerns(work),
        ConcernGroup(
            kind="loaner_offer",
            count=offered_count,
            items=[Concern(severity="warning", since=one.raised_at, **about(one.order)) for one in offered],
        ),
    ]


def promise_concerns(work: Work) -> list[ConcernGroup]:
    """Promises that can no longer be kept, and are not missed yet - those are late orders -, reports that nobody made, and
    deliveries that are agreed for a time before the promised one."""
    at_risk = Promise.at_risk_at.is_not(None), Promise.promised_at >= work.now
    risky, risks = oldest(work, Promise, *at_risk, since=Promise.at_risk_at, most=MOST)
    here = ProgressReport.work_order_id.in_(select(WorkOrder.id).where(WorkOrder.status.in_(HERE)))
    untold = ProgressReport.ended_at.is_(None), ProgressReport.escalated_at.is_not(None), here
    missed, misses = oldest(work, ProgressReport, *untold, since=ProgressReport.due_at, most=MOST)
    overtaken, overtakings = oldest(work, WorkOrder, DELIVERY_OVERTAKEN, since=WorkOrder.delivery_at, most=MOST)
    moved = moved_at(work, [one.id for one in overtaken])
    return [
        ConcernGroup(
            kind="delivery_overtaken",
            count=overtakings,
            items=[Concern(severity="warning", since=moved.get(one.id, work.now), **about(one)) for one in overtaken],
        ),
        ConcernGroup(
            kind="promise_at_risk",
            count=risks,
            items=[Concern(severity="warning", since=_at(one.at_risk_at), **about(one.order)) for one in risky],
        ),
        ConcernGroup(
            kind="missed_report",
            count=misses,
            items=[Concern(severity="severe", since=one.due_at, detail=one.kind, **about(one.order)) for one in missed],
        ),
    ]


def list_declined_work(work: Work, query: ListDeclinedWork) -> DeclinedBeforeOfCar:
    """Raises NotFound for a car that this dealer has no file of."""
    return shown(work, vin_of(work, query.vehicle_id))


def get_battery(work: Work, query: GetBattery) -> Battery:
    """Raises NotFound for a car that this dealer has no file of."""
    return packs_of(work, vin_of(work, query.vehicle_id), work.settings(WorkshopSettings).battery_check_below)


def list_loaner_offers(work: Work, query: ListLoanerOffers) -> LoanerOffers:
    """What is open is found by its own index, whatever was answered before."""
    ended = LoanerOffer.ended_at.is_not(None) if query.answered else LoanerOffer.ended_at.is_(None)
    keys = [LoanerOffer.id] if query.answered else [LoanerOffer.raised_at, LoanerOffer.id]
    rows, cursor = page(work, select(LoanerOffer).where(ended), query, keys=keys)
    return LoanerOffers(items=[row.describe() for row in rows], next_cursor=cursor)


def _at(found: datetime | None) -> datetime:
    assert found is not None, "it was compared with a time"
    return found
