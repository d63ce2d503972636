"""Handing on what was done on a car (Rule W32): each closed order once, however often it is sent.

Nothing is sent within a transaction: a record is taken, which sets when it is sent again; then it is sent; then what came of it
is written down. Whoever dies between repeats it, and the receiver knows it by its key.
"""

from sqlalchemy import select

from chassis import Refused, Work, set_timer
from contracts.shared import PART_NUMBER
from contracts.workshop.health_record import ResendHealthRecord
from services.workshop.completion.voiding import standing
from services.workshop.order.job import JobNote
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.work_order import WorkOrder
from services.workshop.order_file.adapter import Answered, receiver
from services.workshop.order_file.health_record import (
    LONGEST_PAUSE,
    HealthRecord,
    HealthRecordDocument,
    RecordedFault,
    RecordedOperation,
    RecordedPart,
)
from services.workshop.pricing.operation import Operation
from services.workshop.projections.part_price import PartPrice


def hand_on(work: Work, order: WorkOrder) -> None:
    """The order is being closed: its record is due, if anybody takes records."""
    if receiver() is None:
        return
    document = _document(work, order)
    record = HealthRecord(
        id=HealthRecord.identity(order.id, order.revision),
        visit_id=order.visit_id,
        work_order_id=order.id,
        revision=order.revision,
        state="due",
        closed_at=work.now,
        attempts=0,
        document=document,
    )
    work.add(record)
    set_timer(work, "send_health_record", record.id, work.now)


def take(work: Work, record_id: str) -> HealthRecordDocument | None:
    """It is sent now, and again later if nothing comes of that; of one that is settled, nothing."""
    if receiver() is None:
        set_timer(work, "send_health_record", record_id, work.now + LONGEST_PAUSE)
        return None
    record = work.edit(HealthRecord, record_id)
    if record.state != "due":
        return None
    set_timer(work, "send_health_record", record_id, record.attempt(work.now))
    return record.document


def send(document: HealthRecordDocument) -> Answered:
    """Over to whoever takes records; no transaction is open."""
    found = receiver()
    return Answered("missed", "nobody takes records") if found is None else found.hand_over(document)


def note(work: Work, record_id: str, answered: Answered) -> None:
    """What came of it; once it is settled it is not sent again."""
    record = work.edit(HealthRecord, record_id)
    if record.state != "due":
        return
    if answered.outcome == "missed":
        record.miss(answered.reason)
        return
    if answered.outcome == "taken":
        record.take(work.now)
    else:
        record.refuse(answered.reason, work.now)
    set_timer(work, "send_health_record", record_id, None)


def resend(work: Work, command: ResendHealthRecord) -> HealthRecord:
    """Raises Refused for what was not refused, and where nobody takes records."""
    if receiver() is None:
        raise Refused("records_not_sent")
    record = work.edit(HealthRecord, command.record_id)
    record.resend()
    set_timer(work, "send_health_record", record.id, work.now)
    return record


def _document(work: Work, order: WorkOrder) -> HealthRecordDocument:
    assert order.delivered_at is not None
    assert order.left_at is not None
    certificate = standing(work, order, order.revision)
    done = [line for line in order.on_the_car if line.kind in (Kind.LABOUR, Kind.SUBLET)]
    fitted = [line for line in order.on_the_car if line.kind is Kind.PART]
    catalogue = _catalogue(work, done)
    return HealthRecordDocument(
        business_key=f"{work.dealer}:{order.id}:{order.revision}",
        dealer=work.dealer,
        work_order_id=order.id,
        order_number=order.number,
        revision=order.revision,
        vin=order.vehicle["vin"],
        plate=order.vehicle["plate"],
        mileage=order.mileage,
        opened_at=order.opened_at,
        delivered_at=order.delivered_at,
        left_at=order.left_at,
        closed_at=work.now,
        faults=[_fault(one) for one in order.jobs],
        operations=[
            RecordedOperation(
                description=catalogue.get(line.operation_code or "", line.description),
                operation_code=line.operation_code,
                work_class=line.repair and line.repair["work_class"],
                hours=line.hours,
            )
            for line in done
        ],
        parts=_parts(work, fitted),
        completion_certificate=None if certificate is None else certificate.document.number,
    )


def _fault(job: JobNote) -> RecordedFault:
    return RecordedFault(complaint=job["complaint"], cause=job.get("cause"), correction=job.get("correction"))


def _catalogue(work: Work, done: list[OrderLine]) -> dict[str, str]:
    """What the group calls these operations, by code: a line may have words of its own, which are nobody's outside."""
    codes = {line.operation_code for line in done if line.operation_code}
    return {one.code: _name(work, one) for one in work.all(select(Operation).where(Operation.code.in_(codes)))}


def _parts(work: Work, fitted: list[OrderLine]) -> list[RecordedPart]:
    keys = {line.id: PART_NUMBER.key(line.part_number) for line in fitted if line.part_number}
    known = {one.number_key: one for one in work.all(select(PartPrice).where(PartPrice.number_key.in_(keys.values())))}
    recorded = []
    for line in fitted:
        listed = known.get(keys.get(line.id, ""))
        recorded.append(
            RecordedPart(
                part_number=line.part_number,
                description=line.description if listed is None else _name(work, listed),
                quantity=line.installed,
                source=None if listed is None else listed.source,
            )
        )
    return recorded


def _name(work: Work, listed: Operation | PartPrice) -> str:
    return work.profile.own(zh=listed.name_zh, en=listed.name_en)
