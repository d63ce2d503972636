"""What the odometer last showed: the newest of all facts, at the moment it is asked (Rules W2, W13)."""

import pytest

from chassis.wire.errors import Refused
from contracts.crm.events import VehicleRecorded
from contracts.workshop.events import WorkOrderOpened
from tests.services.workshop.shop import CUSTOMER, VEHICLE


@pytest.fixture(autouse=True)
def time_goes_by(shop, monkeypatch):
    """A minute between any two things that are done."""
    done = shop.desk.do

    def do(*given, **more):
        shop.desk.pass_time(minutes=1)
        return done(*given, **more)

    monkeypatch.setattr(shop.desk, "do", do)


def on_file(shop, mileage, sequence):
    """Somebody reads the odometer for crm's file."""
    shop.desk.pass_time(minutes=1)
    fact = VehicleRecorded(vehicle=VEHICLE, customer_id=CUSTOMER.customer_id, mileage=mileage, mileage_at=shop.desk.clock.now())
    shop.desk.hear(fact, subject=VEHICLE.vehicle_id, sequence=sequence)


def refused_below(act, known):
    """One kilometre less than the last known is refused, the same is not."""
    with pytest.raises(Refused) as refused:
        act(known - 1)
    assert (refused.value.code, refused.value.details) == ("mileage_went_back", {"field": "mileage", "known": known})
    return act(known)


def test_a_delivery_is_compared_with_the_last_one_of_the_car(shop):
    shop.deliver(shop.ready(), mileage=60_000)
    order = shop.ready()
    with pytest.raises(Refused, match="mileage_went_back"):
        shop.deliver(order, mileage=59_999)
    assert shop.deliver(order, mileage=59_999, mileage_reason="Instrument cluster replaced").mileage == 59_999
    refused_below(lambda reading: shop.open(mileage=reading), 59_999)


def test_a_reading_at_reception_counts_and_a_lower_one_needs_a_reason(shop):
    shop.deliver(shop.ready(), mileage=60_000)
    with pytest.raises(Refused, match="mileage_went_back"):
        shop.open(mileage=6_000)
    order = shop.open(mileage=6_000, mileage_reason="Instrument cluster replaced")
    opened = shop.desk.announced(WorkOrderOpened)[-1]
    assert (opened.mileage, opened.mileage_reason) == (6_000, "Instrument cluster replaced")
    order = shop.ready(shop.approved(order))
    assert refused_below(lambda reading: shop.deliver(order, mileage=reading), 6_000).mileage == 6_000


def test_what_was_learnt_after_the_order_was_opened_counts(shop):
    """From crm's file, and from another order of the same car."""
    order = shop.ready(shop.approved(shop.open(mileage=50_000)))
    on_file(shop, 51_000, sequence=2)
    with pytest.raises(Refused) as refused:
        shop.deliver(order, mileage=50_500)
    assert refused.value.details == {"field": "mileage", "known": 51_000}
    other = shop.deliver(shop.ready(), mileage=52_000)
    with pytest.raises(Refused) as refused:
        shop.deliver(order, mileage=51_500)
    assert refused.value.details == {"field": "mileage", "known": 52_000}
    shop.reverse(other)
    assert shop.deliver(order, mileage=51_500).mileage == 51_500


def test_the_readings_of_a_reversed_delivery_do_not_count(shop):
    order = shop.deliver(shop.ready(), mileage=550_000)
    shop.reverse(order)
    assert shop.deliver(order, mileage=55_000).mileage == 55_000
    assert shop.open(mileage=55_000).opening_mileage == 55_000
