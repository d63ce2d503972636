"""Cars come into the lane, are greeted, wait elsewhere, and are sent on (Rule W1)."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import Refused, Work, new_id
from contracts.shared import PLATE, VehicleFacts
from contracts.workshop.lane import BringBack, EnterLane, GiveTicket, GreetCustomer, SendOn, SetAside, SetReceptionSettings
from services.workshop.lane.escalating import LOCK, watch
from services.workshop.lane.lane_car import LaneCar
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.lane.ticket import take_ticket


def enter(work: Work, command: EnterLane) -> LaneCar:
    """Record a car that came without appointment; its visit begins. Raises Refused for one that is in the lane already."""
    work.advisory_lock(LOCK)
    there = work.first(select(LaneCar.plate).where(LaneCar.plate_key == PLATE.key(command.plate), LaneCar.left_at.is_(None)))
    if there is not None:
        raise Refused("car_in_lane", plate=there)
    car = LaneCar.enter(
        command.plate,
        work.settings(ReceptionSettings),
        at=work.now,
        visit_id=new_id(),
        customer_name=command.customer_name,
        said_here=command.concern,
    )
    work.add(car)
    watch(work, car)
    return car


def standing(work: Work, vehicle: VehicleFacts) -> Sequence[LaneCar]:
    """The vehicle as it waits in the lane, and the car with its plate of which nobody knows more."""
    its = (LaneCar.vehicle_id == vehicle.vehicle_id) | (
        LaneCar.vehicle_id.is_(None) & (LaneCar.plate_key == PLATE.key(vehicle.plate))
    )
    here = select(LaneCar).where(its, LaneCar.left_at.is_(None)).order_by(LaneCar.vehicle_id.is_(None), LaneCar.id)
    return work.all(here.with_for_update())


def greet(work: Work, command: GreetCustomer) -> LaneCar:
    """Record who is with the customer."""
    car = work.edit(LaneCar, command.lane_car_id)
    car.greet(work.actor, work.now)
    return car


def give_ticket(work: Work, command: GiveTicket) -> LaneCar:
    """Give the next number of the local day."""
    car = work.edit(LaneCar, command.lane_car_id)
    take_ticket(work, car)
    return car


def set_aside(work: Work, command: SetAside) -> LaneCar:
    """It makes room in the lane."""
    work.advisory_lock(LOCK)
    car = work.edit(LaneCar, command.lane_car_id)
    car.set_aside(command.to, command.place)
    watch(work, car)
    return car


def bring_back(work: Work, command: BringBack) -> LaneCar:
    """It is in the lane again."""
    work.advisory_lock(LOCK)
    car = work.edit(LaneCar, command.lane_car_id)
    car.bring_back()
    watch(work, car)
    return car


def send_on(work: Work, command: SendOn) -> LaneCar:
    """It leaves without an order."""
    work.advisory_lock(LOCK)
    car = work.edit(LaneCar, command.lane_car_id)
    car.leave("sent_on", at=work.now, reason=command.reason)
    watch(work, car)
    return car


def set_settings(work: Work, command: SetReceptionSettings) -> ReceptionSettings:
    """What stands in the lane keeps its times."""
    settings = work.edit_settings(ReceptionSettings)
    settings.change(command)
    return settings
