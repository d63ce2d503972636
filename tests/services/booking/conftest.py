"""A booking desk: one dealer that is open on weekdays, a customer and a car that crm has announced."""

from datetime import UTC, datetime

import pytest

from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.booking.appointment import BookAppointment
from contracts.booking.calendar import Capacity, OpeningHours, SetCalendar, Weekday
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.parts.events import PriceEntry, PriceListPublished
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.workshop.events import OperationsPublished, PublishedOperation
from services.booking.service import BookingService

WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


class Front:
    """The people at the booking desk, in their words."""

    def __init__(self, desk):
        self.desk = desk
        self.customer = CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001")
        self.vehicle = VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102")
        for dealer in ("sh-pudong", "bj-chaoyang"):
            desk.hear(CustomerRecorded(customer=self.customer), dealer=dealer)
            desk.hear(VehicleRecorded(vehicle=self.vehicle, customer_id=self.customer.customer_id), dealer=dealer)
            self.opens(dealer=dealer)
        self.publishes("OIL-1", "BRAKE-F")
        self.stocks("F-1", "D-9")
        for name in ("wang", "zhao", "chen"):
            desk.employ(name, "service_advisor")

    def publishes(self, *codes, group=None):
        """workshop announces that these are in the group's catalogue, of that kind of work."""
        operations = [PublishedOperation(operation_code=one, operation_group=group) for one in codes]
        self.desk.hear(OperationsPublished(operations=operations), dealer=None)

    def stocks(self, *numbers, dealer="sh-pudong"):
        """parts announces that these are in the dealer's catalogue."""
        yuan = Money.of("1.00", "CNY")
        entries = [PriceEntry(part_number=one, name_zh="备件", name_en="Part", unit="pc", list_price=yuan) for one in numbers]
        self.desk.hear(PriceListPublished(edition=1, chunk=1, chunks=1, parts=entries), dealer=dealer)

    def opens(self, *, places=2, opens="08:30", closes="17:30", dealer="sh-pudong", **changes):
        facts = {
            "opening": [OpeningHours(weekday=day, opens=opens, closes=closes) for day in WEEKDAYS],
            "capacity": [Capacity(service_type="repair", places=places), Capacity(service_type="maintenance", places=places)],
        }
        return self.desk.do(SetCalendar(**{**facts, **changes}), dealer=dealer)

    @staticmethod
    def capacity(*service_types):
        return [Capacity(service_type=one, places=2) for one in service_types]

    def asks(self, **changes):
        facts = {
            "customer_id": self.customer.customer_id,
            "vehicle_id": self.vehicle.vehicle_id,
            "channel": "phone",
            "service_type": "repair",
            "starts_at": at("2026-03-09T09:00"),
            "confirm_second_appointment": True,  # there is one car for all tests
        }
        return BookAppointment(**{**facts, **changes})

    def books(self, *, dealer="sh-pudong", **changes):
        return self.desk.do(self.asks(**changes), dealer=dealer)


def at(text):
    """A time on the wall in Shanghai."""
    return datetime.fromisoformat(f"{text}:00+08:00").astimezone(UTC)


@pytest.fixture
def wall():
    return at


@pytest.fixture
def desk(open_desk):
    return open_desk(BookingService)


@pytest.fixture
def front(desk):
    return Front(desk)
