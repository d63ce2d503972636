"""crm through its entrypoints: the files of customers and vehicles."""

from datetime import time

import pytest

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from contracts.crm.customer import ChangeCustomer, ConsentChange, GetCustomer, ListCustomers, RegisterCustomer
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.crm.settings import ChangeCrmSettings, GetCrmSettings
from contracts.crm.vehicle import ChangeVehicle, FindVehicle, GetVehicle, RegisterVehicle

VIN = "1M8GDM9AXKP042788"
DOUBTFUL = "1M8GDM9A1KP042788"


def a_customer(desk, name="Li Lei", phone="13800000001", **more):
    dealer = more.pop("dealer", "sh-pudong")
    return desk.do(RegisterCustomer(name=name, phone=phone, **more), dealer=dealer)


def a_vehicle(desk, customer_id, vin=VIN, plate="沪A·12345", **more):
    dealer = more.pop("dealer", "sh-pudong")
    return desk.do(RegisterVehicle(customer_id=customer_id, vin=vin, plate=plate, make="MCI", model="102", **more), dealer=dealer)


def checking_vins(desk, how):
    now = desk.ask(GetCrmSettings())
    return desk.do(
        ChangeCrmSettings(
            vin_check=how,
            follow_up_day=now.follow_up_day,
            follow_up_time=now.follow_up_time,
            follow_up_due_day=now.follow_up_due_day,
            follow_up_breach_day=now.follow_up_breach_day,
        ),
        if_match=now.version,
    )


def test_a_registered_customer_is_answered_kept_and_announced_with_version_1(desk):
    customer = a_customer(
        desk, email="li@example.org", consents=[ConsentChange(purpose="follow_up", channel="phone", granted=True, source="form")]
    )
    assert desk.ask(GetCustomer(customer_id=customer.id)) == customer
    assert [(one.purpose, one.granted, one.at) for one in customer.consents] == [("follow_up", True, desk.clock.now())]
    (fact,) = desk.announced(CustomerRecorded)
    assert (fact.customer.customer_id, fact.customer.email) == (customer.id, "li@example.org")
    (envelope,) = desk.envelopes()
    assert (envelope["subject"], envelope["sequence"], envelope["dealerid"]) == (customer.id, 1, "sh-pudong")


def test_a_change_announces_the_whole_customer_at_the_next_version(desk):
    customer = a_customer(desk)
    desk.pass_time(days=1)
    changed = desk.do(
        ChangeCustomer(
            customer_id=customer.id,
            name="Li Lei",
            phone="13900000009",
            consents=[ConsentChange(purpose="survey", channel="sms", granted=True, source="call")],
        ),
        if_match=1,
    )
    assert (changed.version, changed.phone, len(changed.consents)) == (2, "13900000009", 1)
    assert [one["sequence"] for one in desk.envelopes()] == [1, 2]
    assert desk.announced(CustomerRecorded)[1].customer.phone == "13900000009"


def test_a_change_of_what_was_seen_too_long_ago_fails(desk):
    customer = a_customer(desk)
    desk.do(ChangeCustomer(customer_id=customer.id, name="Li Lei", phone="13900000009"), if_match=1)
    with pytest.raises(PreconditionFailed):
        desk.do(ChangeCustomer(customer_id=customer.id, name="Li Lei", phone="13700000007"), if_match=1)
    assert desk.ask(GetCustomer(customer_id=customer.id)).phone == "13900000009"


def test_the_same_key_registers_one_customer(desk):
    first = desk.do(RegisterCustomer(name="Li Lei", phone="13800000001"), key="k-1")
    assert desk.do(RegisterCustomer(name="Li Lei", phone="13800000001"), key="k-1") == first
    assert len(desk.announced(CustomerRecorded)) == 1


def test_a_second_file_of_one_name_and_phone_is_opened_only_if_that_is_confirmed(desk):
    """Rule C1: however both are written; the refusal names the file that is there. Another dealer's file is none of ours."""
    first = a_customer(desk, name="Müller", phone="+86 138 0000 0001")
    with pytest.raises(Refused, match="customer_on_file") as refusal:
        a_customer(desk, name="MÜLLER ", phone="13800000001")
    assert refusal.value.details == {"customer_name": "Müller", "customer_id": first.id}
    a_customer(desk, name="Müller", phone="13800000002")
    a_customer(desk, name="Meier", phone="13800000001")
    a_customer(desk, name="Müller", phone="13800000001", dealer="bj-chaoyang")
    second = a_customer(desk, name="Müller", phone="13800000001", confirm_second_file=True)
    assert second.id != first.id
    a_customer(desk, name="李娜", phone="13800000003")
    for blank in (" ", "\u3000", "\u00a0", "·"):
        with pytest.raises(Refused, match="customer_on_file"):
            a_customer(desk, name=f"李{blank}娜", phone="13800000003")


def test_a_change_that_makes_two_files_alike_is_asked_about_and_another_one_is_not(desk):
    """Rule C1: whoever has confirmed it once may go on correcting the rest of the file."""
    a_customer(desk)
    other = a_customer(desk, name="Han Mei")
    alike = {"customer_id": other.id, "name": "Li Lei", "phone": "13800000001"}
    with pytest.raises(Refused, match="customer_on_file"):
        desk.do(ChangeCustomer(**alike))
    assert desk.ask(GetCustomer(customer_id=other.id)).name == "Han Mei", "a refused change leaves nothing behind"
    desk.do(ChangeCustomer(**alike, confirm_second_file=True))
    assert desk.do(ChangeCustomer(**alike, email="li@example.org")).email == "li@example.org"


def test_a_registered_vehicle_is_answered_kept_and_announced(desk):
    customer = a_customer(desk)
    vehicle = a_vehicle(desk, customer.id, mileage=12_000)
    assert (vehicle.plate, vehicle.vin_warning, vehicle.version) == ("沪A·12345", None, 1)
    (fact,) = desk.announced(VehicleRecorded)
    assert (fact.vehicle.vehicle_id, fact.vehicle.vin, fact.customer_id) == (vehicle.id, VIN, customer.id)
    file = desk.ask(GetVehicle(vehicle_id=vehicle.id))
    assert [(one.mileage, one.work_order_id) for one in file.mileage_history] == [(12_000, None)]


def test_a_doubtful_vin_is_registered_with_a_warning_until_the_dealer_is_strict_or_does_not_care(desk):
    customer = a_customer(desk)
    vehicle = a_vehicle(desk, customer.id, vin=DOUBTFUL)
    assert vehicle.vin_warning == "check_digit"
    checking_vins(desk, "off")
    again = ChangeVehicle(vehicle_id=vehicle.id, customer_id=customer.id, vin=DOUBTFUL, plate="沪B1", make="MCI", model="102")
    assert desk.do(again).vin_warning is None
    checking_vins(desk, "strict")
    with pytest.raises(Invalid) as refusal:
        desk.do(again)
    assert list(refusal.value.details["errors"]) == ["vin"]
    assert desk.ask(GetVehicle(vehicle_id=vehicle.id)).version == 2, "a refused change leaves nothing behind"


def test_a_vin_is_registered_once_at_a_dealer_and_again_at_another(desk):
    mine, theirs = a_customer(desk), a_customer(desk, dealer="bj-chaoyang")
    vehicle = a_vehicle(desk, mine.id)
    with pytest.raises(Refused, match="vin_taken") as refusal:
        a_vehicle(desk, mine.id, vin=VIN.lower())
    assert refusal.value.details["vehicle_id"] == vehicle.id
    a_vehicle(desk, theirs.id, dealer="bj-chaoyang")


def test_a_vin_cannot_be_changed_into_another_cars(desk):
    customer = a_customer(desk)
    a_vehicle(desk, customer.id)
    other = a_vehicle(desk, customer.id, vin=DOUBTFUL)
    with pytest.raises(Refused, match="vin_taken"):
        desk.do(ChangeVehicle(vehicle_id=other.id, customer_id=customer.id, vin=VIN, plate="沪A1", make="M", model="1"))


def test_of_two_who_register_the_same_vin_at_once_one_is_refused_by_name(desk, monkeypatch):
    """The look-up finds nothing for either; the constraint decides."""
    customer = a_customer(desk)
    a_vehicle(desk, customer.id)
    monkeypatch.setattr("chassis.work.unit_of_work.Work.first", lambda work, statement: None)
    with pytest.raises(Refused, match="vin_taken"):
        a_vehicle(desk, customer.id)


def test_a_plate_may_be_on_two_cars(desk):
    customer = a_customer(desk)
    ids = {a_vehicle(desk, customer.id).id, a_vehicle(desk, customer.id, vin=DOUBTFUL).id}
    assert {one.id for one in desk.ask(FindVehicle(plate="沪a 12345")).items} == ids
    assert [one.vin for one in desk.ask(FindVehicle(vin=VIN.lower())).items] == [VIN]
    with pytest.raises(Invalid):
        desk.ask(FindVehicle())


def test_a_vehicle_belongs_to_a_customer_of_the_dealer(desk):
    theirs = a_customer(desk, dealer="bj-chaoyang")
    for customer_id in (new_id(), theirs.id):
        with pytest.raises(Invalid) as refusal:
            a_vehicle(desk, customer_id)
        assert refusal.value.details["errors"] == {"customer_id": ["nothing_has_it"]}


def test_another_dealers_files_look_like_absent_ones(desk):
    customer = a_customer(desk)
    vehicle = a_vehicle(desk, customer.id)
    for question in (GetCustomer(customer_id=customer.id), GetVehicle(vehicle_id=vehicle.id)):
        with pytest.raises(NotFound):
            desk.ask(question, dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        desk.do(ChangeCustomer(customer_id=customer.id, name="X", phone="13800000001"), dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        desk.do(
            ChangeVehicle(vehicle_id=vehicle.id, customer_id=customer.id, vin=VIN, plate="沪A1", make="M", model="1"),
            dealer="bj-chaoyang",
        )
    assert desk.ask(FindVehicle(plate="沪A12345"), dealer="bj-chaoyang").items == []
    assert desk.ask(ListCustomers(plate="沪A"), dealer="bj-chaoyang").items == []
    assert desk.ask(ListCustomers(), dealer="bj-chaoyang").items == []


def test_customers_are_found_by_a_piece_of_name_phone_or_plate(desk):
    li, han = a_customer(desk), a_customer(desk, name="Han_Meimei", phone="+86 139-0000-0002")
    a_vehicle(desk, han.id)

    def found(**criteria):
        return [one.id for one in desk.ask(ListCustomers(**criteria)).items]

    assert found(name="li") == found(name="ＬＩ ") == found(name="i le") == [li.id]
    assert found(name="han_") == [han.id]
    assert found(name="l_") == found(name="%") == [], "wildcards are letters"
    assert found(phone="0002") == found(phone="139 0000 0002") == [han.id]
    assert found(phone="+86139") == [han.id]
    assert found(plate="沪A·1") == [han.id]
    assert found(name="li", plate="沪A") == []
    assert found() == [han.id, li.id], "newest first"


@pytest.mark.parametrize(
    ("phone", "country"), [("138", "CN"), ("+49 1", "DE"), ("+1 555", "US"), ("1-800-FLOWERS", "CN"), ("+999 12", "+999")]
)
def test_a_phone_that_its_country_does_not_have_is_refused(desk, phone, country):
    """Its country is the dealer's, unless it says another one."""
    with pytest.raises(Invalid) as refused:
        a_customer(desk, phone=phone)
    assert refused.value.details["errors"] == {"phone": [f'not_a_phone_of {{"country": "{country}"}}']}


def test_two_plates_that_differ_in_their_dash_are_two_cars(desk):
    """B-NO 1234 and BN-O 1234; who types no dash is shown both."""
    customer = a_customer(desk)
    first = a_vehicle(desk, customer.id, plate="B-NO 1234")
    second = a_vehicle(desk, customer.id, vin=DOUBTFUL, plate="BN-O 1234")

    def found(**criteria):
        return [one.id for one in desk.ask(FindVehicle(**criteria)).items]

    assert first.plate == "B-NO 1234"
    assert found(plate="b\u2011no1234") == found(plate="Ｂ－ＮＯ") == [first.id]
    assert found(plate="BN O 1234") == [second.id]
    assert found(plate="bno1234") == found(plate="1234") == [second.id, first.id]
    assert found(vin=DOUBTFUL[-6:].lower()) == [second.id, first.id], "its tail is that of the other"
    assert found(vin=DOUBTFUL[8:]) == [second.id]


def test_a_list_goes_on_where_the_page_ended_and_only_there(desk):
    ids = [a_customer(desk, phone=f"1380000000{number}").id for number in range(1, 6)]
    first = desk.ask(ListCustomers(limit=3))
    second = desk.ask(ListCustomers(limit=3, cursor=first.next_cursor))
    assert [one.id for one in first.items + second.items] == ids[::-1]
    assert second.next_cursor is None
    for question, dealer in (
        (ListCustomers(cursor=first.next_cursor, name="Li"), "sh-pudong"),
        (ListCustomers(cursor=first.next_cursor), "bj-chaoyang"),
    ):
        with pytest.raises(Invalid):
            desk.ask(question, dealer=dealer)


def test_a_new_dealer_has_the_default_settings_and_each_dealer_its_own(desk):
    before = desk.ask(GetCrmSettings())
    assert (before.version, before.vin_check, before.follow_up_time.isoformat()) == (1, "warn", "10:00:00")
    assert checking_vins(desk, "strict").version == 2
    assert desk.ask(GetCrmSettings(), dealer="bj-chaoyang").vin_check == "warn"
    with pytest.raises(PreconditionFailed):
        desk.do(
            ChangeCrmSettings(
                vin_check="off",
                follow_up_day=1,
                follow_up_time=before.follow_up_time,
                follow_up_due_day=2,
                follow_up_breach_day=3,
            ),
            if_match=1,
        )


def test_a_dealer_nobody_has_registered_has_no_settings_yet(desk):
    with pytest.raises(NotFound):
        desk.ask(GetCrmSettings(), dealer="gz-tianhe")
    with pytest.raises(NotYetKnown) as refusal:
        desk.do(
            ChangeCrmSettings(
                vin_check="off",
                follow_up_day=1,
                follow_up_time=time(10),
                follow_up_due_day=2,
                follow_up_breach_day=3,
            ),
            dealer="gz-tianhe",
        )
    assert refusal.value.details["field"] == "dealer"


def test_a_dealer_that_is_recorded_again_keeps_its_settings(desk):
    checking_vins(desk, "strict")
    desk.register("sh-pudong", name="Pudong")
    assert desk.ask(GetCrmSettings()).vin_check == "strict"
    assert desk.parked() == []
