"""Rule L1: tax per line, half up, and everything that is printed adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Refused
from chassis.wire.values import Money
from contracts.shared import Share
from contracts.tax import DEFAULT_RATE, percent, taxed
from services.billing.invoice.bill import bills
from tests.services.billing.orders import cny, labour, part

AMOUNTS = st.integers(-(10**12), 10**12)
RATES = st.integers(0, 99_999)
MODES = st.sampled_from(["inclusive", "exclusive"])
PAYERS = st.sampled_from(["customer_pay", "warranty", "three_guarantees", "internal", "insurer", "goodwill"])


def an_order_line(number, currency, shares):
    line = labour(number, customer_pay=Money(0, currency))
    return type(line)(
        **{
            **vars(line),
            "amount": Money(sum(minor for _, minor in shares), currency),
            "shares": [Share(payer=payer, amount=Money(minor, currency)) for payer, minor in shares],
        }
    )


SHARES = st.lists(st.tuples(PAYERS, st.integers(-(10**9), 10**9)), min_size=1, max_size=6)


def test_an_inclusive_price_contains_13_of_113():
    assert taxed(11_300, "inclusive", DEFAULT_RATE) == (10_000, 1_300, 11_300)
    assert taxed(100, "inclusive", DEFAULT_RATE) == (88, 12, 100)  # 11.504


def test_an_exclusive_price_has_its_tax_added_half_up():
    assert taxed(10_000, "exclusive", DEFAULT_RATE) == (10_000, 1_300, 11_300)
    assert taxed(50, "exclusive", 13_000) == (50, 7, 57)  # 6.5
    assert taxed(1_000, "exclusive", 8_875) == (1_000, 89, 1_089)  # 88.75


@given(AMOUNTS, MODES, RATES)
def test_net_and_tax_are_the_gross_and_the_quoted_amount_stays(minor, mode, rate):
    net, tax, gross = taxed(minor, mode, rate)
    assert net + tax == gross
    assert minor == (gross if mode == "inclusive" else net)


@given(AMOUNTS, RATES)
def test_tax_is_the_nearest_whole_minor_unit(minor, rate):
    inclusive = taxed(minor, "inclusive", rate).tax
    assert abs(2 * (inclusive * (100_000 + rate) - minor * rate)) <= 100_000 + rate
    exclusive = taxed(minor, "exclusive", rate).tax
    assert abs(2 * (exclusive * 100_000 - minor * rate)) <= 100_000


@given(AMOUNTS, MODES, RATES)
def test_what_is_taken_back_has_the_tax_of_what_was_billed(minor, mode, rate):
    assert taxed(-minor, mode, rate) == tuple(-amount for amount in taxed(minor, mode, rate))


@given(st.lists(SHARES, min_size=1, max_size=8), MODES, RATES, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_printed_lines_add_up_to_the_bill_and_the_bills_to_the_order(lines, mode, rate, currency):
    order = [an_order_line(number, currency, shares) for number, shares in enumerate(lines, 1)]
    found = bills(order, currency, mode, rate)
    assert list(found) == sorted({payer for shares in lines for payer, _ in shares})
    for bill in found.values():
        assert Money.total((line.net for line in bill.lines), currency).minor == bill.net
        assert Money.total((line.tax for line in bill.lines), currency).minor == bill.tax
        assert Money.total((line.gross for line in bill.lines), currency).minor == bill.gross
        assert all(line.net + line.tax == line.gross for line in bill.lines)
    quoted = sum(bill.gross if mode == "inclusive" else bill.net for bill in found.values())
    assert quoted == sum(line.amount.minor for line in order)


def test_yen_have_no_decimals():
    bill = bills([labour(1, customer_pay=Money.of("1100", "JPY"))], "JPY", "inclusive", 10_000)["customer_pay"]
    assert (bill.net, bill.tax, bill.gross) == (1_000, 100, 1_100)
    assert bill.lines[0].dump()["gross"] == {"amount": "1100", "currency": "JPY"}


def test_shares_that_are_not_the_lines_amount_are_refused():
    line = labour(3, customer_pay="100.00")
    wrong = type(line)(**{**vars(line), "amount": cny("100.01")})
    with pytest.raises(Refused) as refusal:
        bills([part(1, customer_pay="5.00"), wrong], "CNY", "inclusive", DEFAULT_RATE)
    assert (refusal.value.code, refusal.value.details["line"]) == ("shares_do_not_add_up", 3)


def test_a_line_in_another_currency_is_refused():
    with pytest.raises(Refused, match="currency_differs"):
        bills([labour(1, customer_pay=Money.of("100", "JPY"))], "CNY", "inclusive", DEFAULT_RATE)


@pytest.mark.parametrize(("rate", "text"), [(13_000, "13"), (8_875, "8.875"), (10_000, "10"), (0, "0")])
def test_a_rate_is_shown_in_percent(rate, text):
    assert percent(rate) == text
