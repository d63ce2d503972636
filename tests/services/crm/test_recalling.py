"""Rule C1 after a restore: files that everybody was told of say again what they said, and nobody's newer word is undone."""

from dataclasses import replace

import pytest

from chassis.wire.envelope import Envelope
from contracts.crm.customer import ChangeCustomer, GetCustomer, RegisterCustomer
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.crm.vehicle import GetVehicle, RegisterVehicle
from servicelane.recalling import keep
from services.crm.service import CrmService

LI_LEI = {"name": "Li Lei", "phone": "+86 139 0000 4321", "email": "li@example.com", "preferred_channel": "email"}


@pytest.fixture
def lost(open_desk):
    """Crm on the database that is lost."""
    return open_desk(CrmService)


@pytest.fixture
def restored(open_desk):
    """Crm on the database that was restored."""
    return open_desk(CrmService)


def recall(lost, restored, since=0):
    """What the journal has of the lost one."""
    told = [Envelope(**_attributes(one)) for one in lost.envelopes()[since:]]
    keep(restored.executor, CrmService, told)


def _attributes(one):
    known = Envelope.__dataclass_fields__
    import datetime

    attributes = {name: value for name, value in one.items() if name in known}
    return {**attributes, "time": datetime.datetime.fromisoformat(one["time"])}


def test_files_that_are_forgotten_are_there_again_and_announced_as_they_were(lost, restored):
    """Under their ids, by the newest that was told; others take the announcement for one they have seen."""
    customer = lost.do(RegisterCustomer(**LI_LEI))
    car = {"vin": "LSVAA49J132047381", "plate": "沪A12345", "make": "Volkswagen", "model": "Passat", "mileage": 31_000}
    vehicle = lost.do(RegisterVehicle(customer_id=customer.id, **car))
    changed = lost.do(ChangeCustomer(customer_id=customer.id, **{**LI_LEI, "address": "Pudong 1"}), if_match=customer.version)
    recall(lost, restored)
    found = restored.ask(GetCustomer(customer_id=customer.id))
    assert (found.name, found.email, found.address, found.version) == ("Li Lei", "li@example.com", "Pudong 1", changed.version)
    there = restored.ask(GetVehicle(vehicle_id=vehicle.id))
    assert (there.vin, there.plate, there.customer_id, there.version) == (vehicle.vin, vehicle.plate, customer.id, 1)
    assert restored.announced(CustomerRecorded) == lost.announced(CustomerRecorded)[-1:]
    assert restored.announced(VehicleRecorded) == lost.announced(VehicleRecorded)
    assert [one["sequence"] for one in restored.envelopes()] == [changed.version, 1]


def test_a_file_that_is_older_than_what_was_told_is_brought_up_to_date_once(lost, restored):
    """What it announces is newer than what others have seen; who recalls again undoes no change made since."""
    customer = lost.do(RegisterCustomer(**LI_LEI))
    recall(lost, restored)
    for name in ("Li Lei 2", "Li Lei 3"):
        customer = lost.do(ChangeCustomer(customer_id=customer.id, **{**LI_LEI, "name": name}), if_match=customer.version)
    recall(lost, restored, since=1)
    found = restored.ask(GetCustomer(customer_id=customer.id))
    assert (found.name, found.version) == ("Li Lei 3", customer.version + 1)
    since = restored.do(ChangeCustomer(customer_id=customer.id, **{**LI_LEI, "name": "Li Lei 4"}), if_match=found.version)
    recall(lost, restored, since=1)
    assert restored.ask(GetCustomer(customer_id=customer.id)) == replace(since)
