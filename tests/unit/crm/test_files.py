"""Rule C1: the files of customers and vehicles."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.ids import new_id
from contracts.crm.customer import ConsentChange, CustomerDetails
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.crm.refusals import REFUSALS
from contracts.crm.vehicle import VehicleDetails
from contracts.shared import CustomerFacts, VehicleFacts
from services.crm.customer.customer import Customer
from services.crm.vehicle.vehicle import Vehicle

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 4, tzinfo=UTC)


def write(customer, *, at=NOON, **changes):
    facts = {
        "name": "Li Lei",
        "phone": "138 0000-0001",
    }
    customer.announced.clear()
    customer.record(CustomerDetails(**{**facts, **changes}), at=at, country="CN")
    return customer


def write_vehicle(vehicle, *, vin_check="strict", **changes):
    facts = {
        "customer_id": new_id(),
        "vin": "1M8GDM9AXKP042788",
        "plate": "沪a·12345",
        "make": "MCI",
        "model": "102",
    }
    vehicle.record(VehicleDetails(**{**facts, **changes}), vin_check=vin_check, at=NOON, today=NOON.date())
    return vehicle


def test_a_file_announces_the_whole_customer():
    customer = write(Customer(), email="li@example.org", preferred_channel="sms")
    assert customer.announced == [
        CustomerRecorded(
            customer=CustomerFacts(
                customer_id=customer.id,
                name="Li Lei",
                phone="138 0000-0001",
                email="li@example.org",
                preferred_channel="sms",
            )
        )
    ]


@pytest.mark.parametrize(("changes", "field"), [({"phone": "138"}, "phone")])
def test_a_customers_phone_is_a_number_of_its_country(changes, field):
    with pytest.raises(Invalid) as refusal:
        write(Customer(), **changes)
    assert list(refusal.value.details["errors"]) == [field]


def test_the_last_word_on_a_consent_counts_and_the_earlier_one_stays_as_evidence():
    def says(granted, source):
        return [ConsentChange(purpose="marketing", channel="sms", granted=granted, source=source)]

    customer = write(Customer(), consents=says(True, "form 12"))
    assert customer.allows("marketing", "sms")
    write(customer, consents=says(False, "call"), at=LATER)
    assert not customer.allows("marketing", "sms")
    (last,) = customer.describe().consents
    assert (last.granted, last.source, last.at) == (False, "call", LATER)
    assert [(one.granted, one.at) for one in customer.consent_history] == [(True, NOON), (False, LATER)]


def test_a_consent_that_is_not_named_stays_and_silence_is_none():
    customer = write(Customer(), consents=[ConsentChange(purpose="survey", channel="sms", granted=True, source="form")])
    write(customer, phone="13900000009")
    assert customer.allows("survey", "sms")
    assert not customer.allows("survey", "email")
    assert not customer.allows("marketing", "sms")


def test_a_vehicles_file_announces_the_whole_vehicle():
    vehicle = write_vehicle(Vehicle())
    assert vehicle.announced == [
        VehicleRecorded(
            vehicle=VehicleFacts(vehicle_id=vehicle.id, vin="1M8GDM9AXKP042788", plate="沪a·12345", make="MCI", model="102"),
            customer_id=vehicle.customer_id,
        )
    ]


def test_a_doubtful_vin_is_marked_in_the_answer():
    assert write_vehicle(Vehicle()).describe().vin_warning is None
    assert write_vehicle(Vehicle(), vin="1M8GDM9A1KP042788", vin_check="warn").describe().vin_warning == "check_digit"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sale_date": date(2026, 1, 2), "warranty_end": date(2026, 1, 1)}, "warranty_end"),
        ({"vin": "1M8GDM9A1KP042788"}, "vin"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_by_field(changes, field):
    with pytest.raises(Invalid) as refusal:
        write_vehicle(Vehicle(), **changes)
    assert list(refusal.value.details["errors"]) == [field]


def test_every_refusal_is_listed_and_every_one_listed_is_made():
    source = Path(__file__).parents[3] / "services" / "crm"
    calls = [
        node
        for file in source.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"
    ]
    assert {call.args[0].value for call in calls} == set(REFUSALS)


def test_a_car_was_sold_by_today_at_the_latest():
    assert write_vehicle(Vehicle(), sale_date=NOON.date()).sale_date == NOON.date()
    with pytest.raises(Invalid) as refusal:
        write_vehicle(Vehicle(), sale_date=NOON.date() + timedelta(days=1))
    assert refusal.value.details["errors"] == {"sale_date": ["must_not_be_future"]}


def test_a_consent_is_said_once_in_a_call():
    """Of yes and no at once nobody knows which the customer said."""
    said = [ConsentChange(purpose="marketing", channel="sms", granted=granted, source="form") for granted in (True, False)]
    with pytest.raises(Invalid) as refused:
        write(Customer(), consents=said)
    assert refused.value.details["errors"] == {"consents.1": ["named_twice"]}
