"""Rule B8: who is asked to come is kept, with why and how; Rule C5: their consent is respected."""

import pytest

from chassis.wire.errors import NotFound, Refused
from chassis.wire.ids import new_id
from contracts.crm.customer import ConsentChange, RegisterCustomer
from contracts.crm.events import InvitationMade
from contracts.crm.invitation import GetInvitation, InviteCustomer, ListInvitations
from contracts.crm.vehicle import RegisterVehicle
from tests.services.history import ANYBODY, Reading, grow


@pytest.fixture
def car(desk):
    """`car()`: a customer who agreed to be reminded of service by SMS, and to nothing else; the id of their car."""
    consent = ConsentChange(purpose="service_reminder", channel="sms", granted=True, source="form")
    customer = desk.do(RegisterCustomer(name="Li Lei", phone="13800000001", consents=[consent]))
    vin = {"vin": "1M8GDM9AXKP042788", "plate": "沪A12345", "make": "MCI", "model": "102"}
    return desk.do(RegisterVehicle(customer_id=customer.id, **vin))


def invite(desk, car, **changes):
    return desk.do(InviteCustomer(**{"vehicle_id": car.id, "reason": "periodic_service", "channel": "sms", **changes}))


def test_an_invitation_is_kept_and_announced(desk, car):
    made = invite(desk, car, note="5,000 km")
    assert (made.customer_name, made.phone, made.plate, made.invited_by) == ("Li Lei", "13800000001", "沪A12345", "wang")
    (fact,) = desk.announced(InvitationMade)
    assert (fact.invitation_id, fact.vehicle_id, fact.reason, fact.channel, fact.invited_at) == (
        made.id,
        car.id,
        "periodic_service",
        "sms",
        desk.clock.now(),
    )
    assert [one.id for one in desk.ask(ListInvitations(vehicle_id=car.id)).items] == [made.id]
    assert desk.ask(ListInvitations(), dealer="bj-chaoyang").items == []
    with pytest.raises(NotFound):
        desk.ask(GetInvitation(invitation_id=made.id), dealer="bj-chaoyang")


@pytest.mark.parametrize("changes", [{"channel": "phone"}, {"reason": "campaign"}])
def test_nobody_is_invited_in_a_way_they_did_not_agree_to(desk, car, changes):
    with pytest.raises(Refused, match="no_consent"):
        invite(desk, car, **changes)
    assert (desk.ask(ListInvitations()).items, desk.announced(InvitationMade)) == ([], [])


def test_of_a_recall_they_are_told_in_any_case(desk, car):
    assert invite(desk, car, reason="recall", channel="phone").reason == "recall"


def test_one_reason_invites_a_car_once_a_day(desk, car):
    invite(desk, car)
    invite(desk, car, reason="warranty_end")
    with pytest.raises(Refused, match="invited_today"):
        invite(desk, car)
    desk.pass_time(days=1)
    invite(desk, car)
    assert len(desk.announced(InvitationMade)) == 3


def test_a_car_that_there_is_not_is_not_invited(desk, car):
    with pytest.raises(NotFound):
        invite(desk, car, vehicle_id=new_id())


@pytest.mark.new_database
def test_the_list_costs_the_same_however_many_were_invited(desk, car):
    invite(desk, car)
    grow(desk, "invitation", 2_000, vehicle_id=ANYBODY, customer_id=ANYBODY, invited_at="one.invited_at - n * interval '1 hour'")
    for query in (
        ListInvitations(limit=5),
        ListInvitations(vehicle_id=car.id, limit=5),
        ListInvitations(reason="recall", limit=5),
    ):
        assert Reading(desk, query).rows < 60
