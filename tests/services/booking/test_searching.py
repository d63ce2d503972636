"""Appointments for who has one box to type into: by plate from the beginning, by whose car it is."""

import pytest

from chassis.wire.ids import new_id
from contracts.booking.searching import SearchAppointments
from tests.services.history import ANYBODY, conditions, grow


def found(front, search, limit=10, dealer="sh-pudong", **ids):
    asked = SearchAppointments(search=search, limit=limit, **{"customer_ids": [], "vehicle_ids": [], **ids})
    return [one.id for one in front.desk.ask(asked, dealer=dealer).items]


def test_an_appointment_is_found_by_plate_and_by_whose_car_it_is(front):
    booked = front.books()
    theirs = {"customer_ids": [front.customer.customer_id], "vehicle_ids": [front.vehicle.vehicle_id]}
    for typed in ("沪A12345", "沪a·1", "沪"):
        assert found(front, typed) == [booked.id]
    assert found(front, "12345") == found(front, "%") == found(front, "--") == []
    assert found(front, "anything", **theirs) == [booked.id]
    assert found(front, "沪A12345", dealer="bj-chaoyang", **theirs) == []


@pytest.mark.new_database
def test_every_way_of_finding_has_an_index(front):
    """So that years of history cost nothing."""
    front.books()
    grow(front.desk, "appointment", 3_000, plate_key="'X' || n", customer_id=ANYBODY, vehicle_id=ANYBODY)
    asked = {"customer_ids": [new_id()], "vehicle_ids": [new_id()]}
    looked_up = conditions(front.desk, "appointment", lambda: found(front, "沪A12345", **asked))
    for column in ("plate_key", "customer_id", "vehicle_id"):
        assert [one for one in looked_up if column in one and "dealer_id" in one], (column, looked_up)
    assert len(looked_up) == 3
