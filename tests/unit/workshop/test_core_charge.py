"""Rule P1: a core charge is a line of its own that goes wherever its part goes, less what old parts came back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Refused
from chassis.wire.values import Money, Quantity
from contracts.workshop.events import OldPartReceived, WorkDeclined
from services.billing.invoice.bill import bills
from services.workshop.agreement.approval import approve, decline, withdraw
from services.workshop.agreement.estimate import Terms, issue_estimate
from services.workshop.agreement.paying import change_payer
from services.workshop.handing_over.delivery import deliver
from services.workshop.handing_over.old_part import receive_old_part
from services.workshop.order.core_charge import receive, recharge
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.status import Status
from services.workshop.shop_floor.installed_part import record_installed
from tests.unit.workshop.orders import NOON, PADS, a_work_order, brake_pads, cny, labour, next_change, prices
from tests.unit.workshop.test_tax import NAMES, PAYERS, SPLITS, agreed, amounts

BOOK = prices(replace(PADS, core_charge=cny("30.00")))


def quoted(*lines):
    order = a_work_order(*lines)
    return order, issue_estimate(order, BOOK, Terms(), NOON).document


def approved(*lines):
    order, document = quoted(*lines)
    approve(next_change(order), document, "Li Na", NOON)
    return next_change(order)


def delivered(order):
    next_change(order).status = Status.READY
    deliver(order, at=NOON, tax_rate=13_000, warranties={}, accepted_by="Li Na", mileage=1)
    [fact] = order.announced
    next_change(order)
    return fact


def shares(line):
    return {one["payer"]: one["minor"] for one in line.shares}


def test_it_is_quoted_as_a_line_of_its_own_with_the_payers_of_its_part():
    split = [{"payer": "customer_pay", "basis_points": 6_000}, {"payer": "warranty", "basis_points": 4_000}]
    order, document = quoted(labour(), brake_pads(payers=split))
    _, pads, core = order.lines
    assert (core.kind, core.core_of, core.number, core.amount_minor) == (Kind.CORE_CHARGE, pads.id, 3, 60_00)
    assert shares(core) == {"customer_pay": 36_00, "warranty": 24_00}
    assert [line.kind for line in document.lines] == ["labour", "part", "core_charge"]
    assert document.labour + document.parts + document.sublet == document.total
    assert document.parts == cny("260.00")


def test_payers_who_agreed_to_amounts_of_the_part_pay_in_proportion():
    order, _ = quoted(brake_pads(payers=[{"payer": "customer_pay", "minor": 50_00}, {"payer": "warranty", "minor": 150_00}]))
    assert shares(order.lines[1]) == {"customer_pay": 15_00, "warranty": 45_00}


def test_a_second_estimate_has_it_once_and_drops_it_when_the_part_has_none_any_more():
    order, _ = quoted(brake_pads())
    issue_estimate(next_change(order), BOOK, Terms(), NOON)
    assert [line.kind for line in order.lines] == [Kind.PART, Kind.CORE_CHARGE]
    document = issue_estimate(next_change(order), prices(), Terms(), NOON).document
    assert [line.kind for line in order.lines] == [Kind.PART]
    assert document.total == cny("200.00")


def test_it_is_removed_declined_and_withdrawn_with_its_part_and_never_by_itself():
    order, _ = quoted(labour(), brake_pads())
    with pytest.raises(Refused, match="core_charge_follows_part"):
        order.remove_line(order.lines[2].id)
    with pytest.raises(Refused, match="core_charge_follows_part"):
        decline(order, [order.lines[2].id], "no", signed=True)
    decline(next_change(order), [order.lines[1].id], "too dear", signed=True)
    [fact] = order.announced
    assert isinstance(fact, WorkDeclined)
    assert [one.kind for one in fact.declined] == [one.kind for one in order.declined] == ["part"]
    assert not order.lines[2].undecided

    order, _ = quoted(labour(), brake_pads())
    order.remove_line(order.lines[1].id)
    assert [line.kind for line in order.lines] == [Kind.LABOUR]

    order = approved(labour(), brake_pads())
    withdraw(order, [order.lines[1].id], "no", "Li Na", ())
    assert [line.kind for line in order.on_the_car] == [Kind.LABOUR]


def test_it_is_charged_for_what_was_installed_and_paid_by_whoever_pays_the_part():
    order = approved(labour(), brake_pads())
    order.status = Status.DISPATCHED
    record_installed(order, order.lines[1].id, Quantity.of("1"), "zhang")
    assert order.lines[2].amount_minor == 30_00
    change_payer(order, order.lines[1].id, [{"payer": "warranty", "basis_points": 10_000}], decided=False)
    assert shares(order.lines[2]) == {"warranty": 30_00}
    record_installed(order, order.lines[1].id, Quantity.of("0"), "zhang")
    assert [line.kind for line in order.on_the_car] == [Kind.LABOUR]


def test_an_old_part_that_comes_back_before_the_delivery_is_never_billed():
    order = approved(labour(), brake_pads())
    order.status = Status.DISPATCHED
    receive_old_part(order, order.lines[1].id, Quantity.of("1"))
    assert (order.lines[2].amount_minor, order.announced) == (30_00, [])
    record_installed(order, order.lines[1].id, Quantity.of("1"), "zhang")
    assert order.lines[2].amount_minor == 0
    assert [line.kind for line in delivered(order).lines] == ["labour", "part"]


def test_an_old_part_that_comes_back_later_is_announced_with_what_each_payer_paid():
    order = approved(labour(), brake_pads())
    delivered(order)
    order.status = Status.CLOSED
    receive_old_part(order, order.lines[1].id, Quantity.of("0.5"))
    [fact] = order.announced
    assert isinstance(fact, OldPartReceived)
    assert [(one.payer, one.before, one.after) for one in fact.credits] == [("customer_pay", cny("60.00"), cny("45.00"))]
    assert (fact.revision, fact.line_number, str(fact.returned)) == (1, 3, "0.500")


def test_no_more_comes_back_than_is_charged_for():
    order = approved(labour(), brake_pads())
    receive_old_part(order, order.lines[1].id, Quantity.of("1.5"))
    with pytest.raises(Refused, match="more_than_charged"):
        receive_old_part(order, order.lines[1].id, Quantity.of("1"))
    with pytest.raises(Refused, match="no_core_charge"):
        receive_old_part(order, order.lines[0].id, Quantity.of("1"))


@given(
    st.tuples(st.integers(1, 10**9), st.integers(1, 10**6)),
    st.integers(1, 9_999),
    SPLITS,
    st.sampled_from(["inclusive", "exclusive"]),
    st.integers(0, 99_999),
)
def test_estimate_settlement_and_invoices_are_one_sum_with_core_charges(money, units, split, mode, rate):
    price, charge = money
    part = replace(PADS, list_price=Money(price, "CNY"), core_charge=Money(charge, "CNY"))
    order = a_work_order(brake_pads(str(Quantity(units)), payers=agreed(0, split, in_amounts=False)))
    order.tax_mode = mode
    document = issue_estimate(order, replace(prices(part), tax_rate=rate), Terms(), NOON).document
    approve(next_change(order), document, "Li Na", NOON)
    next_change(order).status = Status.READY
    signed = deliver(order, at=NOON, tax_rate=rate, warranties={}, accepted_by="Li Na", mileage=1).describe()
    [fact] = order.announced
    billed = bills(fact.lines, "CNY", mode, rate)
    assert [line.kind for line in signed.lines] == ["part", "core_charge"]
    assert amounts(signed) == amounts(document.describe())
    assert {one.payer: amounts(one) for one in signed.payers} == {
        payer: [Money(getattr(bill, name), "CNY") for name in NAMES] for payer, bill in billed.items()
    }


@given(st.integers(1, 10**4), st.lists(st.integers(1, 3_000), min_size=1, max_size=6), SPLITS)
def test_nobody_pays_more_when_an_old_part_comes_back(charge, receipts, split):
    payers = agreed(0, split, in_amounts=False)
    units = sum(receipts)
    part = OrderLine(kind=Kind.PART, quantity_units=units, payers=payers)
    core = OrderLine(kind=Kind.CORE_CHARGE, quantity_units=units, unit_price_minor=charge, payers=payers)
    recharge(core, part, "CNY")
    for receipt in receipts:
        before = receive(core, part, Quantity(receipt), "CNY")
        assert sum(one["minor"] for one in core.shares) == core.amount_minor
        assert all(0 <= new["minor"] <= old["minor"] for old, new in zip(before, core.shares, strict=True))
    assert core.amount_minor == 0
    assert set(shares(core)) <= set(PAYERS)


def test_a_first_payer_who_gets_what_rounding_leaves_pays_no_more_of_less():
    """5 cut into three is 3, 1, 1: more for the first than of 6."""
    payers = [{"payer": payer, "weight": 1} for payer in PAYERS[:3]]
    part = OrderLine(kind=Kind.PART, quantity_units=6_000, payers=payers)
    core = OrderLine(kind=Kind.CORE_CHARGE, quantity_units=6_000, unit_price_minor=1, payers=payers)
    recharge(core, part, "CNY")
    receive(core, part, Quantity.of("1"), "CNY")
    assert sorted(shares(core).values()) == [1, 2, 2]
