"""The lane, the walk-around, and who has a car's keys and papers, as they are asked for (Rules W1, B6, W2 and W24)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from chassis import NotFound, Work, colleagues
from contracts.booking.events import AppointmentFacts
from contracts.shared import Colleague
from contracts.workshop import lane
from contracts.workshop.custody import Custody, GetCustody
from contracts.workshop.lane import GetLane
from contracts.workshop.walk_around import GetReception, GetWalkAround, Reception
from services.workshop.evidence.queries import newest_of
from services.workshop.lane.lane_alert import LaneAlert
from services.workshop.lane.lane_car import LaneCar
from services.workshop.lane.queries import UNRELIEVED
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.leg.pictures import newest_at_the_door
from services.workshop.order.acceptance import describe_acceptance
from services.workshop.order.custody import HANDS, describe, log_of
from services.workshop.order.mileage import last_mileage
from services.workshop.order.opened_for import HAS_ORDER
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import BOOKED, FollowedAppointment
from services.workshop.projections.vehicle import KnownVehicle
from services.workshop.reception.walk_around import WalkAround

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


def get_walk_around(work: Work, query: GetWalkAround) -> WalkAround:
    """Raises NotFound, also when there is none yet."""
    order = work.get(WorkOrder, query.work_order_id)
    wanted = query.walk_around_version or order.walk_around_version
    found = work.find(WalkAround, WalkAround.identity(order.id, wanted))
    if found is None:
        raise NotFound("not_found", kind="walk_around", id=query.work_order_id)
    return found


def get_reception(work: Work, query: GetReception) -> Reception:
    """All of it in one answer, for the screen at the car."""
    order = work.get(WorkOrder, query.work_order_id)
    found = work.find(WalkAround, WalkAround.identity(order.id, order.walk_around_version))
    kept = describe(order, log_of(work, order))
    return Reception(
        work_order_id=order.id,
        version=order.version,
        order_number=order.number,
        status=order.status.value,
        customer=order.customer_facts,
        vehicle=order.vehicle_facts,
        complaint=order.complaint,
        last_mileage=last_mileage(work, order.vehicle_facts),
        walk_around=None if found is None else found.describe(),
        photos=newest_of(work, order.id, "walk_around"),
        door_photos=newest_at_the_door(work, order.id),
        acceptance=describe_acceptance(order.acceptance),
        held=kept.held,
        hand_overs=kept.hand_overs,
        colleagues=[Colleague(login=login, name=name) for login, name in sorted(colleagues(work, role=HANDS).items())],
    )


def get_custody(work: Work, query: GetCustody) -> Custody:
    """The whole record of one order."""
    order = work.get(WorkOrder, query.work_order_id)
    return describe(order, log_of(work, order))
