"""Rule W15: what becomes of an account when its delivery is reversed."""

from tests.services.billing.orders import cny
from tests.unit.billing.accounts import an_account, authorise, pay, refund, refused, reverse, states


def test_payments_of_a_reversed_delivery_become_their_payers_credit():
    account = an_account(customer_pay="113.00", insurer="50.00")
    payment = pay(account, "100.00")
    refund(account, payment, "20.00")
    pay(account, "50.00", payer="insurer", method="transfer")
    reverse(account, 1)
    assert (account.ledger.credit("customer_pay"), account.ledger.credit("insurer")) == (cny("80.00"), cny("50.00"))
    assert states(account) == {"customer_pay": "reversed", "insurer": "reversed"}
    assert reverse(account, 1) == [], "once"
    assert account.ledger.credit("customer_pay") == cny("80.00")


def test_what_was_put_on_account_lapses_with_the_debt():
    account = an_account(customer_pay="113.00")
    pay(account, "113.00", method="on_account")
    reverse(account, 1)
    assert account.ledger.credit("customer_pay") == cny("0.00")


def test_credit_pays_the_next_revision_and_is_gone_then():
    account = an_account(customer_pay="113.00", insurer="50.00")
    pay(account, "100.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="113.00", insurer="50.00")
    refused("credit_too_small", pay, account, "50.00", payer="insurer", method="customer_credit")
    refused("credit_too_small", pay, account, "100.01", method="customer_credit")
    pay(account, "100.00", method="customer_credit")
    assert account.ledger.credit("customer_pay") == cny("0.00")
    refused("credit_too_small", pay, account, "1.00", method="customer_credit")
    pay(account, "13.00")
    assert states(account) == {"customer_pay": "paid", "insurer": "open"}


def test_credit_that_paid_a_delivery_comes_back_when_that_is_reversed_too():
    account = an_account(customer_pay="113.00")
    pay(account, "113.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="60.00")
    pay(account, "60.00", method="customer_credit")
    reverse(account, 2)
    assert account.ledger.credit("customer_pay") == cny("113.00")


def test_money_of_a_reversed_delivery_is_given_back_once():
    account = an_account(customer_pay="113.00")
    payment = pay(account, "113.00")
    reverse(account, 1)
    an_account(revision=2, account=account, customer_pay="100.00")
    pay(account, "100.00", method="customer_credit")
    refused("refund_too_large", refund, account, payment, "13.01")
    refund(account, payment, "13.00")
    assert account.ledger.credit("customer_pay") == cny("0.00")
    assert states(account) == {"customer_pay": "paid"}


def test_an_authorisation_does_not_outlive_its_revision():
    account = an_account(warranty="113.00")
    authorise(account)
    reverse(account, 1)
    refused("order_not_billed", account.require_settled)
    an_account(revision=2, account=account, warranty="120.00")
    assert states(account) == {"warranty": "open"}


def test_an_older_revision_that_is_billed_late_is_not_the_current_one():
    account = an_account(revision=2, customer_pay="113.00")
    an_account(revision=1, account=account, customer_pay="99.00")
    assert account.current_share("customer_pay").total_minor == 11_300
    reverse(account, 1)
    assert states(account) == {"customer_pay": "open"}
