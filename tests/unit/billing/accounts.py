"""Accounts of orders, for the tests of billing's rules: each act forgets what was announced before it."""

from datetime import date

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from services.billing.account.crediting import pay_with_credit
from services.billing.account.deposit import take_deposit
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import PaymentContext
from tests.services.billing.orders import NOON, cny

CONTEXT = PaymentContext(at=NOON, on=date(2026, 3, 2), by="wang")


CUSTOMER_ID = new_id()


def an_account(revision=1, account=None, customer_id=None, **owed):
    """`an_account(customer_pay="113.00")`: billed, nothing paid yet."""
    account = account or OrderAccount(id=new_id(), currency="CNY", customer_id=customer_id)
    account.announced.clear()
    account.bill(revision, {payer: (new_id(), cny(total).minor) for payer, total in owed.items()}, CONTEXT)
    return account


def pay(account, amount, payer="customer_pay", method="cash", credit_of=None):
    account.announced.clear()
    if method == "on_account":
        return account.put_on_account(cny(amount), CONTEXT)
    if method == "customer_credit":
        (credit_of or account).announced.clear()
        return pay_with_credit(account, credit_of or account, payer, cny(amount), CONTEXT)
    return account.receive(payer, method, cny(amount), CONTEXT)


def deposit(account, amount):
    account.announced.clear()
    return take_deposit(account, "cash", cny(amount), CONTEXT)


def refund(account, payment, amount, method="cash"):
    account.announced.clear()
    return account.refund(payment, method, cny(amount), CONTEXT, reason="mistake")


def authorise(account, payer="warranty", reference="W-1"):
    account.announced.clear()
    account.authorise(payer, reference=reference, authorised_by="Zhao", at=NOON)


def reverse(account, revision):
    account.announced.clear()
    return account.reverse(revision, NOON)


def states(account):
    return {share.payer: share.state for share in account.shares_of(account.revision)}


def refused(code, act, *arguments, **more):
    with pytest.raises(Refused) as refusal:
        act(*arguments, **more)
    assert refusal.value.code == code
    return refusal.value.details
