"""Rule W13: what the house keeps from its peaks is not handed over then."""

import pytest

from chassis.wire.errors import Refused
from contracts.workshop import delivery_time as times
from tests.services.workshop.shop import Shop, labour
from tests.services.workshop.test_delivery_time import DAY, PEAK, at, books, hours, moves, overhauled, plan, sets


def test_major_and_accident_repairs_are_not_handed_over_at_a_peak(shop: Shop) -> None:
    """By name, with the next time that is possible; a dealer who sets no peak notices nothing."""
    hours(shop)
    major = overhauled(shop)
    books(shop, major, "10:00")
    sets(shop, peaks=[PEAK])
    assert plan(shop, major).kept_from_peaks
    with pytest.raises(Refused) as refused:
        moves(shop, major, "09:30")
    assert (refused.value.code, refused.value.details["possible_at"]) == ("not_delivered_at_peak", f"{DAY}T10:30:00+08:00")
    moves(shop, major, "09:00")
    accident = shop.approved(labour=[labour(payer="insurer")])
    with pytest.raises(Refused, match="not_delivered_at_peak"):
        books(shop, accident, "10:00")
    books(shop, shop.approved(), "10:00")
    sets(shop, peaks=[PEAK], kept_classes=["minor"], insured_kept=False)
    books(shop, accident, "11:00")
    moves(shop, major, "10:00")


def test_nor_without_an_appointment_but_who_has_agreed_on_a_time_is_served_late(shop: Shop) -> None:
    hours(shop)
    major, other = shop.certified(shop.ready(overhauled(shop))), shop.ready()
    sets(shop, peaks=[PEAK])
    shop.desk.clock.set(at("09:45"))
    with pytest.raises(Refused) as refused:
        shop.deliver(major)
    assert (refused.value.code, refused.value.details["possible_at"]) == ("not_delivered_at_peak", f"{DAY}T10:30:00+08:00")
    assert shop.deliver(other).status == "delivered"
    books(shop, major, "11:00")
    with pytest.raises(Refused, match="not_delivered_at_peak"):
        shop.deliver(major)
    shop.desk.clock.set(at("11:00"))
    sets(shop, peaks=[times.PeakInterval(weekday="tuesday", begins="09:30", ends="12:00")])
    assert shop.deliver(major).status == "delivered"
