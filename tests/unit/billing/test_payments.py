"""Rule L4: payments, deposits and refunds."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.events import (
    DepositApplied,
    DepositTaken,
    OnAccountGranted,
    OnAccountWithdrawn,
    PaymentReceived,
    PaymentRefunded,
)
from services.billing.account.order_account import OrderAccount
from tests.services.billing.orders import cny
from tests.unit.billing.accounts import CONTEXT, an_account, deposit, pay, refund, refused, states


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
    assert 0 <= share.paid.minor <= 1000
    assert share.paid + share.open == cny("10.00")


def test_a_payment_is_positive_and_in_the_orders_currency():
    account = an_account(customer_pay="113.00")
    for wrong in (cny("0.00"), cny("-1.00"), Money.of("5", "JPY")):
        with pytest.raises(Invalid) as refusal:
            account.receive("customer_pay", "cash", wrong, CONTEXT)
        assert list(refusal.value.details["errors"]) == ["amount"]


def test_nothing_can_be_paid_before_it_is_billed_or_by_who_has_no_share():
    empty = OrderAccount(id=new_id(), currency="CNY")
    refused("order_not_delivered", pay, empty, "1.00")
    refused("no_such_share", pay, an_account(customer_pay="1.00"), "1.00", payer="insurer")


def test_a_share_of_nothing_is_settled():
    assert states(an_account(customer_pay="0.00")) == {"customer_pay": "paid"}


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
    about = {"work_order_id": account.id, "payer": "customer_pay", "amount": cny("113.00")}
    assert account.announced == [OnAccountGranted(payment_id=debt.id, open_amount=cny("0.00"), **about)], "no money came"
    refused("refund_method_differs", refund, account, debt, "113.00", method="cash")
    back = refund(account, debt, "113.00", method="on_account")
    assert account.announced == [
        OnAccountWithdrawn(payment_id=back.id, withdrawn_payment_id=debt.id, reason="mistake", **about)
    ], "and none went"
    assert states(account) == {"customer_pay": "open"}
