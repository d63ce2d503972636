"""Rules L4, L5 and W15: payments, deposits, authorisations, customer credit, and whether the car may leave."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.events import (
    DepositApplied,
    DepositApproved,
    DepositTaken,
    GatePassIssued,
    GatePassRevoked,
    GatePassUsed,
    PaymentReceived,
    PaymentRefunded,
    ShareAuthorised,
)
from services.billing.domain.account import OrderAccount
from services.billing.domain.gate_pass import GatePass, new_code
from services.billing.domain.ledger import Taken
from tests.services.billing.orders import NOON, cny

TAKEN = Taken(at=NOON, on=date(2026, 3, 2), by="wang")


def an_account(revision=1, account=None, **owed):
    """`an_account(customer_pay="113.00")`: billed, nothing paid yet."""
    account = account or OrderAccount(id=new_id(), currency="CNY")
    account.announced.clear()
    account.bill(revision, {payer: (new_id(), cny(total).minor) for payer, total in owed.items()}, TAKEN)
    return account


def pay(account, amount, payer="customer_pay", method="cash"):
    account.announced.clear()
    return account.receive(payer, method, cny(amount), TAKEN)


def deposit(account, amount):
    account.announced.clear()
    return account.take_deposit("cash", cny(amount), TAKEN)


def refund(account, payment, amount, method="cash"):
    account.announced.clear()
    return account.refund(payment, method, cny(amount), TAKEN, reason="mistake")


def authorise(account, payer="warranty", reference="W-1"):
    account.announced.clear()
    account.authorise(payer, reference=reference, authorised_by="Zhao", at=NOON)


def states(account):
    return {share.payer: account.state(share) for share in account.shares_of(account.revision)}


def refused(code, act, *arguments, **more):
    with pytest.raises(Refused) as refusal:
        act(*arguments, **more)
    assert refusal.value.code == code
    return refusal.value.details


def test_a_payment_announces_what_is_still_open():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "100.00", method="wechat_pay")
    assert account.announced == [
        PaymentReceived(
            payment_id=payment.id,
            work_order_id=account.id,
            payer="customer_pay",
            payment_method="wechat_pay",
            amount=cny("100.00"),
            open_amount=cny("13.00"),
        )
    ]


def test_a_share_is_paid_when_its_parts_are_its_total():
    account = an_account(customer_pay="113.00")
    pay(account, "100.00")
    assert states(account) == {"customer_pay": "open"}
    pay(account, "13.00", method="card")
    assert states(account) == {"customer_pay": "paid"}


def test_more_than_is_open_is_refused():
    account = an_account(customer_pay="113.00", insurer="50.00")
    pay(account, "100.00")
    details = refused("overpayment", pay, account, "13.01")
    assert details == {"payer": "customer_pay", "open": {"amount": "13.00", "currency": "CNY"}}
    assert len(account.payments) == 1


@given(st.lists(st.integers(1, 500), max_size=12))
def test_no_sequence_of_payments_pays_a_share_twice(amounts):
    account = an_account(customer_pay="10.00")
    for minor in amounts:
        with suppress(Refused):
            pay(account, Money(minor, "CNY").amount)
    (share,) = account.shares
    assert 0 <= account.paid(share).minor <= 1000
    assert account.paid(share) + account.open(share) == cny("10.00")


def test_a_payment_is_positive_and_in_the_orders_currency():
    account = an_account(customer_pay="113.00")
    for wrong in (cny("0.00"), cny("-1.00"), Money.of("5", "JPY")):
        with pytest.raises(Invalid) as refusal:
            account.receive("customer_pay", "cash", wrong, TAKEN)
        assert list(refusal.value.details["errors"]) == ["amount"]


def test_nothing_can_be_paid_before_it_is_billed_or_by_who_has_no_share():
    empty = OrderAccount(id=new_id(), currency="CNY")
    refused("order_not_billed", pay, empty, "1.00")
    refused("no_such_share", pay, an_account(customer_pay="1.00"), "1.00", payer="insurer")


def test_a_share_of_nothing_is_settled():
    assert states(an_account(customer_pay="0.00")) == {"customer_pay": "paid"}


# Deposits


def test_a_deposit_pays_the_customers_invoice_as_soon_as_it_is_issued():
    account = OrderAccount(id=new_id(), currency="CNY")
    first = deposit(account, "80.00")
    assert account.announced == [
        DepositTaken(payment_id=first.id, work_order_id=account.id, payment_method="cash", amount=cny("80.00"))
    ]
    deposit(account, "50.00")
    an_account(account=account, customer_pay="113.00", warranty="40.00")
    assert account.announced == [
        DepositApplied(work_order_id=account.id, revision=1, amount=cny("113.00"), open_amount=cny("0.00"))
    ]
    assert states(account) == {"customer_pay": "paid", "warranty": "open"}
    assert account.describe().deposit == cny("17.00"), "the rest stays the customer's"


def test_the_rest_of_a_deposit_can_be_given_back_and_no_more():
    account = OrderAccount(id=new_id(), currency="CNY")
    taken = deposit(account, "80.00")
    an_account(account=account, customer_pay="50.00")
    refused("refund_too_large", refund, account, taken, "30.01")
    refund(account, taken, "30.00")
    assert account.describe().deposit == cny("0.00")
    assert states(account) == {"customer_pay": "paid"}


def test_a_deposit_is_refused_once_there_is_an_invoice_to_pay():
    refused("order_already_billed", deposit, an_account(customer_pay="113.00"), "10.00")


def test_the_car_may_leave_on_an_approved_deposit_as_long_as_it_lies_there():
    account = OrderAccount(id=new_id(), currency="CNY")
    deposit(account, "50.00")
    an_account(account=account, customer_pay="113.00")
    refused("share_open", account.require_settled)
    account.announced.clear()
    account.approve_deposit(reason="intermittent fault", taken=TAKEN)
    assert account.announced == [
        DepositApproved(work_order_id=account.id, revision=1, open_amount=cny("63.00"), reason="intermittent fault")
    ]
    assert states(account) == {"customer_pay": "authorised"}
    account.require_settled()
    applied = next(one for one in account.payments if one.kind == "payment")
    refund(account, applied, "50.00")
    assert refused("share_open", account.require_settled)["open"] == {"amount": "113.00", "currency": "CNY"}


def test_only_a_deposit_can_be_approved():
    account = an_account(customer_pay="113.00")
    pay(account, "50.00")
    refused("no_deposit", account.approve_deposit, reason="please", taken=TAKEN)


# Refunds


def test_a_refund_is_a_negative_row_that_opens_the_share_again():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "113.00")
    back = refund(account, payment, "13.00")
    assert (back.amount, back.kind, back.of_id, payment.amount) == (cny("-13.00"), "refund", payment.id, cny("113.00"))
    assert account.announced == [
        PaymentRefunded(
            payment_id=back.id,
            refunded_payment_id=payment.id,
            work_order_id=account.id,
            payer="customer_pay",
            payment_method="cash",
            amount=cny("13.00"),
            reason="mistake",
        )
    ]
    assert states(account) == {"customer_pay": "open"}


def test_no_more_is_given_back_than_was_paid():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "100.00")
    back = refund(account, payment, "60.00")
    assert refused("refund_too_large", refund, account, payment, "40.01")["left"]["amount"] == "40.00"
    refused("refund_too_large", refund, account, back, "1.00")


def test_what_was_put_on_account_is_not_given_back_as_money():
    account = an_account(customer_pay="113.00")
    debt = pay(account, "113.00", method="on_account")
    refused("refund_method_differs", refund, account, debt, "113.00", method="cash")
    refund(account, debt, "113.00", method="on_account")
    assert states(account) == {"customer_pay": "open"}


# Authorisations


def test_an_authorisation_stands_for_a_share():
    account = an_account(customer_pay="10.00", warranty="113.00")
    authorise(account)
    share = account.current_share("warranty")
    assert account.announced == [
        ShareAuthorised(
            authorisation_id=share.id,
            work_order_id=account.id,
            revision=1,
            payer="warranty",
            reference="W-1",
            authorised_by="Zhao",
        )
    ]
    assert states(account) == {"customer_pay": "open", "warranty": "authorised"}


def test_the_same_authorisation_again_changes_nothing_and_another_is_refused():
    account = an_account(warranty="113.00")
    authorise(account)
    authorise(account)
    assert account.announced == []
    assert refused("share_authorised", authorise, account, reference="W-2")["reference"] == "W-1"


# Reversal, rule W15


def test_payments_of_a_reversed_delivery_become_their_payers_credit():
    account = an_account(customer_pay="113.00", insurer="50.00")
    payment = pay(account, "100.00")
    refund(account, payment, "20.00")
    pay(account, "50.00", payer="insurer", method="transfer")
    account.reverse(1, NOON)
    assert (account.credit("customer_pay"), account.credit("insurer")) == (cny("80.00"), cny("50.00"))
    assert states(account) == {"customer_pay": "reversed", "insurer": "reversed"}
    assert account.reverse(1, NOON) == [], "once"
    assert account.credit("customer_pay") == cny("80.00")


def test_what_was_put_on_account_lapses_with_the_debt():
    account = an_account(customer_pay="113.00")
    pay(account, "113.00", method="on_account")
    account.reverse(1, NOON)
    assert account.credit("customer_pay") == cny("0.00")


def test_credit_pays_the_next_revision_and_is_gone_then():
    account = an_account(customer_pay="113.00", insurer="50.00")
    pay(account, "100.00")
    account.reverse(1, NOON)
    an_account(revision=2, account=account, customer_pay="113.00", insurer="50.00")
    refused("credit_too_small", pay, account, "50.00", payer="insurer", method="customer_credit")
    refused("credit_too_small", pay, account, "100.01", method="customer_credit")
    pay(account, "100.00", method="customer_credit")
    assert account.credit("customer_pay") == cny("0.00")
    refused("credit_too_small", pay, account, "1.00", method="customer_credit")
    pay(account, "13.00")
    assert states(account) == {"customer_pay": "paid", "insurer": "open"}


def test_credit_that_paid_a_delivery_comes_back_when_that_is_reversed_too():
    account = an_account(customer_pay="113.00")
    pay(account, "113.00")
    account.reverse(1, NOON)
    an_account(revision=2, account=account, customer_pay="60.00")
    pay(account, "60.00", method="customer_credit")
    account.reverse(2, NOON)
    assert account.credit("customer_pay") == cny("113.00")


def test_money_of_a_reversed_delivery_is_given_back_once():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "113.00")
    account.reverse(1, NOON)
    an_account(revision=2, account=account, customer_pay="100.00")
    pay(account, "100.00", method="customer_credit")
    refused("refund_too_large", refund, account, payment, "13.01")
    refund(account, payment, "13.00")
    assert account.credit("customer_pay") == cny("0.00")
    assert states(account) == {"customer_pay": "paid"}


def test_an_authorisation_does_not_outlive_its_revision():
    account = an_account(warranty="113.00")
    authorise(account)
    account.reverse(1, NOON)
    refused("order_not_billed", account.require_settled)
    an_account(revision=2, account=account, warranty="120.00")
    assert states(account) == {"warranty": "open"}


def test_an_older_revision_that_is_billed_late_is_not_the_current_one():
    account = an_account(revision=2, customer_pay="113.00")
    an_account(revision=1, account=account, customer_pay="99.00")
    assert account.current_share("customer_pay").total_minor == 11_300
    account.reverse(1, NOON)
    assert states(account) == {"customer_pay": "open"}


def test_the_account_shows_who_owes_what():
    account = an_account(customer_pay="113.00", warranty="50.00")
    pay(account, "13.00")
    authorise(account)
    shown = account.describe()
    assert [(one.payer, one.total, one.paid, one.open, one.state) for one in shown.shares] == [
        ("customer_pay", cny("113.00"), cny("13.00"), cny("100.00"), "open"),
        ("warranty", cny("50.00"), cny("0.00"), cny("50.00"), "authorised"),
    ]
    assert (shown.revision, shown.settled) == (1, False)
    pay(account, "100.00")
    assert account.describe().settled
    account.reverse(1, NOON)
    assert not account.describe().settled
    assert [(one.payer, one.amount) for one in account.describe().credits] == [("customer_pay", cny("113.00"))]


# Gate pass, rule L5


@given(
    st.dictionaries(
        st.sampled_from(["customer_pay", "warranty", "internal", "insurer"]),
        st.tuples(st.integers(0, 500), st.integers(0, 500), st.booleans()),
        min_size=1,
    )
)
def test_a_gate_pass_exists_only_if_every_share_is_paid_or_authorised(shares):
    account = OrderAccount(id=new_id(), currency="CNY")
    account.bill(1, {payer: (new_id(), total) for payer, (total, _, _) in shares.items()}, TAKEN)
    settled = True
    for payer, (total, paid, authorised) in shares.items():
        if min(paid, total) > 0:
            pay(account, Money(min(paid, total), "CNY").amount, payer=payer)
        if authorised and payer != "customer_pay":
            authorise(account, payer)
        settled &= paid >= total or (authorised and payer != "customer_pay")
    if settled:
        assert GatePass.issue(account, at=NOON, by="wang").revision == 1
    else:
        refused("share_open", GatePass.issue, account, at=NOON, by="wang")


def a_pass(account):
    issued = GatePass.issue(account, at=NOON, by="wang")
    issued.announced.clear()
    return issued


def test_a_pass_is_announced_without_its_code():
    account = an_account(customer_pay="0.00")
    issued = GatePass.issue(account, at=NOON, by="wang")
    assert issued.announced == [GatePassIssued(gate_pass_id=issued.id, work_order_id=account.id, revision=1)]
    assert issued.code not in str(issued.announced)


def test_no_two_codes_are_alike_and_each_has_128_bits():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 26 for code in codes)


def test_a_pass_is_used_once():
    account = an_account(customer_pay="0.00")
    issued = a_pass(account)
    issued.use(account, at=NOON, by="gate")
    assert issued.announced == [GatePassUsed(gate_pass_id=issued.id, work_order_id=account.id, revision=1)]
    refused("gate_pass_used", issued.use, account, at=NOON + timedelta(minutes=1), by="gate")
    assert issued.used_at == NOON


def test_a_revoked_pass_opens_nothing():
    account = an_account(customer_pay="0.00")
    issued = a_pass(account)
    issued.revoke(NOON)
    assert issued.announced == [GatePassRevoked(gate_pass_id=issued.id, work_order_id=account.id, revision=1)]
    refused("gate_pass_revoked", issued.use, account, at=NOON, by="gate")


def test_a_pass_does_not_open_the_gate_once_the_money_went_back():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "113.00")
    issued = a_pass(account)
    refund(account, payment, "1.00")
    refused("share_open", issued.use, account, at=NOON, by="gate")
    pay(account, "1.00")
    issued.use(account, at=NOON, by="gate")
