"""Closing an order: its car has left, and its file is complete (Rules W14, W23). A fact that comes early is kept."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from chassis import Invalid, NotFound, NotYet, Refused, Work, new_id
from chassis.wire.years import years_after
from contracts.billing.events import GatePassUsed
from contracts.parts.events import SlipSigned
from contracts.workshop import order_file as contract
from contracts.workshop.leg import Leg, SignLegSheet
from contracts.workshop.order_file import FileDocument, FilePaper, SetFileSettings, WithdrawPaper
from services.workshop.evidence.attachment import Attachment
from services.workshop.handing_over import delivery
from services.workshop.leg import driving
from services.workshop.order.status import INSPECTED, OPEN, Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.order_file.collecting import collect, missing
from services.workshop.order_file.queries import INCOMPLETE, shown
from services.workshop.order_file.sealed_file import FileContents, Filed, FiledPaper, PaperWithdrawal, SealedFile
from services.workshop.order_file.sending import hand_on
from services.workshop.order_file.settings import FileSettings
from services.workshop.projections import recording

SIGNED_IN: Mapping[FileDocument, Sequence[Status]] = {
    "inspection": (*INSPECTED, Status.DELIVERED),
    "completion": (*INSPECTED, Status.DELIVERED),
    "wash": (*INSPECTED, Status.DELIVERED),
    "settlement": (Status.READY, Status.DELIVERED),
    "gate_pass": (Status.DELIVERED,),
}
"""While an order stands there, a paper of it may have been signed; of others at any time. Before that it has not happened yet."""

MOST_LOOKED_AT = 200
"""So many cars that have left are looked at as the settings change; the others as they are saved again, or a document comes."""


def set_settings(work: Work, command: SetFileSettings) -> FileSettings:
    """For what is closed from now on; cars that have left are looked at anew, the first that left first."""
    settings = work.edit_settings(FileSettings)
    settings.replace(command)
    waiting = select(WorkOrder.id).where(*INCOMPLETE).order_by(WorkOrder.left_at, WorkOrder.id).limit(MOST_LOOKED_AT)
    for work_order_id in work.all(waiting):
        _look_anew(work, work_order_id)
    return settings


def follow_slip(work: Work, event: SlipSigned) -> None:
    """What parts announced of a slip may be what was missing."""
    recording.follow_slip(work, event)
    _look_anew(work, event.work_order_id)


def sign_leg_sheet(work: Work, command: SignLegSheet) -> Leg:
    """So may the sheet that is signed as a car is brought home."""
    leg = driving.sign(work, command)
    if leg.work_order_id is not None:
        _look_anew(work, leg.work_order_id)
    return leg


def leave(work: Work, event: GatePassUsed) -> None:
    """The car left, and the order is closed if nothing is missing; otherwise it is, as soon as that is there.

    A pass of a delivery that does not count is refused, and seen by whoever looks after dead letters.
    """
    order = work.get(WorkOrder, event.work_order_id)
    if event.revision > order.revision:
        raise NotYet(f"delivery {event.revision} of work order {order.id} has not happened here yet", waits_for=order.id)
    if order.status is Status.CLOSED or order.departure is not None:
        return
    order = work.edit(WorkOrder, event.work_order_id)
    delivery.leave(order, event, at=work.now)
    _close_if_complete(work, order)


def file_paper(work: Work, command: FilePaper) -> contract.OrderFile:
    """A document that was signed by hand. Raises Invalid for what is not the order's, Refused for what is yet to come."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.ATTACH)
    attached = work.find(Attachment, command.attachment_id)
    if attached is None or attached.work_order_id != order.id:
        raise Invalid.field("attachment_id", "not_of_this_order")
    if command.signed_on > work.profile.local(work.now).date():
        raise Invalid.field("signed_on", "must_not_be_future")
    # Only a car that is fetched has a sheet before it has an order.
    if command.kind != "leg_sheet" and command.signed_on < work.profile.local(order.opened_at).date():
        raise Invalid.field("signed_on", "before_the_order")
    if order.status not in SIGNED_IN.get(command.kind, OPEN):
        raise Refused("not_signed_yet", status=order.status)
    paper = FiledPaper(
        id=new_id(),
        work_order_id=order.id,
        kind=command.kind,
        attachment_id=attached.id,
        attempt=_attempt(work, order, attached.id),
        sha256=attached.sha256,
        signed_by=command.signed_by,
        signed_on=command.signed_on,
        note=command.note,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    work.add(paper)
    work.flush(unique="attempt", otherwise=Refused("paper_filed"))
    if order.departure is not None:
        _close_if_complete(work, order)
    return shown(work, order)


def withdraw_paper(work: Work, command: WithdrawPaper) -> contract.OrderFile:
    """It was filed wrongly, which shows; once the file is sealed nothing of it changes. Raises NotFound for another order's."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.ATTACH)
    paper = work.get(FiledPaper, command.paper_id)
    if paper.work_order_id != order.id:
        raise NotFound("not_found", kind="filed_paper", id=command.paper_id)
    work.add(PaperWithdrawal(id=paper.id, reason=command.reason, withdrawn_by=work.actor, withdrawn_at=work.now))
    work.flush(unique="paper_withdrawal", otherwise=Refused("paper_withdrawn"))
    return shown(work, order)


def _attempt(work: Work, order: WorkOrder, attachment_id: str) -> int:
    """The first, or the one after those that were withdrawn. Raises Refused while the attachment is filed."""
    of_it = FiledPaper.work_order_id == order.id, FiledPaper.attachment_id == attachment_id
    filed = work.all(select(FiledPaper.id).where(*of_it))
    withdrawn = work.all(select(PaperWithdrawal.id).where(PaperWithdrawal.id.in_(filed)))
    if len(withdrawn) < len(filed):
        raise Refused("paper_filed")
    return len(filed) + 1


def _look_anew(work: Work, work_order_id: str) -> None:
    """An order whose car has left is closed, if nothing is missing any more. Most are not so far, which one read tells."""
    waits = work.first(select(WorkOrder.id).where(*INCOMPLETE, WorkOrder.id == work_order_id))
    if waits is None:
        return
    order = work.edit(WorkOrder, work_order_id)
    if order.status is Status.DELIVERED:
        _close_if_complete(work, order)


def _close_if_complete(work: Work, order: WorkOrder) -> None:
    found = collect(work, order)
    if missing(work, order, found):
        return
    assert order.left_at is not None
    delivery.close(order)
    day = work.profile.local(work.now).date()
    contents = FileContents(
        work_order_id=order.id,
        order_number=order.number,
        plate=order.vehicle["plate"],
        vin=order.vehicle["vin"],
        customer_name=order.customer["name"],
        left_at=order.left_at,
        sealed_at=work.now,
        kept_until=years_after(day, work.settings(FileSettings).keep_years),
        documents=[
            Filed(
                kind=one.kind,
                document_id=one.document_id,
                signed_by=one.signed_by,
                means=one.means,
                signed_at=one.signed_at,
                signed_on=one.signed_on,
                document_hash=one.document_hash,
                reversed=one.reversed,
                void_since=one.void_since,
                void_because=one.void_because,
            )
            for one in found
        ],
    )
    sealed = SealedFile(id=order.id, vin=contents.vin, plate_key=order.plate_key, order_number=order.number, document=contents)
    work.add(sealed)
    hand_on(work, order)
