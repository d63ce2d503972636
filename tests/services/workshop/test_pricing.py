"""What lines cost: rates, menu prices, the group's catalogue, the price list (Rules W5, P1)."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Invalid, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Hours, Money
from contracts.crm.events import VehicleRecorded
from contracts.gateway.events import DealerRecorded
from contracts.workshop.agreement import GetEstimate
from contracts.workshop.events import EstimateIssued, OperationsPublished
from contracts.workshop.order import AddLines
from contracts.workshop.pricing import (
    CoefficientEntry,
    GetWorkshopSettings,
    ListOperations,
    OperationEntry,
    PayerRate,
    PublishCoefficients,
    PublishOperations,
    RemoveMenuPrice,
    SetMenuPrice,
    SetWorkshopSettings,
)
from tests.services.workshop.shop import CUSTOMER, VEHICLE, cny, labour, part, price


def add(shop, order, **lines):
    return shop.desk.do(AddLines(work_order_id=order.id, **lines))


def settings_version(shop):
    return shop.desk.ask(GetWorkshopSettings()).version


def test_an_estimate_prices_labour_by_hours_rate_and_coefficient_and_parts_by_the_list(shop):
    order = shop.quoted(shop.open())
    assert [line.amount for line in order.lines] == [cny("324.00"), cny("399.98"), cny("80.00")]
    [issued] = shop.desk.announced(EstimateIssued)
    assert (issued.labour, issued.parts, issued.sublet, issued.total) == (
        cny("324.00"),
        cny("399.98"),
        cny("80.00"),
        cny("803.98"),
    )


def test_prices_are_frozen_by_the_estimate(shop):
    order = shop.quoted(shop.open())
    shop.publish_prices(2, price("PAD-1", "999.00"))
    shop.desk.do(SetWorkshopSettings(labour_rate=cny("999.00"), call_threshold=cny("0.00")))
    assert [line.amount for line in shop.approve(order).lines] == [cny("324.00"), cny("399.98"), cny("80.00")]


def test_a_menu_price_overrides_until_it_is_removed(shop):
    shop.desk.do(SetMenuPrice(operation_code="BRAKE-F", price=cny("111.00")))
    shop.desk.do(SetMenuPrice(operation_code="BRAKE-F", price=cny("222.00")))
    assert shop.quoted(shop.open(), labour=[labour()]).lines[0].amount == cny("222.00")
    shop.desk.do(RemoveMenuPrice(operation_code="BRAKE-F"))
    assert shop.quoted(shop.open(), labour=[labour()]).lines[0].amount == cny("324.00")


def test_settings_have_a_version_and_speak_the_dealers_currency(shop):
    with pytest.raises(PreconditionFailed):
        shop.desk.do(SetMenuPrice(operation_code="OIL", price=cny("1.00")), if_match=settings_version(shop) - 1)
    with pytest.raises(Invalid) as refused:
        shop.desk.do(SetMenuPrice(operation_code="OIL", price=Money.of("1.00", "EUR")))
    assert refused.value.details["errors"] == {"price": ['wrong_currency {"currency": "CNY"}']}
    with pytest.raises(Refused, match="operation_unknown"):
        shop.desk.do(SetMenuPrice(operation_code="NOPE", price=cny("1.00")))


def test_menu_prices_in_the_old_currency_keep_a_dealer_from_setting_rates_in_the_new_one(shop):
    shop.desk.do(SetMenuPrice(operation_code="OIL", price=cny("99.00")))
    shop.desk.hear(
        DealerRecorded(
            dealer="sh-pudong",
            name="sh-pudong",
            time_zone="Asia/Shanghai",
            currency="EUR",
            locale="zh",
            tax_mode="inclusive",
        ),
        subject="sh-pudong",
        sequence=2,
    )
    rates = SetWorkshopSettings(labour_rate=Money.of("30.00", "EUR"), call_threshold=Money.of("0.00", "EUR"))
    with pytest.raises(Refused, match="menu_prices_in_another_currency"):
        shop.desk.do(rates)
    shop.desk.do(RemoveMenuPrice(operation_code="OIL"))
    assert shop.desk.do(rates).labour_rate == Money.of("30.00", "EUR")


def test_the_rate_of_one_dealer_is_not_the_rate_of_another(shop):
    assert shop.desk.ask(GetWorkshopSettings(), dealer="bj-chaoyang").labour_rate is None


def test_operations_are_the_groups_and_are_changed_by_publishing_again(shop):
    oil = shop.desk.ask(ListOperations(code_prefix="OIL"), dealer="bj-chaoyang").items[0]
    changed = type(oil)(operation_code="OIL", name_zh=oil.name_zh, name_en=oil.name_en, hours=Hours.of("0.70"))
    assert shop.desk.do(PublishOperations(operations=[changed]), dealer=None).count == 1
    assert shop.desk.ask(ListOperations(code_prefix="OIL")).items == [changed]
    assert len(shop.desk.ask(ListOperations()).items) == 2


def test_operations_are_found_by_a_piece_of_their_names(shop):
    """Nobody knows codes by heart: in Chinese, by pinyin, by initials, in English; and as they are called now."""

    def found(name):
        return [one.operation_code for one in shop.desk.ask(ListOperations(name=name)).items]

    for typed in ("机油", "jiyou", "GHJY", "oil CHANGE", " oil"):
        assert found(typed) == ["OIL"]
    assert found("genghuan") == ["OIL", "BRAKE-F"]
    assert found("%") == found("clutch") == []
    renamed = OperationEntry(operation_code="OIL", name_zh="机油保养", name_en="Oil service", hours=Hours.of("0.50"))
    shop.desk.do(PublishOperations(operations=[renamed]), dealer=None)
    assert (found("更换机油"), found("service")) == ([], ["OIL"])
    with pytest.raises(Invalid, match="name"):
        found("-")


def test_a_superseded_part_becomes_its_successor_at_the_estimate(shop):
    order = add(shop, shop.open(), parts=[part("PAD-1")])
    shop.publish_prices(2, price("PAD-1", "199.99", successor="PAD-2"), price("PAD-2", "210.00"))
    line = shop.estimate(order).lines[0]
    assert (line.part_number, line.amount) == ("PAD-2", cny("420.00"))


def test_a_newer_edition_of_a_price_counts_in_whatever_order_they_come(shop):
    shop.publish_prices(7, price("PAD-1", "70.00"), times=2)
    shop.publish_prices(6, price("PAD-1", "60.00"), price("NEW-1", "5.00"))
    order = shop.quoted(shop.open(), parts=[part("PAD-1", "1"), part("NEW-1", "1")])
    assert [line.amount for line in order.lines] == [cny("70.00"), cny("5.00")]


def test_another_dealers_prices_are_not_ours(shop):
    shop.publish_prices(9, price("PAD-1", "1.00"), price("ONLY-BJ", "1.00"), dealer="bj-chaoyang")
    assert shop.quoted(shop.open(), parts=[part("PAD-1", "1")]).lines[0].amount == cny("199.99")
    with pytest.raises(NotYetKnown) as refused:
        add(shop, shop.open(), parts=[part("ONLY-BJ")])
    assert refused.value.details == {"field": "parts.0.part_number", "value": "ONLY-BJ"}


def test_each_payer_has_its_own_labour_rate_that_the_estimate_freezes(shop):
    """Rule W5."""
    own = [PayerRate(payer="warranty", labour_rate=cny("150.00"))]
    settings = {"labour_rate": cny("180.00"), "call_threshold": cny("0.00")}
    shown = shop.desk.do(SetWorkshopSettings(**settings, payer_rates=own))
    assert shown.payer_rates == own
    order = shop.quoted(shop.open(), labour=[labour(payer="warranty"), labour()])
    assert [line.amount for line in order.lines] == [cny("270.00"), cny("324.00")]
    assert shop.desk.do(SetWorkshopSettings(**settings)).payer_rates == []
    assert [line.amount for line in shop.approve(order).lines] == [cny("270.00"), cny("324.00")]
    for wrong, field in (
        ([*own, *own], "payer_rates"),
        ([PayerRate(payer="insurer", labour_rate=Money.of("1.00", "EUR"))], "payer_rates.0.labour_rate"),
    ):
        with pytest.raises(Invalid) as refused:
            shop.desk.do(SetWorkshopSettings(**settings, payer_rates=wrong))
        assert list(refused.value.details["errors"]) == [field]


def publish(shop, *entries):
    return shop.desk.do(PublishCoefficients(coefficients=list(entries)), dealer=None)


def estimate_of_a(shop, make, model):
    car = replace(VEHICLE, vehicle_id=new_id(), make=make, model=model)
    shop.desk.hear(VehicleRecorded(vehicle=car, customer_id=CUSTOMER.customer_id), subject=car.vehicle_id)
    order = shop.quoted(shop.open(vehicle_id=car.vehicle_id), labour=[labour()])
    return shop.desk.ask(GetEstimate(work_order_id=order.id))


@pytest.mark.parametrize(
    ("make", "model"),
    [("Volvo", "XC60"), (" volvo", "xc 60"), ("ＶＯＬＶＯ", "ＸＣ－６０"), ("沃尔沃", "XC60"), ("Volvo Cars", "XC60 二代")],
)
def test_a_coefficient_is_found_however_make_and_model_are_written(shop, make, model):
    """Rule W5."""
    names = {"make_aliases": ["沃尔沃", "Volvo Cars"], "model_aliases": ["XC60二代", "沃尔沃 XC60"]}
    publish(shop, CoefficientEntry(make="Volvo", model="XC60", coefficient="1.3", **names))
    publish(shop, CoefficientEntry(make="VOLVO", model="XC-60", coefficient="1.4"))
    shown = estimate_of_a(shop, make, model)
    assert (shown.model_known, shown.coefficient, shown.total) == (True, "1.4", cny("378.00"))


def test_an_unknown_model_says_so_on_the_estimate(shop):
    """Rule W5: its coefficient of 1 is a guess, and not a silent one."""
    for make, model in (("Volvo", "XC90"), ("Lynk", "XC60"), ("?", "-")):
        shown = estimate_of_a(shop, make, model)
        assert (shown.model_known, shown.coefficient, shown.total) == (False, "1", cny("270.00"))


@pytest.mark.parametrize(
    "entry",
    [
        {"make": "Geely", "model": "A", "make_aliases": ["VOLVO"]},
        {"make": "Geely", "model": "A", "make_aliases": ["吉利"]},
        {"make": "Volvo", "model": "XC90", "model_aliases": ["xc 60"]},
        {"make": "Polestar", "model": "2", "make_aliases": ["PS"], "model_aliases": ["2"]},
    ],
)
def test_an_alias_that_means_something_else_already_is_refused(shop, entry):
    publish(shop, CoefficientEntry(make="Lotus", model="Elise", coefficient="1", make_aliases=["吉利"]))
    more = [CoefficientEntry(make="PS", model="1", coefficient="1")] if entry["make"] == "Polestar" else []
    with pytest.raises(Refused, match="alias_taken"):
        publish(shop, CoefficientEntry(coefficient="2", **entry), *more)
    assert estimate_of_a(shop, "Volvo", "XC60").coefficient == "1.2"


@pytest.mark.parametrize("typed", ["oil", "O IL", " OIL", "ＯIL", "O\u200bIL"])
def test_a_new_operation_code_is_taken_as_typed_or_refused(typed: str) -> None:
    """Rule W5: what the group publishes is called what it was published as; a line may name it in any case."""
    entry = {"name_zh": "机油", "name_en": "Oil", "hours": "0.5"}
    assert PublishOperations.load({"operations": [{"operation_code": "OIL", **entry}]}).operations[0].operation_code == "OIL"
    with pytest.raises(Invalid) as refused:
        PublishOperations.load({"operations": [{"operation_code": typed, **entry}]})
    assert set(refused.value.details["errors"]) == {"operations.0.operation_code"}


def test_published_operations_are_announced_in_chunks_for_who_takes_orders_for_them(shop):
    """Rule B4: booking knows what it may book. They are the group's, so the fact is of no dealer."""
    entries = [
        OperationEntry(operation_code=f"OP-{number:04}", name_zh="作业", name_en="Job", hours=Hours.of("1"))
        for number in range(501)
    ]
    before = len(shop.desk.announced(OperationsPublished))
    shop.desk.do(PublishOperations(operations=[*entries, entries[0]]), dealer=None)
    facts = shop.desk.announced(OperationsPublished)[before:]
    assert [len(fact.operations) for fact in facts] == [500, 1]
    assert [one.operation_code for fact in facts for one in fact.operations] == [entry.operation_code for entry in entries]
    assert {one.get("dealerid") for one in shop.desk.envelopes() if one["type"] == OperationsPublished.type} == {None}
