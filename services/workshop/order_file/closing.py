"""Closing an order: its car has left, and its file is complete (Rules W14, W23). A fact that comes early is kept."""

from chassis import Invalid, NotYet, Refused, Work, new_id
from contracts.billing.events import GatePassUsed
from contracts.workshop import order_file as contract
from contracts.workshop.order_file import FilePaper, SetFileSettings
from services.workshop.evidence.attachment import Attachment
from services.workshop.handing_over import delivery
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.order_file.collecting import collect, missing
from services.workshop.order_file.queries import shown
from services.workshop.order_file.sealed_file import FileContents, Filed, FiledPaper, SealedFile
from services.workshop.order_file.sending import hand_on
from services.workshop.order_file.settings import FileSettings


def set_settings(work: Work, command: SetFileSettings) -> FileSettings:
    """For what is closed from now on."""
    settings = work.edit_settings(FileSettings)
    settings.replace(command)
    return settings


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
    """A document that was signed by hand. Raises Invalid for what is not attached to the order, or not signed yet."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.ATTACH)
    attached = work.find(Attachment, command.attachment_id)
    if attached is None or attached.work_order_id != order.id:
        raise Invalid.field("attachment_id", "not_of_this_order")
    if command.signed_on > work.profile.local(work.now).date():
        raise Invalid.field("signed_on", "must_not_be_future")
    paper = FiledPaper(
        id=new_id(),
        work_order_id=order.id,
        kind=command.kind,
        attachment_id=attached.id,
        sha256=attached.sha256,
        signed_by=command.signed_by,
        signed_on=command.signed_on,
        note=command.note,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    work.add(paper)
    work.flush(unique="attachment_id", otherwise=Refused("paper_filed"))
    if order.departure is not None:
        _close_if_complete(work, order)
    return shown(work, order)


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
        kept_until=day.replace(year=day.year + work.settings(FileSettings).keep_years, day=min(day.day, 28)),
        documents=[
            Filed(
                kind=one.kind,
                document_id=one.document_id,
                signed_by=one.signed_by,
                means=one.means,
                signed_at=one.signed_at,
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
