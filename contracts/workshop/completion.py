"""The completion certificate (竣工出厂合格证, Rule W32): numbered, for the kinds of work that need one."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import Listing, Login, Name, Page, Plate, Vin
from contracts.signing import Signature
from contracts.workshop.comeback import WorkClass

CertifiedClass = Literal["second_level", "overhaul", "assembly", "special"]
"""二级维护, 大修, 总成修理, 专项修理."""

CertificateNumber = Annotated[str, text(24)]

VoidCause = Literal["back_to_work", "not_fixed", "isolation_void", "reversed"]
"""返回维修, 客户试车未修好, 断电记录作废, 交车已撤销."""


class VoidNote(Part):
    """That a certificate does not count any more: since when, by whose doing, and why."""

    void_cause: VoidCause
    reason: Annotated[str, text(1000)]
    voided_by: Login
    voided_at: datetime


class CompletionCertificate(Answer):
    """That a car was repaired as it should be: for one delivery of an order, signed by the inspector, and never changed.

    `number` is counted without a gap by dealer and local year. `revision` is that of the delivery it is for. One whose car went
    back to work afterwards, or whose delivery was reversed, is `void`: its number stays used, and the next one needs another.
    """

    id: Id
    work_order_id: Id
    order_number: Annotated[str, text(20)]
    number: CertificateNumber
    revision: Annotated[int, whole(1)]
    plate: Plate
    vin: Vin
    make: Annotated[str, text(60)]
    model: Annotated[str, text(60)]
    customer_name: Name
    work_classes: list[WorkClass]
    issued_by: Login
    issued_at: datetime
    mileage: Annotated[int | None, whole(0)] = None
    document_hash: DocumentHash
    signature: Signature
    void: VoidNote | None = None


class CarToCertify(Part):
    """A car that has passed its inspection and needs a certificate before it is delivered."""

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    work_classes: list[WorkClass]
    quality_passed_by: Login


class CarsToCertify(Answer, Page):
    """A page of cars that need a certificate, the first orders first."""

    items: list[CarToCertify]


class CompletionCertificates(Answer):
    """The certificates of an order, void ones too, by revision; and whether it still needs one."""

    work_order_id: Id
    needed: bool
    items: list[CompletionCertificate]


class IssueCompletionCertificate(Command, service="workshop", answer=CompletionCertificate):
    """Issue the completion certificate.

    The inspector certifies that the car was repaired as it should be (竣工出厂合格证, Rule W32), once it has passed its
    inspection: one for each delivery of an order. Without it a car with such work is not delivered. It is void once the car goes
    back to work, or its delivery is reversed: the car is inspected and certified anew.
    """

    work_order_id: Id


class GetCompletionCertificates(Query, service="workshop", answer=CompletionCertificates):
    """The completion certificates of an order.

    Of all its deliveries, and whether the next one needs one.
    """

    work_order_id: Id


class ListCarsToCertify(Query, Listing, service="workshop", answer=CarsToCertify):
    """Completion certificates to issue.

    Cars that have passed, and may not be delivered before.
    """
