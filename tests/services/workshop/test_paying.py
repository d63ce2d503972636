"""Payers that change and outside work that costs something else: with whose authority (Rules W4, W8)."""

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.workshop.agreement import ChangePayer, CorrectSubletPrice, ListAuthorisations
from contracts.workshop.order import Split
from tests.services.workshop.shop import cny, labour, line_id, signed, sublet


def change(shop, order, number=1, **more):
    return shop.desk.do(
        ChangePayer(work_order_id=order.id, line_id=line_id(order, number), reason="the manufacturer pays", **more)
    )


def correct(shop, order, amount, number=1, **more):
    price = cny(amount)
    return shop.desk.do(
        CorrectSubletPrice(work_order_id=order.id, line_id=line_id(order, number), price=price, reason="as billed", **more)
    )


def newest_entry(shop, order):
    return shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items[-1]


def shares(order, number=1):
    return [(share.payer, share.amount) for share in order.lines[number - 1].shares]


def test_somebody_else_pays_an_approved_line_by_authority(shop):
    """Until the delivery; the ledger says whose."""
    order = change(shop, shop.ready(), payer="warranty", authorised_by="Zhao, warranty desk")
    assert shares(order) == [("warranty", cny("324.00"))]
    entry = newest_entry(shop, order)
    assert (entry.decision, entry.line_numbers, entry.means, entry.name, entry.reason, entry.recorded_by) == (
        "payer_changed",
        [1],
        "authorisation",
        "Zhao, warranty desk",
        "the manufacturer pays",
        "wang",
    )
    shop.deliver(order)
    with pytest.raises(Refused, match="not_in_this_status"):
        change(shop, order, payer="goodwill", authorised_by="Zhao")


def test_that_the_customer_pays_more_is_the_customers_own_decision(shop):
    order = shop.approved(labour=[labour(payer="warranty")])
    with pytest.raises(Refused) as refused:
        change(shop, order, payer="customer_pay", authorised_by="Zhao")
    assert (refused.value.code, refused.value.details) == (
        "customer_must_decide",
        {"line": 1, "more": {"amount": "324.00", "currency": "CNY"}},
    )
    assert shop.now(order) == order
    order = change(shop, order, payer="customer_pay", decision=signed())
    assert shares(order) == [("customer_pay", cny("324.00"))]
    assert newest_entry(shop, order).means == "typed"


def test_a_payer_is_not_changed_by_nobodys_authority(shop):
    with pytest.raises(Invalid) as refused:
        change(shop, shop.approved(), payer="warranty")
    assert list(refused.value.details["errors"]) == ["authorised_by"]


def test_a_quoted_line_whose_payer_changes_wants_a_new_estimate(shop):
    """What the customer saw shows another payer."""
    order = change(shop, shop.quoted(shop.open()), payer="insurer", authorised_by="Zhao")
    assert {line.state for line in order.lines} == {"draft"}
    assert shares(shop.estimate(order)) == [("insurer", cny("324.00"))]


def test_amounts_make_the_lines_price_exactly(shop):
    split = [Split(payer="warranty", amount=cny("300.00")), Split(payer="goodwill", amount=cny("23.99"))]
    with pytest.raises(Refused, match="shares_do_not_add_up"):
        change(shop, shop.approved(), split=split, authorised_by="Zhao")


def test_amounts_for_an_undecided_line_make_todays_price(shop):
    """Rule W4: refused by field where they are typed, not only with the next estimate."""
    order = shop.quoted(shop.open(), sublet=[sublet("80.00")])
    with pytest.raises(Invalid) as refused:
        change(shop, order, split=[Split(payer="goodwill", amount=cny("79.00"))], authorised_by="Zhao")
    assert list(refused.value.details["errors"]) == ["split"]
    with pytest.raises(Invalid) as refused:
        correct(shop, order, "90.00", split=[Split(payer="goodwill", amount=cny("80.00"))])
    assert list(refused.value.details["errors"]) == ["split"]
    assert shop.now(order).version == order.version


def test_outside_work_that_cost_less_is_corrected_and_that_cost_more_is_asked_for(shop):
    order = correct(shop, shop.ready(shop.approved(sublet=[sublet("80.00")])), "60.00")
    assert (shares(order), order.total) == ([("customer_pay", cny("60.00"))], cny("60.00"))
    assert (newest_entry(shop, order).decision, newest_entry(shop, order).name) == ("price_corrected", "wang")
    with pytest.raises(Refused) as refused:
        correct(shop, order, "60.01")
    assert (refused.value.code, refused.value.details) == (
        "customer_must_decide",
        {"line": 1, "more": {"amount": "0.01", "currency": "CNY"}},
    )
    assert correct(shop, order, "95.00", decision=signed()).total == cny("95.00")


def test_payers_that_agreed_to_amounts_need_new_ones_for_another_price(shop):
    """They are never scaled in silence."""
    split = [Split(payer="insurer", amount=cny("50.00")), Split(payer="customer_pay", amount=cny("30.00"))]
    order = shop.approved(sublet=[sublet("80.00", split=split)])
    with pytest.raises(Refused, match="shares_do_not_add_up"):
        correct(shop, order, "70.00")
    less = [Split(payer="insurer", amount=cny("40.00")), Split(payer="customer_pay", amount=cny("30.00"))]
    assert correct(shop, order, "70.00", split=less).total == cny("70.00")


def test_only_outside_work_has_a_price_of_its_own(shop):
    with pytest.raises(Refused, match="not_a_sublet_line"):
        correct(shop, shop.approved(), "1.00")
    order = correct(shop, shop.quoted(shop.open(), sublet=[sublet()]), "99.00")
    assert (order.lines[0].state, shop.estimate(order).lines[0].amount) == ("draft", cny("99.00"))
