"""Rules W2 and W24: how the car was when it was taken over, signed; and who has its keys and papers."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from chassis import Work
from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.signing import Signing
from contracts.workshop import custody
from contracts.workshop.damage import Damage
from contracts.workshop.order import WorkOrder
from contracts.workshop.reception_events import WalkAroundSigned
from contracts.workshop.walk_around import (
    GetReception,
    GetWalkAround,
    PropertyLeft,
    RecordWalkAround,
    SignWalkAround,
    WalkAround,
)
from services.workshop.order.custody import CustodyHandOver
from services.workshop.reception.walk_around import WalkAround as WalkAroundRow
from tests.services.workshop.shop import CUSTOMER, DEALER, VEHICLE, Shop

STROKES = "10,20 200,60 300,30"


def walked(shop: Shop, order: WorkOrder, actor: str = "wang", **more: Any) -> WalkAround:
    found = {
        "mileage": 51_200,
        "fuel_eighths": 5,
        "damages": [Damage(panel="right_rear_door", damage="scratch", note="10 cm")],
        "equipment": ["spare_wheel", "jack"],
        "property_left": [PropertyLeft(description="child seat")],
        "valuables_reminder": True,
        "protective_covers": True,
        "keys": 2,
        "registration": True,
        "service_book": False,
    }
    return shop.desk.do(RecordWalkAround(work_order_id=order.id, **{**found, **more}), actor=actor)


def signed(shop: Shop, walk: WalkAround, document_hash: str | None = None, actor: str = "wang") -> WalkAround:
    signature = Signing(means="drawn", name="Li Na", strokes=STROKES, document_hash=document_hash or walk.document_hash)
    return shop.desk.do(SignWalkAround(work_order_id=walk.work_order_id, signature=signature), actor=actor)


def passed(shop: Shop, order: WorkOrder, to: str | None, *things: custody.Thing, actor: str = "wang") -> custody.Custody:
    return shop.desk.do(custody.HandOverThings(work_order_id=order.id, things=list(things), given_to=to), actor=actor)


def test_an_odometer_that_is_read_anew_before_the_customer_signs_is_doubted_as_the_first_reading_was(shop: Shop) -> None:
    """Rule W13."""
    shop.deliver(shop.ready(), mileage=51_000)
    order = shop.open()
    walked(shop, order)
    with pytest.raises(Refused, match="mileage_went_back"):
        walked(shop, order, mileage=5_120)
    assert walked(shop, order, mileage=5_120, mileage_reason="new cluster").findings.mileage == 5_120


def test_what_the_customer_signed_is_what_the_odometer_showed_and_not_what_was_typed_as_the_order_was_opened(shop: Shop) -> None:
    """Rule W2: a slip at the opening is put right at the car, and the next reading is held against that."""
    order = shop.open(mileage=29_999)
    signed(shop, walked(shop, order, mileage=3_010, mileage_reason="mistyped"))
    assert shop.now(order).opening_mileage == 3_010
    assert shop.desk.ask(GetReception(work_order_id=order.id)).last_mileage == 3_010


def test_a_corrected_odometer_is_doubted_too_and_is_what_the_order_was_opened_with(shop: Shop) -> None:
    """Rule W2: one rule wherever an odometer is read; who corrects something else is not asked about it again."""
    order = shop.open()
    signed(shop, walked(shop, order))
    why = {"corrected_because": "misread"}
    with pytest.raises(Refused, match="mileage_far_ahead"):
        walked(shop, order, mileage=999_999, **why)
    with pytest.raises(Refused, match="mileage_went_back"):
        walked(shop, order, mileage=10, **why)
    signed(shop, walked(shop, order, mileage=15_200, mileage_reason="misread", **why))
    assert shop.desk.ask(GetReception(work_order_id=order.id)).last_mileage == 15_200
    assert walked(shop, order, mileage=15_200, damages=[], **why).walk_around_version == 3


def test_a_corrected_file_reaches_what_is_not_signed_yet_and_what_was_shown_before_is_not_signed(shop: Shop) -> None:
    """Rule W2: one signs what one sees - name and plate as they are shown are those of the signed document."""
    order = shop.open()
    before = walked(shop, order)
    right = VehicleRecorded(vehicle=replace(VEHICLE, plate="沪A99999"), customer_id=CUSTOMER.customer_id)
    shop.desk.hear(right, subject=VEHICLE.vehicle_id, sequence=2)
    shown = shop.desk.ask(GetReception(work_order_id=order.id))
    assert shown.walk_around is not None
    assert (shown.walk_around.plate, shown.vehicle.plate) == ("沪A99999", "沪A99999")
    with pytest.raises(PreconditionFailed, match="document_changed"):
        signed(shop, before)
    kept = signed(shop, shown.walk_around)
    assert kept.signature is not None
    assert (kept.plate, kept.signature.verified) == ("沪A99999", True)
    renamed = CustomerRecorded(customer=replace(CUSTOMER, name="Li Na-Na"))
    shop.desk.hear(renamed, subject=CUSTOMER.customer_id, sequence=2)
    stays = shop.desk.ask(GetWalkAround(work_order_id=order.id))
    assert (stays.customer_name, stays.plate) == (CUSTOMER.name, "沪A99999"), "what was signed stays as it was signed"
    assert stays.signature is not None
    assert stays.signature.verified
    assert (shop.now(order).customer.name, shop.desk.parked()) == ("Li Na-Na", []), "the order has the name of today"


def test_the_walk_around_is_signed_as_it_was_shown_and_is_never_changed_afterwards(shop: Shop) -> None:
    order = shop.open()
    with pytest.raises(NotFound):
        shop.desk.ask(GetWalkAround(work_order_id=order.id))
    first = walked(shop, order, fuel_eighths=None, fuel_percent=80)
    unsigned = select(WalkAroundRow.id).where(WalkAroundRow.signature.is_(None))
    assert shop.desk.rows(lambda session: session.scalars(unsigned).all(), dealer=DEALER) == [first.id]
    shown = walked(shop, order)
    assert (shown.walk_around_version, shown.id, shown.findings.fuel_percent) == (1, first.id, None)
    with pytest.raises(PreconditionFailed, match="document_changed"):
        signed(shop, shown, first.document_hash)
    kept = signed(shop, shown)
    assert kept.signature is not None
    assert (kept.signature.name, kept.signature.verified, kept.signature.document_hash) == ("Li Na", True, shown.document_hash)
    [told] = shop.desk.announced(WalkAroundSigned)
    assert (told.walk_around_version, told.mileage, told.damage_count, told.signed_by) == (1, 51_200, 1, "Li Na")
    assert shop.now(order).opening_mileage == 51_200
    with pytest.raises(Refused, match="walk_around_signed"):
        signed(shop, shown)

    def tamper(work: Work) -> None:
        row = work.lock(WalkAroundRow, shown.id)
        assert row is not None
        work.change(row)
        row.work_order_id = new_id()

    with pytest.raises(PermissionError):
        shop.desk.executor.run_for(DEALER, tamper)


def test_what_is_signed_is_corrected_by_a_version_of_its_own_with_a_reason(shop: Shop) -> None:
    order = shop.open()
    first = signed(shop, walked(shop, order))
    with pytest.raises(Invalid) as refusal:
        walked(shop, order, damages=[])
    assert list(refusal.value.details["errors"]) == ["corrected_because"]
    second = walked(shop, order, damages=[], corrected_because="the scratch is dirt")
    assert (second.walk_around_version, second.corrected_because, second.signature) == (2, "the scratch is dirt", None)
    assert shop.desk.ask(GetWalkAround(work_order_id=order.id, walk_around_version=1)) == first
    assert shop.desk.ask(GetWalkAround(work_order_id=order.id)).walk_around_version == 2
    signed(shop, second)
    assert [one.walk_around_version for one in shop.desk.announced(WalkAroundSigned)] == [1, 2]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fuel_eighths": 9}, "fuel_eighths"),
        ({"fuel_percent": 50}, "fuel_eighths"),
        ({"fuel_eighths": None}, "fuel_eighths"),
        ({"keys": 21}, "keys"),
        ({"mileage": -1}, "mileage"),
        ({"damages": [{"panel": "wing", "damage": "dent"}]}, "damages.0.panel"),
        ({"damages": [{"panel": "roof", "damage": "hail"}]}, "damages.0.damage"),
        ({"damages": [{"panel": "roof", "damage": "dent"}, {"panel": "roof", "damage": "dent"}]}, "damages.1"),
        ({"equipment": ["jack", "jack"]}, "equipment.1"),
    ],
)
def test_what_is_out_of_range_or_no_panel_is_refused_at_its_field(shop: Shop, wrong: dict[str, Any], field: str) -> None:
    order = shop.open()
    told = walked(shop, order).findings.dump()
    with pytest.raises(Invalid) as refusal:
        shop.desk.do(RecordWalkAround.load({"work_order_id": order.id, **told, **wrong}))
    assert list(refusal.value.details["errors"]) == [field]


def test_nobody_signs_before_they_were_reminded_of_valuables_or_without_a_walk_around(shop: Shop) -> None:
    order = shop.open(mileage=60_000)
    signature = Signing(means="typed", name="Li Na", document_hash="0" * 64)
    with pytest.raises(Refused, match="no_walk_around"):
        shop.desk.do(SignWalkAround(work_order_id=order.id, signature=signature))
    with pytest.raises(Refused, match="mileage_went_back"):
        walked(shop, order)
    walk = walked(shop, order, mileage_reason="new instrument cluster", valuables_reminder=False)
    with pytest.raises(Invalid, match="needs_document_hash"):
        shop.desk.do(SignWalkAround(work_order_id=order.id, signature=replace(signature, document_hash=None)))
    with pytest.raises(Refused, match="valuables_not_mentioned"):
        signed(shop, walk)
    assert shop.desk.ask(custody.GetCustody(work_order_id=order.id)).held == []


@pytest.mark.parametrize("row", [CustodyHandOver, WalkAroundRow])
@pytest.mark.parametrize("change", [update, delete])
def test_the_database_itself_keeps_what_is_signed_and_who_had_the_keys(shop: Shop, row: Any, change: Any) -> None:
    """An unsigned walk-around it lets be replaced."""
    order = shop.open()
    walked(shop, order)
    signed(shop, walked(shop, order, keys=1))
    statement = change(row).where(row.work_order_id == order.id)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        shop.desk.rows(
            lambda session: session.execute(statement.values(id=new_id()) if change is update else statement), dealer=DEALER
        )


def test_reception_is_one_answer(shop: Shop) -> None:
    shop.desk.employ("wang", "service_advisor")
    order = shop.open()
    assert shop.desk.ask(GetReception(work_order_id=order.id)).walk_around is None
    walk = signed(shop, walked(shop, order))
    told = shop.desk.ask(GetReception(work_order_id=order.id))
    assert (told.walk_around, told.last_mileage, told.order_number) == (walk, 51_200, order.number)
    assert [one.thing for one in told.held] == ["keys", "registration", "folder"]
    assert [one.login for one in told.colleagues] == ["chen", "wang", "zhang"]
    with pytest.raises(NotFound):
        shop.desk.ask(GetReception(work_order_id=order.id), dealer="bj-chaoyang")


def test_what_was_left_in_the_car_is_named_once(shop: Shop) -> None:
    """Rule W2: as damage and equipment are."""
    left = [PropertyLeft(description=one) for one in ("Umbrella", "child seat", "umbrella")]
    with pytest.raises(Invalid) as refused:
        walked(shop, shop.open(), property_left=left)
    assert refused.value.details["errors"] == {"property_left.2.description": ["named_twice"]}
