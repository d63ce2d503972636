"""Putting work before the customer: the estimate, and additional work."""

from datetime import datetime

from chassis import Refused, Work
from chassis.wire.ahead import YEAR, require_ahead
from contracts.workshop.agreement import IssueEstimate, ProposeAdditionalWork, ProposeBookedWork
from contracts.workshop.declined_work import ProposeDeclinedWork
from contracts.workshop.multi_point import ProposeFindings
from contracts.workshop.order import NewLabour, NewLines, NewPart
from services.workshop.agreement.booked import booked_work
from services.workshop.agreement.estimate import Terms, estimates_of
from services.workshop.agreement.estimate import issue_estimate as issue
from services.workshop.agreement.estimate import propose_additional_work as propose
from services.workshop.agreement.visit_link import VisitLink
from services.workshop.multi_point.multi_point_inspection import MultiPointInspection, wanted_items
from services.workshop.multi_point.template import multi_point_template
from services.workshop.order.agreed_amounts import prices_for
from services.workshop.order.declined_work import chosen_of
from services.workshop.order.line import OrderLine
from services.workshop.order.new_line import new_lines
from services.workshop.order.promise import Promise
from services.workshop.order.promised import learn_promise
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.promise.finding import find
from services.workshop.promise.promising import put_forward, work_out


def issue_estimate(work: Work, command: IssueEstimate) -> WorkOrder:
    """Issue an estimate of all undecided lines. Raises Invalid for a promised time that is past, or early without a reason."""
    order = work.edit(WorkOrder, command.work_order_id)
    _issue(work, order, command)
    return order


def propose_booked_work(work: Work, command: ProposeBookedWork) -> WorkOrder:
    """Add what was booked and is not on the order yet, and issue an estimate at once."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.add_lines(new_lines(work, booked_work(work, order), order, command.payer))
    _issue(work, order, command)
    return order


def propose_additional_work(work: Work, command: ProposeAdditionalWork) -> WorkOrder:
    """Add lines and issue an estimate of them at once."""
    order = work.edit(WorkOrder, command.work_order_id)
    lines = new_lines(work, command, order)
    _propose(work, order, lines, command.extra_minutes)
    return order


def propose_findings(work: Work, command: ProposeFindings) -> WorkOrder:
    """Make lines of what an inspection found, and put them before the customer at once (Rule W3)."""
    order = work.edit(WorkOrder, command.work_order_id)
    inspection = work.lock(MultiPointInspection, MultiPointInspection.identity(order.id, command.template_code))
    if inspection is None:
        multi_point_template(work, command.template_code)
        raise Refused("nothing_found", item_code=command.item_codes[0])
    work.change(inspection)
    items = wanted_items(inspection, command.item_codes, order.lines)
    wanted = [NewLabour(operation_code=code, safety=item.safety and item.finding == "red") for item, code in items]
    lines = new_lines(work, NewLines(labour=wanted), order, command.payer)
    inspection.became({item.item_code: line.id for (item, _), line in zip(items, lines, strict=True)})
    _propose(work, order, lines, command.extra_minutes)
    return order


def propose_declined_work(work: Work, command: ProposeDeclinedWork) -> WorkOrder:
    """Make lines of what was declined on the car before, and put them before the customer at once (Rule W8).

    Raises Refused if all of it is on the order already, and for outside work, whose price nobody knows.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    chosen = chosen_of(work, order, command.declined_work_ids)
    if not chosen:
        raise Refused("on_the_order_already")
    outside = next((one for one in chosen if one.kind == "sublet"), None)
    if outside is not None:
        raise Refused("outside_work_needs_price", description=outside.description)
    in_words = next((one for one in chosen if one.operation_code is None and one.part_number is None), None)
    if in_words is not None:
        raise Refused("recommended_in_words", description=in_words.description)
    wanted = NewLines(
        labour=[
            NewLabour(operation_code=one.operation_code, safety=one.safety, panel=one.panel, area_dm2=one.area_dm2)
            for one in chosen
            if one.operation_code
        ],
        parts=[
            NewPart(part_number=one.part_number, quantity=one.quantity, safety=one.safety)
            for one in chosen
            if one.part_number and one.quantity
        ],
    )
    lines = new_lines(work, wanted, order, command.payer)
    _propose(work, order, lines, command.extra_minutes)
    return order


def _propose(work: Work, order: WorkOrder, lines: list[OrderLine], extra_minutes: int) -> None:
    """What is promised stays: it moves when the customer agrees to the extra minutes."""
    found = find(work, order, more=lines)
    terms = Terms(extra_minutes=extra_minutes, found=found)
    work.add(propose(order, lines, prices_for(work, order, lines), terms, work.now))
    put_forward(work, order, "additional_work", found)


def _issue(work: Work, order: WorkOrder, command: IssueEstimate | ProposeBookedWork) -> None:
    if command.promised_at is not None:
        require_ahead("promised_at", command.promised_at, work.now, days=YEAR)
    agreed = any(line.approved for line in order.lines)
    wanted = command.promised_at or (None if agreed else _named(work, order))
    holds = order.promised_at if agreed else None
    found, promised_at, reason = work_out(work, order, wanted, command.promise_reason, holds=holds)
    terms = Terms(
        promised_at=promised_at or _told(work, order),
        promise_reason=reason,
        found=found,
        payment_method=command.payment_method,
        old_parts=command.old_parts,
        free_wash=command.free_wash,
        consents_to_other_damage=command.consents_to_other_damage,
        call_threshold=work.settings(WorkshopSettings).call_threshold,
    )
    work.add(issue(order, prices_for(work, order, order.lines, terms.promised_at), terms, work.now))
    put_forward(work, order, "estimate", found, reason=reason)
    if VisitLink.open_ones(work, order.id):
        learn_promise(work, order)  # who has the order before them sees it at once


def _named(work: Work, order: WorkOrder) -> datetime | None:
    """The time that somebody chose for what the customer has not agreed to yet; None where it was worked out."""
    if order.promised_at is None:
        return None
    with work.without_autoflush():
        found = [one.found.proposed_at for one in estimates_of(work, order.id) if one.found is not None]
    return None if order.promised_at in found else order.promised_at


def _told(work: Work, order: WorkOrder) -> datetime | None:
    """The time that the customer knows of: it holds while nobody can say another one."""
    with work.without_autoflush():
        promise = work.find(Promise, order.id)
    return None if promise is None or promise.told_at is None else promise.promised_at
