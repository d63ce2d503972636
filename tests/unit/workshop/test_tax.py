"""Rules L1 and L3: what the customer is quoted and signs is what the invoices will say, to the minor unit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Refused
from chassis.wire.values import Money
from contracts.shared import WHOLE_LINE
from contracts.tax import percent
from services.billing.invoice.bill import bills
from services.workshop.agreement.approval import approve, approve_under_consent
from services.workshop.agreement.estimate import Terms, issue_estimate, propose_additional_work
from services.workshop.handing_over.delivery import deliver
from services.workshop.handing_over.settlement import preview
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.share import apportion
from services.workshop.order.status import Status
from tests.unit.workshop.orders import NOON, a_work_order, an_approved_order, cny, next_change, prices, sublet

PAYERS = ["customer_pay", "warranty", "three_guarantees", "internal", "insurer", "goodwill"]
NAMES = ("net", "tax", "gross")
SPLITS = st.tuples(st.lists(st.sampled_from(PAYERS), min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
LINES = st.lists(st.tuples(st.integers(0, 10**9), SPLITS, st.booleans()), min_size=1, max_size=6)


def agreed(minor, split, *, in_amounts):
    """Payers of a line, by amounts that make its price or by basis points that make the whole."""
    payers, random = split
    if in_amounts:
        return [{"payer": payer, "minor": part} for payer, part in zip(payers, cut(minor, len(payers), random), strict=True)]
    points = [part + 1 for part in cut(WHOLE_LINE - len(payers), len(payers), random)]
    return [{"payer": payer, "basis_points": part} for payer, part in zip(payers, points, strict=True)]


def cut(minor, pieces, random):
    return apportion(minor, [random.randint(0, 1000) for _ in range(pieces)])


def an_order_of(lines, *, mode="inclusive", currency="CNY"):
    order = a_work_order()
    order.tax_mode, order.currency = mode, currency
    order.add_lines(
        [
            OrderLine(
                kind=Kind.SUBLET,
                description="Paint",
                agreed_price_minor=minor,
                payers=agreed(minor, split, in_amounts=in_amounts),
            )
            for minor, split, in_amounts in lines
        ]
    )
    return order


def amounts(document):
    return [getattr(document, name) for name in NAMES]


@given(LINES, st.sampled_from(["inclusive", "exclusive"]), st.integers(0, 99_999), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_estimate_settlement_and_invoices_are_one_sum_line_by_line_and_payer_by_payer(lines, mode, rate, currency):
    order = an_order_of(lines, mode=mode, currency=currency)
    book = replace(prices(), currency=currency, tax_rate=rate)
    document = issue_estimate(order, book, Terms(), NOON).document
    estimate = document.describe()
    approve(next_change(order), document, "Li Na", NOON)
    next_change(order).status = Status.READY
    previewed = preview(order, rate, {})
    signed = deliver(order, at=NOON, tax_rate=rate, warranties={}, accepted_by="Li Na", mileage=1).describe()
    [fact] = order.announced
    assert fact.tax_rate == percent(rate)
    billed = bills(fact.lines, fact.currency, fact.tax_mode, rate)
    assert previewed.lines == signed.lines
    assert [amounts(line) for line in signed.lines] == [amounts(line) for line in estimate.lines]
    assert amounts(signed) == amounts(previewed) == amounts(estimate)
    assert {share.payer: amounts(share) for share in signed.payers} == {
        payer: [Money(getattr(bill, name), currency) for name in NAMES] for payer, bill in billed.items()
    }
    for name in NAMES:
        assert getattr(signed, name).minor == sum(getattr(bill, name) for bill in billed.values())
    for printed in (signed, *signed.lines, *signed.payers, *estimate.lines):
        quoted = printed.total if printed is signed else printed.amount
        assert printed.net + printed.tax == printed.gross
        assert quoted == (printed.gross if mode == "inclusive" else printed.net)


def test_a_dealer_who_quotes_without_tax_shows_what_the_customer_will_pay():
    order = a_work_order(sublet("80.00"), sublet("20.03"))
    order.tax_mode = "exclusive"
    shown = issue_estimate(order, prices(), Terms(), NOON).document.describe()
    assert (shown.total, shown.net, shown.tax, shown.gross) == (cny("100.03"), cny("100.03"), cny("13.00"), cny("113.03"))
    assert (shown.tax_rate, shown.lines[0].shares[0].gross) == ("13", cny("90.40"))


def test_standing_consent_counts_the_tax_that_the_customer_pays():
    """Rule W7."""
    order = an_approved_order(sublet(), consents_to_other_damage=True, call_threshold=cny("100.00"))
    order.tax_mode = "exclusive"
    with pytest.raises(Refused, match="above_call_threshold"):
        propose_and_approve(order, sublet("90.00"))
    assert propose_and_approve(order, sublet("88.00")) == ("Li Na", [3])


def propose_and_approve(order, line):
    estimate = propose_additional_work(next_change(order), [line], prices(), Terms(), NOON)
    return approve_under_consent(next_change(order), estimate.document, NOON)
