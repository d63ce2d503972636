"""The lane as it is, its escalations, and what they were for by month (Rule W1)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.booking.events import AppointmentFacts
from contracts.workshop import lane
from contracts.workshop.lane import AnalyseLane, GetLane, GetReceptionSettings, LaneAnalysis, LaneMonth, ListLaneAlerts
from services.workshop.lane.lane_alert import LaneAlert
from services.workshop.lane.lane_car import LaneCar
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.projections.appointment import BOOKED, FollowedAppointment
from services.workshop.projections.vehicle import KnownVehicle

MOST_CARS = 200
UNRELIEVED = LaneAlert.relieved_at.is_(None)


def get_lane(work: Work, query: GetLane) -> lane.Lane:
    """Whatever the history is: cars that have left are not looked at."""
    here = select(LaneCar).where(LaneCar.left_at.is_(None)).order_by(LaneCar.arrived_at, LaneCar.id).limit(MOST_CARS)
    cars = describe(work, work.all(here))
    positions = work.settings(ReceptionSettings).lane_positions
    standing = [
        replace(car, position=number if number <= positions else None)
        for number, car in enumerate((car for car in cars if car.aside is None), 1)
    ]
    alerts = work.all(select(LaneAlert).where(UNRELIEVED).order_by(LaneAlert.raised_at, LaneAlert.id).limit(MOST_CARS))
    return lane.Lane(
        as_of=work.now,
        positions=positions,
        cars=standing,
        aside=[car for car in cars if car.aside is not None],
        alerts=[alert.describe() for alert in alerts],
    )


def describe(work: Work, cars: Sequence[LaneCar]) -> list[lane.LaneCar]:
    """The cars as they are answered, with what their appointments say, in one statement for all."""
    booked = [car.appointment_id for car in cars if car.appointment_id is not None]
    found = work.all(select(FollowedAppointment).where(FollowedAppointment.id.in_(booked))) if booked else []
    facts: dict[str, dict[str, Any]] = {one.id: one.facts for one in found}
    expected = _booked_today(work, {car.plate_key for car in cars if car.appointment_id is None})
    described = [(car.describe(facts.get(car.appointment_id or "")), car) for car in cars]
    return [replace(told, booked_today=[] if car.appointment_id else expected[car.plate_key]) for told, car in described]


def _booked_today(work: Work, plates: set[str]) -> dict[str, list[lane.BookedToday]]:
    """By plate, in one statement for all: whose cars are expected, and not said to be here."""
    booked: dict[str, list[lane.BookedToday]] = defaultdict(list)
    if plates:
        its = FollowedAppointment.dealer_id == KnownVehicle.dealer_id, FollowedAppointment.vehicle_id == KnownVehicle.id
        found = select(KnownVehicle.plate_key, FollowedAppointment.facts).join(FollowedAppointment, and_(*its))
        today = work.profile.local(work.now).date()
        expected = FollowedAppointment.status.in_(BOOKED)
        for row in work.execute(found.where(KnownVehicle.plate_key.in_(plates), expected)):
            one = AppointmentFacts.load(row.facts)
            if work.profile.local(one.starts_at).date() == today:
                booked[row.plate_key].append(
                    lane.BookedToday(
                        appointment_id=one.appointment_id,
                        status=one.status,
                        starts_at=one.starts_at,
                        customer_name=one.customer.name,
                    )
                )
    return booked


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
