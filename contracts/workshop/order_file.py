"""The order's file (档案, Rule W23): every signed document of an order, sealed when the order is closed."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import Listing, Login, Name, Page, Plate, Reason, Vin
from contracts.signing import SignatureMeans
from contracts.workshop.order import WorkOrderStatus

FileDocument = Literal[
    "walk_around", "decision", "inspection", "wash", "slip", "leg_sheet", "settlement", "gate_pass", "completion"
]
"""环车检查单, 估价/增项确认, 竣工检验, 洗车, 领料单, 取送车交接单, 结算单, 出门证, 竣工出厂合格证."""

KEEP_YEARS = 2
KeepYears = Annotated[int, whole(1, 30)]

RECORD_HOURS = 24
RecordHours = Annotated[int, whole(1, 720)]


class FiledDocument(Part):
    """A document of the order: who signed it, when and how, and its hash. Of a paper the day is known, and no time.

    `verified`: whether it is still as it was signed; null where its own service says so (slips, the gate pass), where it was
    agreed on the phone, and of a paper, whose hash is that of the file. `reversed`: of a delivery that does not count any more.
    `void_since`: since then it does not count, `void_because`: the reason of whoever did that; it stands for nothing mandatory.
    """

    kind: FileDocument
    document_id: Id
    signed_by: Name
    means: SignatureMeans | Literal["paper", "other"]
    signed_at: datetime | None = None
    signed_on: date | None = None
    document_hash: DocumentHash | None = None
    verified: bool | None = None
    reversed: bool = False
    void_since: datetime | None = None
    void_because: Annotated[str | None, text(1000)] = None


class OrderFile(Answer):
    """An order's file with its documents; `missing` are mandatory ones that are not there: while there is one it is not closed.

    `left_at`: the car left through the gate. Sealed, nothing of it changes; through `kept_until` nothing of it is removed.
    """

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    status: WorkOrderStatus
    plate: Plate
    vin: Vin
    customer_name: Name
    left_at: datetime | None = None
    sealed_at: datetime | None = None
    kept_until: date | None = None
    document_hash: DocumentHash | None = None
    documents: list[FiledDocument]
    missing: list[FileDocument]


class FileEntry(Part):
    """A sealed file as it is found."""

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    vin: Vin
    customer_name: Name
    sealed_at: datetime
    kept_until: date


class OrderFiles(Answer, Page):
    """A page of sealed files, the last ones first."""

    items: list[FileEntry]


class OpenFile(Part):
    """An order whose car has left and whose file is not complete."""

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    customer_name: Name
    advisor: Login
    left_at: datetime


class OpenFiles(Answer, Page):
    """A page of files that are not complete though the car has left, the first to leave first."""

    items: list[OpenFile]


class FileSettings(Answer):
    """Which documents every file must have, and for how many years after its closing nothing of it is removed.

    `record_hours`: so long after that its electronic health record (Rule W32) may be unsent before it is a matter of attention.
    """

    id: Id
    version: int
    mandatory: list[FileDocument]
    keep_years: KeepYears = KEEP_YEARS
    record_hours: RecordHours = RECORD_HOURS


class FilePaper(Command, service="workshop", answer=OrderFile):
    """File a signed paper.

    It stands for a document that was signed by hand (Rule W23): a photo or scan that is attached to the order, whose hash it has.
    If nothing is missing any more, and the car has left, the order is closed.
    """

    work_order_id: Id
    kind: FileDocument
    attachment_id: Id
    signed_by: Name
    signed_on: date
    note: Reason | None = None


class WithdrawPaper(Command, service="workshop", answer=OrderFile):
    """Withdraw a filed paper.

    It was filed as something that it is not: it counts no longer, and shows that and why. The same scan may be filed again, as
    what it is. Not once the file is sealed.
    """

    work_order_id: Id
    paper_id: Id
    reason: Reason


class GetOrderFile(Query, service="workshop", answer=OrderFile):
    """The order's file.

    Every signed document, whether each is as it was signed, and what is missing.
    """

    work_order_id: Id


class ListOrderFiles(Query, Listing, service="workshop", answer=OrderFiles):
    """Find files.

    Sealed ones, by VIN, plate or number of the order; with none of them, all.
    """

    vin: Vin | None = None
    plate: Plate | None = None
    number: Annotated[str | None, text(20)] = None


class ListOpenFiles(Query, Listing, service="workshop", answer=OpenFiles):
    """Files that are not complete.

    The car has left, and a mandatory document is missing: the order is not closed.
    """


class GetFileSettings(Query, service="workshop", answer=FileSettings):
    """What a file must have.

    And for how long it is kept.
    """


class SetFileSettings(Command, service="workshop", answer=FileSettings):
    """Set what a file must have.

    For orders that are closed from now on; what is sealed stays as it is. An order whose car has left, and of which nothing is
    missing any more, is closed at once.
    """

    mandatory: list[FileDocument] = field(metadata={"validate": validate.Length(max=10)})
    keep_years: KeepYears = KEEP_YEARS
    record_hours: RecordHours = RECORD_HOURS
