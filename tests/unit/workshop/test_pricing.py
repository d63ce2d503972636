"""What lines cost (Rules W5, L1): one rounding, half up, shares that add up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import NotYetKnown, Refused
from chassis.wire.values import Hours, Money, Quantity
from contracts.shared import PART_NUMBER, WHOLE_LINE
from services.workshop.agreement.estimate import Terms, issue_estimate
from services.workshop.order.share import AgreedShare, DoNotAddUp, apportion, at_prices_of, share_out
from services.workshop.pricing.price_book import LABOUR_DIGITS, labour_price, part_price
from services.workshop.pricing.price_list import ListedPart, PriceList
from tests.unit.workshop.orders import NOON, a_work_order, an_estimate, brake_pads, cny, labour, prices, sublet


def labour_amount(hours, rate, coefficient="1", payers=None, **more):
    """What a labour line comes to on an estimate."""
    order = a_work_order(labour(hours, **({"payers": payers} if payers else {})))
    issue_estimate(order, prices(rate=rate, coefficient=coefficient, **more), Terms(), NOON)
    return order.lines[0].amount("CNY")


def test_labour_costs_hours_times_rate_times_coefficient():
    assert labour_amount("1.50", "180.00", "1.2") == cny("324.00")


def test_labour_is_rounded_half_up_once_and_not_on_the_way():
    """0.03 h x 0.50 x 1.5 = 0.0225, 0.02; rounding hours x rate first would give 0.02 x 1.5 = 0.03."""
    assert labour_amount("0.03", "0.50", "1.5") == cny("0.02")
    assert labour_amount("0.50", "0.01") == cny("0.01")


@given(
    hours=st.integers(0, 100_00), rate=st.integers(0, 10_000_00), coefficient=st.integers(1, 99_999), points=st.integers(1, 9_999)
)
def test_labour_price_is_the_exact_product_rounded_half_up_whoever_shares_it(hours, rate, coefficient, points):
    """Rule W5: payers with one rate share what one payer would pay."""
    exact = Decimal(hours) * rate * coefficient / (100 * 1000)
    price = labour_price(Hours(hours), Money(rate, "CNY"), Decimal(coefficient) / 1000)
    agreed = [
        AgreedShare(payer="customer_pay", basis_points=points),
        AgreedShare(payer="warranty", basis_points=WHOLE_LINE - points),
    ]
    amount, payers = at_prices_of([price, price], LABOUR_DIGITS, agreed, "CNY")
    assert amount.minor == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert share_out(amount.minor, payers) == share_out(amount.minor, agreed)


@given(prices=st.lists(st.integers(0, 10**14), min_size=2, max_size=2), points=st.integers(1, 9_999))
def test_payers_with_different_rates_pay_their_parts_of_their_own_prices(prices, points):
    """Rule W5: the line is rounded once, no part is more than a minor unit off, the parts add up."""
    agreed = [
        AgreedShare(payer="warranty", basis_points=points),
        AgreedShare(payer="customer_pay", basis_points=WHOLE_LINE - points),
    ]
    amount, payers = at_prices_of(prices, LABOUR_DIGITS, agreed, "CNY")
    shares = [share["minor"] for share in share_out(amount.minor, payers)]
    assert sum(shares) == amount.minor
    for share, price, part in zip(shares, prices, (points, WHOLE_LINE - points), strict=True):
        assert abs(share - Fraction(price * part, 10**LABOUR_DIGITS * WHOLE_LINE)) <= 2


def test_a_payer_pays_labour_by_its_own_rate_and_the_others_by_the_dealers():
    """Rule W5: what the manufacturer pays for an hour is not what the customer pays, also where they share a line."""
    own = {"warranty": "150.00"}
    claimed = [{"payer": "warranty", "basis_points": 10_000}]
    halves = [{"payer": "warranty", "basis_points": 5_000}, {"payer": "customer_pay", "basis_points": 5_000}]
    assert labour_amount("2.00", "200.00", payers=claimed, payer_rates=own) == cny("300.00")
    assert labour_amount("2.00", "200.00", payer_rates=own) == cny("400.00")
    assert labour_amount("2.00", "200.00", payers=claimed, payer_rates=own, BRAKE="111.00") == cny("300.00")
    assert labour_amount("2.00", None, payers=claimed, payer_rates=own) == cny("300.00")
    order = a_work_order(labour("2.00", payers=halves))
    document = issue_estimate(order, prices(payer_rates=own), Terms(), NOON).document
    assert [(share.payer, share.amount) for share in document.lines[0].shares] == [
        ("warranty", cny("150.00")),
        ("customer_pay", cny("200.00")),
    ]


def test_amounts_are_not_agreed_on_where_each_payer_has_another_price():
    amounts = [{"payer": "warranty", "minor": 100_00}, {"payer": "customer_pay", "minor": 100_00}]
    with pytest.raises(Refused, match="payers_have_different_rates"):
        labour_amount("1.00", "200.00", payers=amounts, payer_rates={"warranty": "150.00"})
    assert labour_amount("1.00", "200.00", payers=amounts) == cny("200.00")


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
    """Rule L1: shares in per cent of a price are what they say, rounded up or down."""
    ends = [0, *sorted(cuts), WHOLE_LINE]
    points = [end - start for start, end in pairwise(ends)]
    agreed = [AgreedShare(payer=payer, basis_points=share) for payer, share in zip(PAYERS, points, strict=False)]
    shares = [share["minor"] for share in share_out(minor, agreed)]
    assert sum(shares) == minor
    for share, weight in zip(shares, points, strict=True):
        assert abs(share - Fraction(minor * weight, WHOLE_LINE)) < 1


def test_a_third_and_two_thirds_are_said_to_the_hundredth_of_a_percent():
    agreed = [AgreedShare(payer="customer_pay", basis_points=3333), AgreedShare(payer="warranty", basis_points=6667)]
    assert [share["minor"] for share in share_out(1_000_000, agreed)] == [333_300, 666_700]


def test_what_rounding_leaves_over_goes_to_those_who_lost_most_by_it():
    """Rule L1: the largest remainder, of equals the first; thirds of a hundred per cent are thirds of a price."""
    assert apportion(100_01, [50, 50]) == [50_01, 50_00]
    assert apportion(99_99, [3333, 3333, 3334]) == [33_33, 33_33, 33_33]
    assert apportion(100_00, [3333, 3333, 3334]) == [33_33, 33_33, 33_34]
    assert apportion(1, [2, 49, 49]) == [0, 1, 0]
    assert apportion(5, [0, 0]) == [5, 0]


WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=6)


@given(minor=st.integers(0, 10**9), weights=WEIGHTS, same=st.integers(1, 10**9), times=st.integers(2, 6))
def test_equal_shares_differ_by_at_most_one_minor_unit(minor, weights, same, times):
    """Rule L1: wherever they stand among the others, and each is right to the unit."""
    weights = [*weights, *[same] * times]
    shares = apportion(minor, weights)
    assert sum(shares) == minor
    assert max(shares[-times:]) - min(shares[-times:]) <= 1
    assert all(abs(share - Fraction(minor * weight, sum(weights))) < 1 for share, weight in zip(shares, weights, strict=True))
    assert shares == apportion(minor, weights)


@given(amounts=st.lists(st.integers(0, 300), min_size=2, max_size=8), weights=st.lists(st.integers(1, 9), min_size=2, max_size=6))
def test_of_a_sum_that_is_lowered_again_and_again_nobody_pays_more_than_before(amounts, weights):
    """Rules P1, L1: by the largest remainder alone a payer may get more of less; equals stay equal to the unit all the same."""
    shares = None
    for minor in sorted(amounts, reverse=True):
        before, shares = shares, apportion(minor, weights, shares)
        assert sum(shares) == minor
        assert before is None or all(now <= then for now, then in zip(shares, before, strict=True))
        assert all(
            abs(one - other) <= 1
            for one, weight in zip(shares, weights, strict=True)
            for other, same in zip(shares, weights, strict=True)
            if weight == same
        )


def test_a_menu_price_overrides_the_formula():
    assert labour_amount("3.00", "200.00", BRAKE="150.00") == cny("150.00")


def test_labour_has_no_price_before_the_dealer_set_a_rate():
    with pytest.raises(Refused, match="labour_rate_not_set"):
        labour_amount("1.00", None)
    assert labour_amount("1.00", None, BRAKE="150.00") == cny("150.00")


def test_a_price_in_another_currency_is_refused():
    with pytest.raises(Refused, match="price_in_another_currency"):
        prices(ListedPart("PAD-1", "片", "Pads", Money.of("10.00", "EUR"))).part("PAD-1")


def chain(**successors: str | None) -> PriceList:
    return PriceList(
        {PART_NUMBER.key(number): ListedPart(number, number, number, cny("1.00"), after) for number, after in successors.items()}
    )


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
    assert (refused.value.code, refused.value.details) == ("shares_do_not_add_up", {"line": 1, "amount": cny("80.00").plain()})
