"""Rule W28: the values of a final inspection, and what is said of one that is out of its limit."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.rules import rule
from chassis.wire.values import Quantity
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_final_inspection import asked, car, check, publish_ready, refused, results


@pytest.fixture
def shop(shop: Shop) -> Shop:
    return publish_ready(shop)


CYLINDER = {"item_code": "PRESSURE-P", "unit": "bar"}


def below(limit: str) -> str:
    return rule("below_the_limit", **CYLINDER, limit=limit)


def above(limit: str) -> str:
    return rule("above_the_limit", **CYLINDER, limit=limit)


def off(mean: str) -> str:
    return rule("off_the_mean", **CYLINDER, percent=5, mean=mean)


@pytest.mark.parametrize(
    ("fuel", "pressures", "passes"),
    [
        ("petrol", ["12", "12", "12.6", "12"], True),  # 3.7 % above the mean of all
        ("petrol", ["11.4", "12", "12", "12"], True),
        ("petrol", ["11.2", "12", "12", "12"], False),  # 5.1 % below
        ("petrol", ["12", "12", "12"], False),  # one cylinder was left out
        ("diesel", ["30", "30", "30", "33"], True),
        ("diesel", ["30", "30", "30", "34"], False),  # 9.7 % above
    ],
)
def test_each_cylinder_of_an_overhauled_engine_is_near_the_mean_of_all(
    shop: Shop, fuel: str, pressures: list[str], passes: bool
) -> None:
    """Rule W28: within 5 % for petrol, 8 % for diesel, of as many cylinders as there are."""
    order = car(shop, "ENGINE")
    code = "PRESSURE-P" if fuel == "petrol" else "PRESSURE-D"
    told = results(shop, order, fuel, **{code: pressures})
    if passes:
        assert check(shop, order, told, fuel=fuel).quality_passed_by == "qin"
        assert asked(shop, order).items[-1].fuel == fuel
    else:
        assert {name.rpartition(".")[2] for name in refused(shop, order, told, fuel=fuel)} == {"value"}


@pytest.mark.parametrize(
    ("pressures", "wrong"),
    [
        (["12", "6.9", "12", "12"], {1: below("7"), 0: off("10.725"), 2: off("10.725"), 3: off("10.725")}),
        (["20.1", "19.5", "19.5", "19.5"], {0: above("20")}),
        (["12", "12", "13.2", "12"], {2: off("12.3")}),
        (["12", "12", "12"], {2: rule("not_one_of_each", **CYLINDER, count_item="CYLINDERS", many=3, wanted="4")}),
    ],
)
def test_of_several_values_each_that_is_wrong_is_named_with_what_is_wrong_about_it(
    shop: Shop, pressures: list[str], wrong: dict[int, str]
) -> None:
    """Rule W28: below or above a limit, off the mean, or not one of each cylinder."""
    order = car(shop, "ENGINE")
    told = results(shop, order, "petrol", **{"PRESSURE-P": pressures})
    first = next(index for index, one in enumerate(told) if one.item_code == "PRESSURE-P")
    with pytest.raises(Invalid) as invalid:
        check(shop, order, told, fuel="petrol")
    assert invalid.value.details["errors"] == {f"results.{first + at}.value": [why] for at, why in wrong.items()}


@pytest.mark.parametrize(("item", "value"), [("CYLINDERS", "4.5"), ("COLD-TRIES", "1.5"), ("WARM-TRIES", "0.5")])
def test_what_is_counted_is_a_whole_number_whether_or_not_the_car_passes(shop: Shop, item: str, value: str) -> None:
    order = car(shop, "ENGINE")
    told = results(shop, order, "petrol", **{item: value})
    at = next(index for index, one in enumerate(told) if one.item_code == item)
    for passed in (True, False):
        with pytest.raises(Invalid) as invalid:
            check(shop, order, told, fuel="petrol", passed=passed)
        assert invalid.value.details["errors"] == {f"results.{at}.value": ["not_an_integer"]}


def test_what_is_looked_at_takes_no_value_and_what_is_measured_no_verdict(shop: Shop) -> None:
    """Rule W28: a value typed at the wrong item is a slip that would go unseen."""
    order = car(shop, "SMALL", "SERVICE-2")
    told = results(shop, order)
    looked, measured = (next(at for at, one in enumerate(told) if (one.in_order is None) is no) for no in (False, True))
    for at, slip, why in (
        (looked, {"value": Quantity.of("3")}, ("value", "only_looked_at")),
        (looked, {"gauge": "G-1"}, ("gauge", "only_looked_at")),
        (measured, {"in_order": True}, ("in_order", "is_measured")),
    ):
        wrong = [replace(one, **slip) if index == at else one for index, one in enumerate(told)]
        with pytest.raises(Invalid) as invalid:
            check(shop, order, wrong)
        code = rule(why[1], item_code=told[at].item_code)
        assert invalid.value.details["errors"] == {f"results.{at}.{why[0]}": [code]}
    assert check(shop, order, told).quality_passed_by == "qin"


@pytest.mark.parametrize(
    ("item", "value"),
    [("WEIGHT-GAIN", "3.1"), ("COLD-TRIES", "4"), ("COLD-SECONDS", "6"), ("WARM-TRIES", "2"), ("CO-IDLE", "0.7")],
)
def test_an_overhauled_car_is_not_heavier_starts_and_is_clean(shop: Shop, item: str, value: str) -> None:
    """Rule W28: at most 3 % heavier, cold within three tries of 5 s (petrol), warm at the first, emissions within limits."""
    order = car(shop, "ENGINE")
    assert len(refused(shop, order, results(shop, order, "petrol", **{item: value}), fuel="petrol")) == 1
    assert check(shop, order, results(shop, order, "petrol"), fuel="petrol").quality_passed_by == "qin"


@pytest.mark.parametrize(
    ("fuel", "item", "value"),
    [
        ("petrol", "PRESSURE-P", "0"),
        ("petrol", "PRESSURE-P", "6.9"),
        ("diesel", "PRESSURE-D", "14"),
        ("petrol", "PRESSURE-P", "21"),
    ],
)
def test_an_engine_without_compression_does_not_pass_however_equal_its_cylinders_are(
    shop: Shop, fuel: str, item: str, value: str
) -> None:
    """Rule W28: what cannot be 0 has a least value."""
    order = car(shop, "ENGINE")
    told = results(shop, order, fuel, **{item: [value] * 4})
    assert {name.rpartition(".")[2] for name in refused(shop, order, told, fuel=fuel)} == {"value"}
