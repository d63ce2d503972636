"""Files, as they are found and shown (Rule W23), and health records (Rule W32)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from chassis import Work, matching, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup, ConcernKind, Concerns
from contracts.shared import PLATE
from contracts.workshop import order_file as contract
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.health_record import HealthRecords, ListHealthRecords
from contracts.workshop.order_file import (
    FileEntry,
    GetFileSettings,
    GetOrderFile,
    ListOpenFiles,
    ListOrderFiles,
    OpenFile,
    OpenFiles,
    OrderFiles,
)
from services.workshop.order.status import Status
from services.workshop.order.summary import about
from services.workshop.order.work_order import WorkOrder
from services.workshop.order_file.adapter import receiver
from services.workshop.order_file.collecting import collect, missing
from services.workshop.order_file.health_record import HealthRecord
from services.workshop.order_file.sealed_file import SealedFile
from services.workshop.order_file.settings import FileSettings
from services.workshop.shop_floor.queries import floor_concerns

INCOMPLETE = WorkOrder.status == Status.DELIVERED, WorkOrder.left_at.is_not(None)


def get_file(work: Work, query: GetOrderFile) -> contract.OrderFile:
    """Raises NotFound, also when it is another dealer's."""
    return shown(work, work.get(WorkOrder, query.work_order_id))


def shown(work: Work, order: WorkOrder) -> contract.OrderFile:
    """The file as it is now; of a sealed one, what was sealed."""
    found = collect(work, order)
    sealed = work.find(SealedFile, order.id)
    kept = None if sealed is None else sealed.document
    if kept is not None:
        hashes = {(one.kind, one.document_id): one.document_hash for one in kept.documents}
        found = [
            replace(one, verified=one.verified and hashes.get((one.kind, one.document_id)) == one.document_hash) for one in found
        ]
    return contract.OrderFile(
        work_order_id=order.id,
        order_number=order.number,
        status=order.status.value,
        plate=order.vehicle["plate"],
        vin=order.vehicle["vin"],
        customer_name=order.customer["name"],
        left_at=order.left_at,
        sealed_at=None if kept is None else kept.sealed_at,
        kept_until=None if kept is None else kept.kept_until,
        document_hash=None if kept is None else kept.fingerprint,
        documents=found,
        missing=[] if kept is not None else missing(work, order, found),
    )


def list_files(work: Work, query: ListOrderFiles) -> OrderFiles:
    """By an index each."""
    asked = matching(
        (SealedFile.vin, query.vin),
        (SealedFile.plate_key, None if query.plate is None else PLATE.key(query.plate)),
        (SealedFile.order_number, query.number),
    )
    rows, cursor = page(work, select(SealedFile).where(*asked), query, keys=[SealedFile.id])
    return OrderFiles(items=[_entry(one) for one in rows], next_cursor=cursor)


def list_open_files(work: Work, query: ListOpenFiles) -> OpenFiles:
    """What is delivered and has left is still to be closed."""
    rows, cursor = page(work, select(WorkOrder).where(*INCOMPLETE), query, keys=[WorkOrder.left_at, WorkOrder.id], ascending=True)
    return OpenFiles(items=[_open(one) for one in rows], next_cursor=cursor)


def get_settings(work: Work, query: GetFileSettings) -> FileSettings:
    """Raises NotYetKnown until the dealer is known."""
    return work.settings(FileSettings)


def file_concerns(work: Work) -> ConcernGroup:
    """Cars that have left while a document is missing, for the attention list."""
    found, count = oldest(work, WorkOrder, *INCOMPLETE, since=WorkOrder.left_at, most=MOST)
    told = [
        Concern(
            severity="warning",
            since=one.left_at or work.now,
            **about(one),
        )
        for one in found
    ]
    return ConcernGroup(kind="file_incomplete", count=count, items=told)


def list_records(work: Work, query: ListHealthRecords) -> HealthRecords:
    """Of what is not taken, which is little whatever the history; by the index of the states."""
    states = ("due", "refused") if query.record_state is None else (query.record_state,)
    found = select(HealthRecord).where(HealthRecord.state.in_(states))
    rows, cursor = page(work, found, query, keys=[HealthRecord.closed_at, HealthRecord.id], ascending=True)
    return HealthRecords(active=receiver() is not None, items=[one.entry() for one in rows], next_cursor=cursor)


def record_concerns(work: Work) -> list[ConcernGroup]:
    """Those that nobody has taken for longer than the dealer lets them wait, and those that were refused."""
    late = work.now - timedelta(hours=work.settings(FileSettings).record_hours)
    return [
        _group(work, "record_unsent", HealthRecord.state == "due", HealthRecord.closed_at <= late),
        _group(work, "record_refused", HealthRecord.state == "refused"),
    ]


def _entry(sealed: SealedFile) -> FileEntry:
    kept = sealed.document
    return FileEntry(
        work_order_id=sealed.id,
        order_number=kept.order_number,
        plate=kept.plate,
        vin=kept.vin,
        customer_name=kept.customer_name,
        sealed_at=kept.sealed_at,
        kept_until=kept.kept_until,
    )


def _open(order: WorkOrder) -> OpenFile:
    assert order.left_at is not None
    return OpenFile(
        work_order_id=order.id,
        order_number=order.number,
        plate=order.vehicle["plate"],
        customer_name=order.customer["name"],
        advisor=order.advisor,
        left_at=order.left_at,
    )


def find_workshop_concerns(work: Work, query: FindWorkshopConcerns) -> Concerns:
    """All that workshop has to tell."""
    return Concerns(groups=[*floor_concerns(work), file_concerns(work), *record_concerns(work)])


def _group(work: Work, kind: ConcernKind, *conditions: ColumnElement[bool]) -> ConcernGroup:
    found, count = oldest(work, HealthRecord, *conditions, since=HealthRecord.closed_at, most=MOST)
    told = [
        Concern(
            severity="warning",
            since=one.closed_at,
            work_order_id=one.work_order_id,
            order_number=one.document.order_number,
            plate=one.document.plate,
            detail=one.reason,
        )
        for one in found
    ]
    return ConcernGroup(kind=kind, count=count, items=told)
