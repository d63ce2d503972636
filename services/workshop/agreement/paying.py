"""Who pays a line and what outside work costs, when that changes after all (Rules W4, W8)."""

from collections.abc import Sequence

from chassis import Money, Refused
from services.workshop.order.core_charge import as_their_part, with_core_charges
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.share import AgreedShare
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def change_payer(order: WorkOrder, line_id: str, payers: Sequence[AgreedShare], *, decided: bool) -> OrderLine:
    """Somebody else pays the line. What makes the customer pay more of an approved line must be `decided` by the customer."""
    order.require(Transition.CHANGE_PAYER)
    line = order.line(line_id)
    for one in with_core_charges([line], order.lines):
        theirs = list(payers) if one is line else as_their_part(payers)
        if one.undecided:
            order.lapse(one.estimate_version)
            one.payers = theirs
        else:
            one.require_approved()
            _charge(one, one.amount(order.currency), theirs, decided=decided)
    return line


def correct_price(
    order: WorkOrder, line_id: str, price: Money, payers: Sequence[AgreedShare] | None, *, decided: bool
) -> OrderLine:
    """Outside work costs something else; who pays it stays, unless `payers` says otherwise."""
    order.require(Transition.CORRECT_PRICE)
    line = order.line(line_id)
    if line.kind is not Kind.SUBLET:
        raise Refused("not_a_sublet_line", line=line.number)
    if line.undecided:
        order.lapse(line.estimate_version)
        line.payers = list(payers or line.payers)
    else:
        line.require_approved()
        _charge(line, price, payers or line.payers, decided=decided)
    line.agreed_price_minor = price.minor
    return line


def _charge(line: OrderLine, amount: Money, payers: Sequence[AgreedShare], *, decided: bool) -> None:
    before = _customers(line)
    line.charge(amount, payers)
    more = _customers(line) - before
    if more > 0 and not decided:
        raise Refused("customer_must_decide", line=line.number, more=Money(more, amount.currency).plain())
    if decided:
        line.under_consent = False  # the customer was asked


def _customers(line: OrderLine) -> int:
    return sum(share["minor"] for share in line.shares if share["payer"] == "customer_pay")
