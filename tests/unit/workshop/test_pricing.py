"""What lines cost (Rules W5, L1): one rounding, half up, shares that add up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import NotYetKnown, Refused
from chassis.wire.values import Hours, Money, Quantity
from contracts.shared import WHOLE_LINE
from services.workshop.order.share import AgreedShare, DoNotAddUp, apportion, share_out
from services.workshop.pricing.price_book import labour_price, part_price
from services.workshop.pricing.price_list import ListedPart, PriceList
from tests.unit.workshop.orders import a_work_order, an_estimate, brake_pads, cny, labour, prices, sublet


def test_labour_costs_hours_times_rate_times_coefficient():
    assert labour_price(Hours.of("1.50"), cny("180.00"), Decimal("1.2")) == cny("324.00")


def test_labour_is_rounded_half_up_once_and_not_on_the_way():
    """0.03 h x 0.50 x 1.5 = 0.0225, 0.02; rounding hours x rate first would give 0.02 x 1.5 = 0.03."""
    assert labour_price(Hours.of("0.03"), cny("0.50"), Decimal("1.5")) == cny("0.02")
    assert labour_price(Hours.of("0.50"), cny("0.01"), Decimal("1")) == cny("0.01")


@given(hours=st.integers(0, 100_00), rate=st.integers(0, 10_000_00), coefficient=st.integers(1, 99_999))
def test_labour_price_is_the_exact_product_rounded_half_up(hours, rate, coefficient):
    exact = Decimal(hours) * rate * coefficient / (100 * 1000)
    price = labour_price(Hours(hours), Money(rate, "CNY"), Decimal(coefficient) / 1000)
    assert price.minor == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_a_part_costs_list_price_times_quantity_rounded_once():
    assert part_price(cny("39.99"), Quantity.of("4.250")) == cny("169.96")


@given(minor=st.integers(0, 10**9), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_shares_add_up_exactly_and_none_is_negative(minor, weights):
    shares = apportion(minor, weights)
    assert sum(shares) == minor
    assert len(shares) == len(weights)
    assert min(shares) >= 0


PAYERS = ("customer_pay", "warranty", "three_guarantees", "internal", "insurer", "goodwill")


@given(minors=st.lists(st.integers(0, 10**9), min_size=1, max_size=6), change=st.integers(-(10**6), 10**6))
def test_amounts_stay_as_they_are_or_are_refused_and_are_never_scaled(minors, change):
    """Rule W4."""
    agreed = [AgreedShare(payer=payer, minor=minor) for payer, minor in zip(PAYERS, minors, strict=False)]
    assert [share["minor"] for share in share_out(sum(minors), agreed)] == minors
    if change:
        with pytest.raises(DoNotAddUp):
            share_out(sum(minors) + change, agreed)


@given(minor=st.integers(0, 10**12), cuts=st.lists(st.integers(1, 9_999), max_size=5, unique=True))
def test_shares_in_basis_points_add_up_and_are_right_to_the_minor_unit(minor, cuts):
    """Rule L1: each is rounded down, but the first, which takes what is left: less than one unit for each of the others."""
    ends = [0, *sorted(cuts), WHOLE_LINE]
    points = [end - start for start, end in pairwise(ends)]
    agreed = [AgreedShare(payer=payer, basis_points=share) for payer, share in zip(PAYERS, points, strict=False)]
    shares = [share["minor"] for share in share_out(minor, agreed)]
    assert sum(shares) == minor
    for share, weight in zip(shares, points, strict=True):
        assert abs(share - Fraction(minor * weight, WHOLE_LINE)) < len(shares)


def test_a_third_and_two_thirds_are_said_to_the_hundredth_of_a_percent():
    agreed = [AgreedShare(payer="customer_pay", basis_points=3333), AgreedShare(payer="warranty", basis_points=6667)]
    assert [share["minor"] for share in share_out(1_000_000, agreed)] == [333_300, 666_700]


def test_what_rounding_leaves_over_goes_to_the_first_payer():
    assert apportion(100_01, [50, 50]) == [50_01, 50_00]
    assert apportion(1, [2, 49, 49]) == [1, 0, 0]


def test_a_menu_price_overrides_the_formula():
    assert prices(BRAKE="150.00").labour("BRAKE", Hours.of("3.00")) == cny("150.00")


def test_labour_has_no_price_before_the_dealer_set_a_rate():
    with pytest.raises(Refused, match="labour_rate_not_set"):
        prices(rate=None).labour("BRAKE", Hours.of("1.00"))
    assert prices(rate=None, BRAKE="150.00").labour("BRAKE", Hours.of("1.00")) == cny("150.00")


def test_a_price_in_another_currency_is_refused():
    with pytest.raises(Refused, match="price_in_another_currency"):
        prices(ListedPart("PAD-1", "片", "Pads", Money.of("10.00", "EUR"))).part("PAD-1")


def chain(**successors: str | None) -> PriceList:
    return PriceList({number: ListedPart(number, number, number, cny("1.00"), after) for number, after in successors.items()})


def test_a_superseded_number_resolves_to_the_end_of_its_chain():
    assert chain(A="B", B="C", C=None).current("A").part_number == "C"


def test_a_successor_that_is_not_listed_yet_is_not_yet_known():
    with pytest.raises(NotYetKnown) as refused:
        chain(A="B").current("A")
    assert refused.value.details == {"field": "part_number", "value": "B"}


def test_successors_in_a_circle_are_refused():
    with pytest.raises(Refused, match="part_supersession_loops"):
        chain(A="B", B="C", C="B").current("A")


def test_an_estimate_freezes_price_and_successor_of_each_line():
    order = a_work_order(labour("1.50"), brake_pads("2", part_number="PAD-0"), sublet("80.00"))
    an_estimate(order)
    assert [line.amount("CNY") for line in order.lines] == [cny("300.00"), cny("200.00"), cny("80.00")]
    assert order.lines[1].part_number == "PAD-1"


def test_a_line_split_by_percent_is_shared_out_exactly():
    halves = [{"payer": "warranty", "basis_points": 5000}, {"payer": "customer_pay", "basis_points": 5000}]
    order = a_work_order(sublet("100.01", payers=halves))
    an_estimate(order)
    assert order.lines[0].shares == [{"payer": "warranty", "minor": 50_01}, {"payer": "customer_pay", "minor": 50_00}]


def test_amounts_that_do_not_make_the_price_are_refused():
    amounts = [{"payer": "warranty", "minor": 50_00}, {"payer": "customer_pay", "minor": 29_99}]
    order = a_work_order(sublet("80.00", payers=amounts))
    with pytest.raises(Refused) as refused:
        an_estimate(order)
    assert (refused.value.code, refused.value.details) == ("shares_do_not_add_up", {"line": 1, "amount": "80.00 CNY"})
