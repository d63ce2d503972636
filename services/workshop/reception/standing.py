"""The lane as it is, with what its cars are booked for (Rules W1 and B6)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from chassis import Work
from contracts.booking.events import AppointmentFacts
from contracts.workshop import lane
from contracts.workshop.lane import GetLane
from services.workshop.lane.lane_alert import LaneAlert
from services.workshop.lane.lane_car import LaneCar
from services.workshop.lane.queries import UNRELIEVED
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.order.opened_for import HAS_ORDER
from services.workshop.projections.appointment import BOOKED, FollowedAppointment
from services.workshop.projections.vehicle import KnownVehicle

MOST_CARS = 200


def get_lane(work: Work, query: GetLane) -> lane.Lane:
    """Whatever the history is: cars that have left are not looked at."""
    here = select(LaneCar).where(LaneCar.left_at.is_(None)).order_by(LaneCar.arrived_at, LaneCar.id).limit(MOST_CARS)
    cars = _describe(work, work.all(here))
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


def _describe(work: Work, cars: Sequence[LaneCar]) -> list[lane.LaneCar]:
    """The cars as they are answered, with what their appointments say, in one statement for all."""
    booked = [car.appointment_id for car in cars if car.appointment_id is not None]
    found = work.all(select(FollowedAppointment).where(FollowedAppointment.id.in_(booked))) if booked else []
    facts: dict[str, dict[str, Any]] = {one.id: one.facts for one in found}
    expected = _booked_today(work, {car.plate_key for car in cars if car.appointment_id is None})
    described = [(car.describe(facts.get(car.appointment_id or "")), car) for car in cars]
    return [replace(told, booked_today=[] if car.appointment_id else expected[car.plate_key]) for told, car in described]


def _booked_today(work: Work, plates: set[str]) -> dict[str, list[lane.BookedToday]]:
    """By plate, in one statement for all: whose cars are expected, and not said to be here; nor has it its order."""
    booked: dict[str, list[lane.BookedToday]] = defaultdict(list)
    if plates:
        its = FollowedAppointment.dealer_id == KnownVehicle.dealer_id, FollowedAppointment.vehicle_id == KnownVehicle.id
        found = select(KnownVehicle.plate_key, FollowedAppointment.facts).join(FollowedAppointment, and_(*its))
        today = work.profile.local(work.now).date()
        expected = and_(FollowedAppointment.status.in_(BOOKED), ~HAS_ORDER)
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
