"""Rule W30: high-voltage work begins on an isolated car only, which two certified people signed step by step."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import derived_id
from chassis.wire.searching import may_be_one_name
from chassis.wire.values import Quantity
from contracts.gateway.events import AccountRecorded, StaffRoles
from contracts.workshop import equipment, isolation
from contracts.workshop import isolation_events as events
from contracts.workshop.board import GetBoard
from contracts.workshop.certificate import IssueCertificate, WithdrawCertificate
from contracts.workshop.pricing import GetWorkshopSettings, ListOperations, SetWorkshopSettings
from tests.services.workshop.electric import NEXT_YEAR, TODAY, a_battery_job, certify, lock, measure, step
from tests.services.workshop.shop import DEALER, Shop, cny, labour


def test_an_operation_says_that_it_is_high_voltage_work_and_so_do_its_lines_and_the_order(electric: Shop) -> None:
    """Rule W30: published by the group with the operation; the order and the board show that the car is live."""
    [one] = electric.desk.ask(ListOperations(code_prefix="HV")).items
    assert one.high_voltage
    order = a_battery_job(electric)
    assert [line.high_voltage for line in order.lines] == [True, False]
    assert order.high_voltage == "live"
    [card] = electric.desk.ask(GetBoard()).orders
    assert (card.high_voltage, [line.high_voltage for line in card.lines]) == ("live", [True, False])
    assert electric.dispatched(electric.approved(labour=[labour()]), "chen", "B2").high_voltage is None


def test_high_voltage_work_begins_when_two_certified_people_signed_the_isolation_after_the_wait(electric: Shop) -> None:
    """Rule W30: lock, wait, measure, a second signature - and not one step earlier; other lines of the order wait for nothing."""
    order = a_battery_job(electric)

    def refused() -> None:
        with pytest.raises(Refused) as refusal:
            electric.clock_on(order)
        assert (refusal.value.code, refusal.value.details) == ("not_isolated", {"line": 1})

    refused()
    electric.clock_on(order, 2)
    electric.desk.pass_time(minutes=5)
    electric.clock_off(order, 2)
    one = lock(electric, order)
    assert (one.isolation_state, one.wait_until - one.locked_at) == ("locked", timedelta(minutes=10))
    refused()
    electric.desk.pass_time(minutes=9, seconds=59)
    with pytest.raises(Refused, match="isolation_wait_not_over") as early:
        measure(electric, one)
    assert early.value.details == {"until": one.wait_until.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()}
    electric.desk.pass_time(seconds=1)
    assert measure(electric, one).isolation_state == "measured"
    refused()
    done = step(electric, isolation.ConfirmIsolation, one, "chen")
    assert (done.isolation_state, electric.now(order).high_voltage) == ("isolated", "isolated")
    assert [(each.step, each.signed_by, each.signature.verified) for each in done.steps] == [
        ("lock", "zhang", True),
        ("measure", "zhang", True),
        ("confirm", "chen", True),
    ]
    assert (done.steps[1].volts_dc, done.steps[1].volts_ac, done.steps[1].gauge) == (
        Quantity.of("0.4"),
        Quantity.of("0.1"),
        "V-1",
    )
    assert electric.clock_on(order).status == "in_progress"
    for kind in (events.SystemLockedOff, events.IsolationMeasured, events.SystemIsolated):
        assert [fact.isolation_id for fact in electric.desk.announced(kind)] == [one.id]


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        ("volts_dc", {"volts_dc": Quantity.of("60")}, "must_be_below"),
        ("volts_ac", {"volts_ac": Quantity.of("30")}, "must_be_below"),
        ("gauge", {"gauge": "V-9"}, "not_a_gauge_of_the_dealer"),
        ("gauge", {"gauge": "MM-1"}, "gauge_of_another_unit"),
    ],
)
def test_a_dangerous_voltage_or_a_wrong_gauge_is_refused_by_field(electric: Shop, field: str, wrong: Any, code: str) -> None:
    """Rule W30: below 60 V DC and 30 V AC; at the limit it is dangerous."""
    electric.desk.do(equipment.RegisterEquipment(code="MM-1", kind="gauge", name="Caliper", units=["mm"], due_on=NEXT_YEAR))
    one = lock(electric, a_battery_job(electric))
    electric.desk.pass_time(minutes=10)
    with pytest.raises(Invalid) as refusal:
        measure(electric, one, **wrong)
    [(where, [what])] = refusal.value.details["errors"].items()
    assert (where, str(what).split(" ")[0]) == (field, code)
    assert measure(electric, one, volts_dc=Quantity.of("59.9"), volts_ac=Quantity.of("29.9")).isolation_state == "measured"


def test_a_gauge_that_is_overdue_measures_no_isolation(electric: Shop) -> None:
    """Rules W21, W30."""
    electric.desk.do(equipment.RegisterEquipment(code="V-2", kind="gauge", name="Old one", units=["V"], due_on=TODAY))
    electric.desk.pass_time(days=1)
    one = lock(electric, a_battery_job(electric))
    electric.desk.pass_time(minutes=10)
    with pytest.raises(Refused, match="gauge_overdue"):
        measure(electric, one, gauge="V-2")


def test_each_step_needs_a_valid_certificate_of_the_skill_that_the_dealer_names(electric: Shop) -> None:
    """Rule W30: wu has none; who lost theirs meanwhile signs no more."""
    order = a_battery_job(electric)
    with pytest.raises(Refused) as refusal:
        lock(electric, order, "wu")
    assert (refusal.value.code, refusal.value.details) == ("not_skilled", {"name": "wu", "skill": "HIGH_VOLTAGE"})
    one = lock(electric, order)
    electric.desk.pass_time(minutes=10)
    with pytest.raises(Refused, match="isolation_of_colleague"):
        measure(electric, one, "chen")
    measure(electric, one)
    with pytest.raises(Refused, match="not_skilled"):
        step(electric, isolation.ConfirmIsolation, one, "wu")
    days = {"issued_on": TODAY, "expires_on": NEXT_YEAR}
    held = electric.desk.do(IssueCertificate(holder="wu", skill="HIGH_VOLTAGE", **days))
    electric.desk.do(WithdrawCertificate(certificate_id=held.id, reason="failed the refresher"))
    with pytest.raises(Refused, match="not_skilled"):
        step(electric, isolation.ConfirmIsolation, one, "wu")
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    before = electric.desk.ask(GetWorkshopSettings())
    assert (before.high_voltage_skill, before.isolation_wait_minutes) == ("HIGH_VOLTAGE", 10)
    electric.desk.do(SetWorkshopSettings(**rates, high_voltage_skill="高压电", isolation_wait_minutes=5))
    with pytest.raises(Refused, match="not_skilled"):
        step(electric, isolation.ConfirmIsolation, one, "chen")
    electric.desk.do(IssueCertificate(holder="chen", skill="高压电", **days))
    assert step(electric, isolation.ConfirmIsolation, one, "chen").isolation_state == "isolated"
    another = lock(electric, electric.dispatched(electric.approved(labour=[labour("HV-BAT")]), bay="B2"), "chen")
    assert another.wait_until - another.locked_at == timedelta(minutes=5)


def known_as(shop: Shop, login: str, name: str, staff_number: str | None = None, *, sequence: int = 2) -> None:
    """A second account of somebody, as the gateway announces it."""
    roles = [StaffRoles(dealer=DEALER, roles=["technician"])]
    fact = AccountRecorded(login=login, name=name, active=True, dealers=roles, staff_number=staff_number)
    shop.desk.hear(fact, subject=derived_id("account", login), sequence=sequence, dealer=None)


def test_two_people_of_one_name_are_told_apart_by_their_staff_numbers(electric: Shop) -> None:
    """Rule W30: a name is not who somebody is; it stands for the number only where an account has none."""
    known_as(electric, "zhang", "Zhang Wei")
    known_as(electric, "chen", "Zhang Wei", "E-12")
    one = lock(electric, a_battery_job(electric))
    electric.desk.pass_time(minutes=10)
    measure(electric, one)
    with pytest.raises(Refused, match="needs_another_person"):
        step(electric, isolation.ConfirmIsolation, one, "chen")
    known_as(electric, "zhang", "Zhang Wei", "E-11", sequence=3)
    assert step(electric, isolation.ConfirmIsolation, one, "chen").isolation_state == "isolated"


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("王强", "wáng qiáng", True),
        ("Wang Qiang", "王强", True),
        ("王 強", "王強", True),
        ("单雄信", "Shan Xiongxin", True),
        ("王强", "WQ", False),
        ("王强", "汪强", False),
        ("王强", "Wang Qian", False),
    ],
)
def test_a_name_is_one_however_it_is_written(first: str, second: str, one: bool) -> None:
    """Rule W30: also in pinyin; initials are nobody's name, and two that sound alike are two."""
    assert may_be_one_name(first, second) is may_be_one_name(second, first) is one


def test_the_second_person_is_another_person_and_not_another_account(electric: Shop) -> None:
    """Rule W30: the same account, staff number, name however it is written, or certificate number."""
    known_as(electric, "zhang.tablet", "Ｚ hang")
    known_as(electric, "night-shift", "Night shift")
    known_as(electric, "zhang", "zhang", "E-77")
    known_as(electric, "spare", "Spare tablet", "E-77")
    certify(electric, "spare")
    certify(electric, "zhang.tablet")
    certify(electric, "night-shift", "HV 2026 17")
    mine = {"issued_on": TODAY, "expires_on": NEXT_YEAR + timedelta(days=1), "certificate_number": "hv-2026-17"}
    electric.desk.do(IssueCertificate(holder="wu", skill="HIGH_VOLTAGE", **mine))
    order = a_battery_job(electric)
    one = lock(electric, order)
    electric.desk.pass_time(minutes=10)
    measure(electric, one)
    for same in ("zhang", "zhang.tablet", "spare"):
        with pytest.raises(Refused) as refusal:
            step(electric, isolation.ConfirmIsolation, one, same)
        assert (refusal.value.code, refusal.value.details) == ("needs_another_person", {"name": "zhang"})
    assert step(electric, isolation.ConfirmIsolation, one, "night-shift").isolation_state == "isolated"
    step(electric, isolation.Energise, one, "night-shift")
    with pytest.raises(Refused, match="needs_another_person"):
        step(electric, isolation.ConfirmEnergising, one, "wu")
    assert step(electric, isolation.ConfirmEnergising, one, "zhang.tablet").isolation_state == "energised"
