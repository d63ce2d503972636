"""Rules B14 and W31: what a driver photographed at the door is with the car's order once that is open, and is copied nowhere."""

from dataclasses import replace

import pytest

from chassis.wire.errors import NotFound
from contracts.booking.events import AppointmentArrived
from contracts.workshop.evidence import GetAttachment, ListAttachments, RecordAttachment, StoredFile
from contracts.workshop.leg_evidence import GetLegAttachment, RecordLegAttachment
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.walk_around import GetReception
from tests.services.history import Reading, grow


@pytest.fixture
def fleet(fleet):
    fleet.drives(legs=9)
    return fleet


def a_file(number):
    return StoredFile(sha256=f"{number:064x}", content_type="image/jpeg", size=1_000)


def photographed(desk, one, number=1):
    return desk.do(RecordLegAttachment(leg_id=one.id, name="front.jpg", file=a_file(number), most_bytes=10_000_000), actor="zhou")


def fetched(desk, fleet, number=1):
    """A fetched car's appointment, its leg, and the photo that its driver took."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    photo = photographed(desk, one, number)
    fleet.records(one)
    fleet.signs(one)
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    return facts, one, photo


def opened(fleet, facts):
    return fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)


def listed(desk, order, **how):
    return [one.id for one in desk.ask(ListAttachments(work_order_id=order.id, **how)).items]


def test_photos_of_the_door_are_with_the_order_newest_first_and_are_the_legs_still(desk, fleet):
    facts, one, photo = fetched(desk, fleet)
    order = opened(fleet, facts)
    own = RecordAttachment(work_order_id=order.id, kind="walk_around", name="x.jpg", file=a_file(2), most_bytes=10_000_000)
    own = desk.do(own)
    assert listed(desk, order) == [own.id, photo.id]
    assert (listed(desk, order, kind="walk_around"), listed(desk, order, kind="other")) == ([own.id], [photo.id])
    reception = desk.ask(GetReception(work_order_id=order.id))
    assert ([each.id for each in reception.photos], [each.id for each in reception.door_photos]) == ([own.id], [photo.id])
    read = desk.ask(GetAttachment(work_order_id=order.id, attachment_id=photo.id))
    assert (read.leg_id, read.work_order_id, read.sha256, read.attached_by) == (one.id, None, photo.sha256, "zhou")
    assert desk.ask(GetLegAttachment(leg_id=one.id, attachment_id=photo.id)) == read


def test_so_is_what_is_photographed_when_it_is_brought_back(desk, fleet):
    facts, _, photo = fetched(desk, fleet)
    order = opened(fleet, facts)
    fleet.delivers(order)
    back = fleet.plans(facts, "14:00", direction="return", appointment_id=None, work_order_id=order.id)
    fleet.starts(back)
    there = photographed(desk, back, 3)
    assert listed(desk, order) == [there.id, photo.id]


def test_a_photo_of_another_cars_leg_or_of_one_without_an_order_is_nobodys(desk, fleet):
    """Not another order's, nor another dealer's; of a car whose order is void it is the next order's."""
    facts, _, photo = fetched(desk, fleet)
    other_facts, _, other = fetched(desk, fleet, 2)
    order = opened(fleet, facts)
    with pytest.raises(NotFound):
        desk.ask(GetAttachment(work_order_id=order.id, attachment_id=other.id))
    with pytest.raises(NotFound):
        desk.ask(GetAttachment(work_order_id=order.id, attachment_id=photo.id), dealer="bj-chaoyang")
    assert listed(desk, order) == [photo.id]
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="wrong car"))
    again = opened(fleet, facts)
    assert (listed(desk, again), listed(desk, order)) == ([photo.id], [])
    assert listed(desk, opened(fleet, other_facts)) == [other.id]


@pytest.mark.new_database
def test_they_cost_the_same_whatever_the_history(desk, fleet):
    facts, _, _ = fetched(desk, fleet)
    order, other = opened(fleet, facts), fleet.shop.open()
    asked = ListAttachments(work_order_id=order.id), GetReception(work_order_id=order.id)
    before = [Reading(desk, one).rows for one in asked]
    grow(desk, "attachment", 5_000, work_order_id=f"'{other.id}'", leg_id="NULL", sha256="repeat('f', 64)")
    assert all(Reading(desk, one).rows <= rows for one, rows in zip(asked, before, strict=True)), "it may read fewer"
