"""Rule B4: what is booked can be priced, set aside and done: the group's operations, the dealer's parts."""

import pytest

from chassis.wire.errors import Invalid, NotYetKnown
from chassis.wire.values import Money, Quantity
from contracts.booking.appointment import AmendAppointment, RequestedPart
from contracts.booking.events import AppointmentAmended, AppointmentBooked
from contracts.parts.events import PriceEntry, PriceListPublished
from contracts.workshop.events import OperationsPublished, PublishedOperation
from tests.services.booking.places import taken


def some(number):
    return RequestedPart(part_number=number, quantity=Quantity.of("1"))


UNKNOWN = [
    ({"operations": ["OIL-1", "NOSUCH"]}, "operations.1"),
    ({"parts": [some("F-1"), some("NOSUCH")]}, "parts.1.part_number"),
]


@pytest.mark.parametrize(("wanted", "field"), UNKNOWN, ids=["operation", "part"])
def test_what_nobody_knows_is_not_booked_and_takes_no_place(desk, front, wanted, field):
    """The gateway asks again for a moment, because it may be announced at this one; then it names the field."""
    with pytest.raises(NotYetKnown) as refused:
        front.books(**wanted)
    assert refused.value.details["field"] == field
    assert (taken(desk), desk.announced(AppointmentBooked)) == ({}, [])
    booked = front.books()
    with pytest.raises(NotYetKnown):
        desk.do(AmendAppointment(appointment_id=booked.id, **wanted))
    assert desk.announced(AppointmentAmended) == []


def test_a_part_is_known_by_any_spelling_and_at_its_own_dealer(desk, front):
    """Rule A4 of keys, Rule G1."""
    booked = front.books(parts=[some("f 1")], operations=["oil-1"])
    assert (booked.parts[0].part_number, booked.operations) == ("F1", ["OIL-1"])
    with pytest.raises(NotYetKnown):
        front.books(parts=[some("F-1")], dealer="bj-chaoyang")
    front.stocks("F-1", dealer="bj-chaoyang")
    assert front.books(parts=[some("F-1")], dealer="bj-chaoyang").status == "confirmed"


def test_what_was_announced_is_bookable_however_often_it_comes(desk, front):
    desk.hear(
        OperationsPublished(operations=[PublishedOperation(operation_code=one) for one in ("NEW", "OIL-1", "NEW")]),
        dealer=None,
        times=2,
    )
    desk.hear(OperationsPublished(operations=[]), dealer=None)
    front.stocks("N-1", "F-1")
    front.stocks()
    booked = front.books(operations=["NEW", "OIL-1"], parts=[some("N-1")])
    assert (booked.operations, desk.parked()) == (["NEW", "OIL-1"], [])


def test_what_is_counted_is_booked_in_whole_ones_by_the_newest_price_list(desk, front):
    """Rules B4 and P2: half a filter is a slip of the pen, half a litre of oil is not."""
    half = {"parts": [some("F-1"), RequestedPart(part_number="f 1", quantity=Quantity.of("1.5"))]}
    booked = front.books()
    for asked in (front.books, lambda **wanted: desk.do(AmendAppointment(appointment_id=booked.id, **wanted))):
        with pytest.raises(Invalid) as refused:
            asked(**half)
        assert list(refused.value.details["errors"]) == ["parts.1.quantity"]

    def published(edition, unit):
        entry = PriceEntry(part_number="F-1", name_zh="机油", name_en="Oil", unit=unit, list_price=Money.of("9.00", "CNY"))
        desk.hear(PriceListPublished(edition=edition, chunk=1, chunks=1, parts=[entry]))

    published(3, "L")
    published(2, "pc")
    assert front.books(**half, confirm_second_appointment=True).parts[1].quantity == Quantity.of("1.5")
