"""Rule W2: one rule wherever an odometer is read, over all dealers; a mistaken reading goes with what it was taken for."""

import pytest

from chassis.wire.errors import Refused
from contracts.workshop.events import WorkOrderVoided
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.reception_events import WalkAroundSigned
from contracts.workshop.road_test import RecordRoadTest
from tests.services.workshop.shop import DEALER, VEHICLE, Shop
from tests.services.workshop.test_battery import measure
from tests.services.workshop.test_walk_around import signed, walked

OTHER = "bj-chaoyang"


def refused(shop: Shop, mileage: int, *, dealer: str = DEALER) -> int:
    """What is held against an order that is opened with this reading."""
    with pytest.raises(Refused, match="mileage_") as why:
        shop.open(mileage=mileage, dealer=dealer)
    known: int = why.value.details["known"]
    return known


def test_what_a_void_order_showed_is_held_against_nobody(shop: Shop) -> None:
    """Whoever mistypes the odometer voids the order and opens another; its drives and batteries go with it."""
    shop.open(mileage=30_000)
    mistaken = shop.open(mileage=300_100, mileage_reason="read twice")
    measure(shop, mistaken, "93.5", mileage=300_101)
    assert refused(shop, 30_100) == 300_101
    shop.desk.do(VoidWorkOrder(work_order_id=mistaken.id, reason="mileage mistyped"))
    assert shop.open(mileage=30_100).opening_mileage == 30_100
    [told] = shop.desk.announced(WorkOrderVoided)
    assert told.mileage == 300_100


def test_a_drive_of_a_void_order_goes_with_it(shop: Shop) -> None:
    order = shop.dispatched(shop.approved(shop.open(mileage=30_000)))
    drive = {"route": "ring road", "driven_by": "zhang", "findings": "quiet"}
    shop.desk.do(RecordRoadTest(work_order_id=order.id, mileage_before=30_400, mileage_after=30_405, **drive))
    assert refused(shop, 30_100) == 30_405
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="another car"))
    assert shop.open(mileage=30_100).opening_mileage == 30_100


def test_what_another_dealer_read_is_known_here(shop: Shop) -> None:
    """By the chassis number: of deliveries and batteries, which the group knows; nobody learns who read it, or where."""
    shop.know_neighbours(OTHER)
    delivered = shop.deliver(shop.ready())
    assert (refused(shop, 120, dealer=OTHER), refused(shop, 52_000 + 30_001, dealer=OTHER)) == (52_000, 52_000)
    assert shop.open(mileage=52_100, dealer=OTHER).opening_mileage == 52_100
    shop.reverse(delivered)
    shop.desk.pass_time(minutes=1)
    measured = shop.open(dealer=OTHER)
    measure(shop, measured, "91", OTHER, mileage=52_200)
    assert refused(shop, 130) == 52_200
    assert shop.open(mileage=130, mileage_reason="odometer replaced").opening_mileage == 130


def test_a_reversed_delivery_of_another_dealer_is_held_against_nobody(shop: Shop) -> None:
    """Rule W15."""
    shop.know_neighbours(OTHER)
    shop.reverse(shop.deliver(shop.ready()))
    assert shop.open(mileage=120, dealer=OTHER).opening_mileage == 120


def test_the_signed_walk_around_tells_of_which_car_it_is_and_why_the_reading_is_odd(shop: Shop) -> None:
    """So that the car's file shows what the customer signed."""
    order = shop.open(mileage=59_999)
    signed(shop, walked(shop, order, mileage=30_100, mileage_reason="mistyped before"))
    [told] = shop.desk.announced(WalkAroundSigned)
    assert (told.vehicle_id, told.mileage, told.mileage_reason) == (VEHICLE.vehicle_id, 30_100, "mistyped before")
