"""Whole visits: a car's way through the house, part by part."""

from servicelane.simulation import agreement, cashier, checking, following, handing_over, parts_desk, reception, shop_floor
from servicelane.simulation.agenda import Story
from servicelane.simulation.files import open_files
from servicelane.simulation.house import House
from servicelane.simulation.people import Car
from servicelane.simulation.visit import Visit


def comes(visit: Visit) -> Story:
    """The booked car comes, and has its visit."""
    yield from reception.arrive(visit)
    yield from _served(visit)


def walks_in(house: House, car: Car, *, again: bool = False) -> Story:
    """A car comes without an appointment, maybe because of what was repaired before."""
    visit = Visit(house, car, comes_again=again)
    open_files(house, car)
    yield from reception.drive_in(visit)
    yield from _served(visit)


def _served(visit: Visit) -> Story:
    yield from reception.take_over(visit)
    following.invite(visit)
    yield from agreement.agree(visit)
    way = cashier.put_down(visit)
    yield from shop_floor.repair(visit)
    yield from checking.inspect(visit)
    yield from handing_over.deliver(visit)
    following.look(visit, "handed_over")
    yield from cashier.pay(visit, way)
    yield from cashier.leave(visit)
    handing_over.observe(visit)
    parts_desk.old_part_back(visit)
    _comes_back(visit)


def _comes_back(visit: Visit) -> None:
    """Brakes that were done squeal again tomorrow: the car comes back, here or at another dealer of the group (W2)."""
    house = visit.house
    brakes = any((line["operation_code"] or "").startswith("BRK") for line in visit.lines("labour", "approved"))
    if visit.comes_again or not brakes or not house.one_in(3, "comes_back"):
        return
    elsewhere = house.others != [] and house.one_in(2, "where")
    where = house.random.choice(house.others) if elsewhere else house
    car = visit.car.at_another_dealer if elsewhere else visit.car
    house.agenda.begin(house.at(9, 40, day=1), walks_in(where, car, again=True))
