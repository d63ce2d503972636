"""Rule W33: a battery's state of health is a trend per pack over all dealers; below the limit the coverage becomes a question."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.values import Quantity
from contracts.workshop import battery, equipment
from contracts.workshop.battery import Battery, BatteryCheck
from contracts.workshop.battery_events import BatteryMeasured
from contracts.workshop.order import RecordJob, WorkOrder
from contracts.workshop.pricing import GetWorkshopSettings, SetWorkshopSettings
from services.workshop.order.battery import BatteryCheck as Kept
from tests.services.workshop.shop import DEALER, VEHICLE, Shop, cny, labour

OTHER = "bj-chaoyang"
NEXT_YEAR = date(2027, 3, 1)


def measure(shop: Shop, order: WorkOrder, percent: str, dealer: str = DEALER, **more: Any) -> BatteryCheck:
    told = {"pack_serial": "BP-0001", "battery_method": "bms_readout", "tool": "ODIS", "mileage": 61_000, **more}
    asked = battery.MeasureBattery(work_order_id=order.id, percent=Quantity.of(percent), **told)
    return shop.desk.do(asked, dealer=dealer, actor="zhang")


def seen(shop: Shop, dealer: str = DEALER) -> Battery:
    return shop.desk.ask(battery.GetBattery(vehicle_id=VEHICLE.vehicle_id), dealer=dealer)


def test_the_trend_of_a_car_is_the_groups_and_says_nothing_of_anybody(shop: Shop) -> None:
    """Rule W33: by VIN, over all dealers, the first measurement first."""
    shop.know_neighbours(OTHER)
    one = measure(shop, shop.open(), "93.5")
    assert (one.percent, one.measured_by, one.tool, one.coverage_job) == (Quantity.of("93.5"), "zhang", "ODIS", None)
    shop.desk.pass_time(days=30)
    measure(shop, shop.open(dealer=OTHER), "91", OTHER, pack_serial="bp 0001", battery_method="capacity_test")
    for dealer in (DEALER, OTHER):
        shown = seen(shop, dealer)
        [pack] = shown.packs
        assert (shown.vin, shown.check_below) == (VEHICLE.vin, 70)
        assert [(each.percent, each.dealer, each.battery_method) for each in pack.measurements] == [
            (Quantity.of("93.5"), DEALER, "bms_readout"),
            (Quantity.of("91"), OTHER, "capacity_test"),
        ]
        assert "zhang" not in str(shown.dump())
    with pytest.raises(NotFound):
        shop.desk.ask(battery.GetBattery(vehicle_id=shop.open().id))
    assert [fact.percent for fact in shop.desk.announced(BatteryMeasured)] == [Quantity.of("93.5"), Quantity.of("91")]


def test_a_pack_that_was_replaced_begins_a_trend_of_its_own(shop: Shop) -> None:
    """Rule W33: another serial; nobody asks why it is better than the old one."""
    order = shop.open()
    measure(shop, order, "71")
    shop.desk.pass_time(days=1)
    measure(shop, order, "99", pack_serial="BP-0002")
    assert [(pack.pack_serial, len(pack.measurements)) for pack in seen(shop).packs] == [("BP-0002", 1), ("BP-0001", 1)]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("percent", {"percent": Quantity.of("100.1")}), ("percent", {"percent": Quantity(-1)}), ("tool", {"tool": None})],
)
def test_what_is_no_state_of_health_is_refused_by_field(shop: Shop, field: str, wrong: Any) -> None:
    """Rule W33: 0 to 100 %, with a tool or a gauge."""
    told = {"pack_serial": "BP-1", "battery_method": "bms_readout", "tool": "ODIS", "mileage": 1, "percent": Quantity.of(80)}
    asked = battery.MeasureBattery(work_order_id=shop.open().id, **{**told, **wrong})
    with pytest.raises(Invalid) as refusal:
        shop.desk.do(asked)
    assert list(refusal.value.details["errors"]) == [field]
    assert seen(shop).packs == []


def test_a_pack_gets_better_by_more_than_three_points_only_with_a_reason(shop: Shop) -> None:
    """Rule W33: also where another dealer measured it last."""
    shop.know_neighbours(OTHER)
    measure(shop, shop.open(dealer=OTHER), "80", OTHER)
    shop.desk.pass_time(hours=1)
    order = shop.open()
    with pytest.raises(Invalid) as refusal:
        measure(shop, order, "83.001")
    assert list(refusal.value.details["errors"]) == ["percent"]
    assert measure(shop, order, "83").reason is None
    shop.desk.pass_time(hours=1)
    assert measure(shop, order, "90", reason="balanced and calibrated").reason == "balanced and calibrated"


def test_below_the_limit_the_coverage_of_the_job_becomes_a_question_with_each_measurement(shop: Shop) -> None:
    """Rules W25, W33: at the limit it does not; until it is answered nobody bills the manufacturer; then it is asked anew."""
    order = shop.open()
    assert measure(shop, order, "70").coverage_job is None
    assert shop.now(order).jobs[0].coverage is None
    with pytest.raises(Refused, match="job_unknown"):
        measure(shop, order, "69.9", job=2)
    assert measure(shop, order, "69.9").coverage_job == 1
    assert shop.now(order).jobs[0].coverage == "undetermined"
    with pytest.raises(Refused, match="coverage_undetermined"):
        shop.quoted(order, labour=[labour(payer="warranty")])
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, coverage="covered", customer_told=True))
    assert shop.quoted(order, labour=[labour(payer="warranty")]).jobs[0].coverage == "covered"
    assert measure(shop, order, "69.5").coverage_job == 1
    job = shop.now(order).jobs[0]
    assert (job.coverage, job.customer_told_at) == ("undetermined", None)


def test_the_odometer_of_a_measurement_is_doubted_as_everywhere_and_is_known_afterwards(shop: Shop) -> None:
    """Rules W33, W13: below the last reading, or far beyond it, only with a reason; whoever reads it next is held against it."""
    order = shop.open(mileage=60_000)
    for mileage, code in ((59_999, "mileage_went_back"), (99_000, "mileage_far_ahead")):
        with pytest.raises(Refused, match=code) as refused:
            measure(shop, order, "88", mileage=mileage)
        assert refused.value.details == {"field": "mileage", "known": 60_000}
    shop.desk.pass_time(hours=1)
    assert measure(shop, order, "88", mileage=59_000, mileage_reason="new cluster").mileage_reason == "new cluster"
    with pytest.raises(Refused, match="mileage_went_back") as later:
        shop.open(mileage=58_999, confirm_second_order=True)
    assert later.value.details["known"] == 59_000


def test_an_unknown_job_is_refused_by_its_field_whatever_was_measured(shop: Shop) -> None:
    """Rule W33: not only where the coverage becomes a question."""
    order = shop.open()
    with pytest.raises(Refused, match="job_unknown") as refused:
        measure(shop, order, "95", job=9)
    assert refused.value.details == {"job": 9, "field": "job"}


def test_the_limit_is_the_dealers(shop: Shop) -> None:
    """Rule W33: 70 % by default."""
    assert shop.desk.ask(GetWorkshopSettings()).battery_check_below == 70
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(**rates, battery_check_below=80))
    assert measure(shop, shop.open(), "79").coverage_job == 1
    assert seen(shop).check_below == 80


def test_once_a_dealer_has_a_gauge_for_it_what_is_measured_names_it_and_what_is_read_out_does_not(shop: Shop) -> None:
    """Rules W21, W33: a brake tester tells per cent, too; what the car says itself is measured with nothing."""
    gauge = {"kind": "gauge", "name": "Tester", "due_on": NEXT_YEAR}
    shop.desk.do(equipment.RegisterEquipment(code="BR-1", units=["%"], **gauge))
    order = shop.open()
    assert measure(shop, order, "88", battery_method="capacity_test").gauge is None
    shop.desk.do(equipment.RegisterEquipment(code="BT-1", units=["% SOH"], **gauge))
    with pytest.raises(Invalid) as refusal:
        measure(shop, order, "88", battery_method="capacity_test")
    assert list(refusal.value.details["errors"]) == ["gauge"]
    assert measure(shop, order, "88").gauge is None
    assert measure(shop, order, "88", battery_method="charge_curve", gauge="bt1", tool=None).gauge == "BT-1"


def test_a_measurement_is_never_changed_and_none_is_taken_of_a_car_that_is_ready(shop: Shop) -> None:
    """Rule W33."""
    order = shop.ready()
    with pytest.raises(Refused, match="not_in_this_status"):
        measure(shop, order, "88")
    measure(shop, shop.open(), "88")

    def alter(session: Any) -> None:
        session.execute(Kept.__table__.update().values(percent_units=99_000))

    with pytest.raises(DatabaseError, match="never changed or deleted"):
        shop.desk.rows(alter, dealer=DEALER)
