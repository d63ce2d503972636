"""Letting the car go: the gate pass is issued to the customer and used at the gate (Rule L5, docs/domain.md)."""

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.billing.gate_pass import IssueGatePass, UseGatePass
from services.billing.account.access import edit_billed_account
from services.billing.account.order_account import OrderAccount
from services.billing.gate_pass.gate_pass import GatePass


def issue_gate_pass(work: Work, command: IssueGatePass) -> GatePass:
    """Issue the one pass of the order's newest delivery. The account is locked: no payment is refunded meanwhile."""
    issued = GatePass.issue(edit_billed_account(work, command.work_order_id), at=work.now, by=work.actor)
    if work.find(GatePass, issued.id) is not None:
        raise Refused("gate_pass_issued", revision=issued.revision)
    work.add(issued)
    return issued


def use_gate_pass(work: Work, command: UseGatePass) -> GatePass:
    """Use the pass; of several who try at once, one succeeds."""
    found = work.first(select(GatePass).where(GatePass.code == command.code))
    if found is None:
        raise Invalid.field("code", "no_such_gate_pass")
    account = work.edit(OrderAccount, found.work_order_id)  # before the pass: locks have one order
    gate_pass = work.edit(GatePass, found.id)
    gate_pass.use(account, at=work.now, by=work.actor)
    return gate_pass
