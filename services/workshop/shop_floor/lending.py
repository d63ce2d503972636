"""Lending tools against signature, and taking them back (Rule W21)."""

from chassis import Invalid, Refused, SignatureDocument, Work, staff_roles
from contracts.workshop.equipment import LendTool, ReturnTool
from services.workshop.equipment.equipment import LENT_OUT, Equipment
from services.workshop.equipment.tool_loan import ToolLoan, ToolLoanDocument, open_loan_of
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def lend(work: Work, command: LendTool) -> ToolLoan:
    """Lend a tool to somebody of the dealer, who signs for it; of two who want it at once, one is refused.

    The order is locked before the tool, so that its car is not delivered meanwhile.
    """
    order = None if command.work_order_id is None else work.lock(WorkOrder, command.work_order_id)
    if order is not None:
        order.require(Transition.LEND_TOOL)
    elif command.work_order_id is not None:
        raise Invalid.field("work_order_id", "nothing_has_it")
    tool = work.lock_root(Equipment, command.equipment_id)
    tool.require_in_use()
    if tool.kind not in LENT_OUT:
        raise Refused("not_lent_out", code=tool.code)
    staff_roles(work, "borrower", command.borrower)
    out = open_loan_of(work, tool)
    if out is not None:
        raise Refused("tool_lent", code=tool.code, name=out.borrower)
    document = ToolLoanDocument(
        equipment_id=tool.id,
        code=tool.code,
        name=tool.name,
        borrower=command.borrower,
        work_order_id=None if order is None else order.id,
        order_number=None if order is None else order.number,
        lent_at=work.now,
    )
    signature = SignatureDocument.sign(work, command.signature, document, field="signature")
    loan = ToolLoan.lend(document, signature, visit_id=None if order is None else order.visit_id)
    work.add(loan)
    return loan


def take_back(work: Work, command: ReturnTool) -> ToolLoan:
    """Take a tool back, once."""
    loan = work.edit(ToolLoan, command.tool_loan_id)
    loan.take_back(command.note, by=work.actor, at=work.now)
    return loan
