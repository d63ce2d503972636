"""What the cashier, the gate and those who read do with billing, for its tests."""

import eventlet

from chassis.wire.errors import Refused
from chassis.wire.ids import derived_id
from contracts.billing.account import GetOrderAccount, RecordPayment, RefundPayment, TakeDeposit
from contracts.billing.credit_limit import ApproveCreditLimit
from contracts.billing.gate_pass import IssueGatePass
from contracts.billing.invoice import GetInvoice, ListInvoices
from contracts.crm.events import CustomerRecorded
from contracts.workshop.events import WorkOrderOpened
from tests.services.billing.orders import cny, delivered, labour


def bill(desk, *, fact=None, **shares):
    """An order, billed: `bill(desk, customer_pay="113.00")`."""
    fact = fact or delivered(labour(1, **shares))
    desk.hear(fact)
    return fact


def pay(desk, fact, amount, *, method="cash", reference=None, payer="customer_pay", credit_of=None, **more):
    command = RecordPayment(
        work_order_id=fact.work_order_id,
        payer=payer,
        payment_method=method,
        amount=cny(amount),
        provider_reference=reference,
        credit_of=credit_of,
    )
    return desk.do(command, **more)


def opened(desk, fact):
    """The order of a delivered fact, when it was opened."""
    desk.hear(
        WorkOrderOpened(
            work_order_id=fact.work_order_id,
            number=fact.number,
            customer=fact.customer,
            vehicle=fact.vehicle,
            complaint="squeals",
        )
    )
    return fact


def grant(desk, fact, limit):
    """The customer of an order may owe so much."""
    desk.hear(CustomerRecorded(customer=fact.customer), subject=fact.customer.customer_id)
    return desk.do(ApproveCreditLimit(customer_id=fact.customer.customer_id, limit=cny(limit), reason="fleet"), actor="boss")


def deposit(desk, fact, amount, method="cash", reference=None):
    opened(desk, fact)
    return desk.do(
        TakeDeposit(work_order_id=fact.work_order_id, payment_method=method, amount=cny(amount), provider_reference=reference)
    )


def refund(desk, payment, amount, method="cash", reference=None):
    return desk.do(
        RefundPayment(
            payment_id=payment.id, payment_method=method, amount=cny(amount), provider_reference=reference, reason="mistake"
        )
    )


def account_of(desk, fact):
    return desk.ask(GetOrderAccount(work_order_id=fact.work_order_id))


def issue_pass(desk, fact, **more):
    return desk.do(IssueGatePass(work_order_id=fact.work_order_id), **more)


def settled_with_pass(desk):
    fact = bill(desk, customer_pay="113.00")
    pay(desk, fact, "113.00")
    return fact, issue_pass(desk, fact)


def at_once(*acts):
    """What each of several concurrent calls answered or raised."""

    def attempt(act):
        try:
            return act()
        except Refused as refusal:
            return refusal.code

    return [thread.wait() for thread in [eventlet.spawn(attempt, act) for act in acts]]


def numbers(desk, **filters):
    return [one.number for one in desk.ask(ListInvoices(**filters)).items]


def invoice_of(desk, fact, payer="customer_pay", **more):
    return desk.ask(GetInvoice(invoice_id=derived_id(fact.work_order_id, payer, fact.revision)), **more)
