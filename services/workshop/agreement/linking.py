"""Making and withdrawing links: one-time ones (Rule W8), and the customer's to their order (Rule W17)."""

from collections.abc import Iterable

from chassis import NotFound, Refused, Work
from contracts.workshop import visit_link as contract
from contracts.workshop.events import AnswerSeen
from contracts.workshop.signing_link import CreateSigningLink, SeeAnswer, WithdrawSigningLink
from contracts.workshop.visit_link import CreateVisitLink, WithdrawVisitLink
from services.workshop.agreement.approval import still_quoted
from services.workshop.agreement.deciding import issued_estimate
from services.workshop.agreement.link import Link
from services.workshop.agreement.signing_link import SigningLink
from services.workshop.agreement.visit_link import VisitLink
from services.workshop.order.promised import learn_promise
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def create_signing_link(work: Work, command: CreateSigningLink) -> SigningLink:
    """A link to a version of which something waits for a decision; an older one to the same leads nowhere from now on.

    The order is locked, and stays as it is: whoever edits it meanwhile is not overtaken.
    """
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.APPROVE)
    estimate = issued_estimate(work, order, command.estimate_version)
    still_quoted(order, estimate)
    learn_promise(work, order)
    link = SigningLink.to(order, estimate, command.token_hash, hours=command.valid_hours, by=work.actor, at=work.now)
    _replace(work, SigningLink.open_ones(work, order.id, SigningLink.document_version == estimate.estimate_version), link)
    return link


def withdraw_signing_link(work: Work, command: WithdrawSigningLink) -> SigningLink:
    """Raises NotFound for a link of another order."""
    work.lock(WorkOrder, command.work_order_id)  # first, as whoever decides by the link does
    link = work.edit(SigningLink, command.signing_link_id)
    if link.work_order_id != command.work_order_id:
        raise NotFound("not_found", kind="signing_link", id=command.signing_link_id)
    link.revoke(at=work.now)
    return link


def see_answer(work: Work, command: SeeAnswer) -> WorkOrder:
    """The answer is on nobody's list any more. Whoever says so second changes nothing."""
    order = work.edit(WorkOrder, command.work_order_id)
    if order.answered_at is not None:
        order.see_answer()
        order.announce(AnswerSeen(work_order_id=order.id))
    return order


def create_visit_link(work: Work, command: CreateVisitLink) -> contract.VisitLink:
    """An older one leads nowhere from now on: of those that were sent astray none is left open."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    learn_promise(work, order)
    link = VisitLink.to(work, order, command.token_hash)
    _replace(work, VisitLink.open_ones(work, order.id), link)
    return link.shown(work, order)


def withdraw_visit_link(work: Work, command: WithdrawVisitLink) -> contract.VisitLink:
    """Raises NotFound for a link of another order."""
    order = work.lock(WorkOrder, command.work_order_id)
    link = work.edit(VisitLink, command.visit_link_id)
    if order is None or link.work_order_id != order.id:
        raise NotFound("not_found", kind="visit_link", id=command.visit_link_id)
    link.revoke(command.reason, by=work.actor, at=work.now)
    return link.shown(work, order)


def _replace(work: Work, older: Iterable[Link], link: Link) -> None:
    for one in older:
        work.change(one)
        one.give_way(at=work.now)
    work.add(link)
    work.flush(unique="token_hash", otherwise=Refused("token_used_before"))
