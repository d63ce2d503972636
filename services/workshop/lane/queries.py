"""The escalations of the lane, and what they were for by month (Rule W1)."""

from datetime import date, timedelta

from sqlalchemy import func, select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop import lane
from contracts.workshop.lane import AnalyseLane, GetReceptionSettings, LaneAnalysis, LaneMonth, ListLaneAlerts
from services.workshop.lane.lane_alert import LaneAlert
from services.workshop.lane.settings import ReceptionSettings

UNRELIEVED = LaneAlert.relieved_at.is_(None)


def list_lane_alerts(work: Work, query: ListLaneAlerts) -> lane.LaneAlerts:
    """The newest first."""
    found = select(LaneAlert)
    if query.month is not None:
        found = found.where(LaneAlert.month == query.month)
    if query.relieved is not None:
        found = found.where(LaneAlert.relieved_at.is_not(None) if query.relieved else UNRELIEVED)
    rows, cursor = page(work, found, query, keys=[LaneAlert.raised_at, LaneAlert.id])
    return lane.LaneAlerts(items=[row.describe() for row in rows], next_cursor=cursor)


def analyse_lane(work: Work, query: AnalyseLane) -> LaneAnalysis:
    """One statement, of the months asked for."""
    first = _months_before(work.profile.local(work.now).date(), query.months - 1)
    kinds = LaneAlert.month, LaneAlert.trigger, LaneAlert.cause, LaneAlert.relief
    number = func.count().label("number")
    rows = work.execute(
        select(*kinds, number)
        .where(LaneAlert.month >= first)
        .group_by(*kinds)
        .order_by(LaneAlert.month.desc(), number.desc(), *kinds[1:])
    )
    return LaneAnalysis(
        items=[
            LaneMonth(month=row.month, trigger=row.trigger, lane_cause=row.cause, relief=row.relief, count=row.number)
            for row in rows
        ]
    )


def get_settings(work: Work, query: GetReceptionSettings) -> ReceptionSettings:
    """Raises NotYetKnown until the dealer is known."""
    return work.settings(ReceptionSettings)


def lane_concerns(work: Work) -> ConcernGroup:
    """Escalations without relief, for the service manager's attention list."""
    alerts, count = oldest(work, LaneAlert, UNRELIEVED, since=LaneAlert.raised_at, most=MOST)
    told = [
        Concern(severity="severe", since=one.raised_at, plate=one.plate, staff=one.raised_by, detail=one.trigger)
        for one in alerts
    ]
    return ConcernGroup(kind="lane_alert", count=count, items=told)


def _months_before(day: date, months: int) -> str:
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    return f"{day:%Y-%m}"
