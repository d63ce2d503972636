"""Queries of gate passes."""

from chassis import NotFound, Work
from contracts.billing.gate_pass import GetGatePass
from services.billing.account.order_account import OrderAccount
from services.billing.gate_pass.gate_pass import GatePass, pass_id


def get_gate_pass(work: Work, query: GetGatePass) -> GatePass:
    """The pass of the newest billed delivery. Raises NotFound if there is none."""
    account = work.get(OrderAccount, query.work_order_id)
    found = work.find(GatePass, pass_id(account.id, account.revision))
    if found is None:
        raise NotFound("not_found", kind="gate_pass", id=query.work_order_id)
    return found
