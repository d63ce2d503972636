"""The multi-point inspection (全车检测): measured values against limits that the group publishes (Rule W3)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import Listing, Login, OperationCode, Payer, Plate, Reading, VehicleFacts, each_once, one_to, up_to
from contracts.workshop.comeback import WorkClass
from contracts.workshop.equipment import EquipmentCode, Gauge
from contracts.workshop.evidence import Attachment
from contracts.workshop.final_inspection import FinalItem, TemplatePurpose
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import NewOperationCode, Published

Worse = Literal["lower", "higher"]
"""越低越差, 越高越差."""

Finding = Literal["green", "amber", "red"]
"""正常, 关注, 立即处理."""


class TemplateItem(Part):
    """What is measured, and from which value on it is amber or red: at the limit it is. `worse` says which way it gets worse.

    Less than `lowest`, or more than `highest`, no such part measures: a value beyond them is a slip, and not taken. What is
    counted or worked out is not `gauged`: its value needs no gauge.
    """

    item_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    unit: Annotated[str, text(10)]
    worse: Worse
    amber: Reading
    red: Reading
    lowest: Reading | None = None
    highest: Reading | None = None
    safety: bool = False
    gauged: bool = True
    operation_code: OperationCode | None = None


class InspectionTemplate(Part):
    """What is looked at in one kind of inspection; `edition` counts how often it was published.

    A `final` one has no `items`, but `final_items`, and the classes of work whose final inspection it is of (Rule W28).
    """

    template_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    edition: Annotated[int, whole(1)]
    purpose: TemplatePurpose
    work_classes: list[WorkClass]
    items: list[TemplateItem]
    final_items: list[FinalItem]


class NewTemplate(Part):
    """A template as the group publishes it: of a multi-point inspection with `items`, of a final one with `final_items`."""

    template_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    purpose: TemplatePurpose = "multi_point"
    work_classes: list[WorkClass] = up_to(each_once(WorkClass))
    items: list[TemplateItem] = up_to(200)
    final_items: list[FinalItem] = up_to(200)


class InspectionTemplates(Answer):
    """One page of the group's templates."""

    items: list[InspectionTemplate]
    next_cursor: str | None = None


class InspectedItem(TemplateItem):
    """An item of an inspection: its value and what follows from it, once it was measured; the line that it became, if it did."""

    value: Reading | None = None
    gauge: EquipmentCode | None = None
    finding: Finding | None = None
    measured_by: Login | None = None
    measured_at: datetime | None = None
    line_id: Id | None = None


class MultiPointInspection(Answer):
    """An inspection of the car of an order by one template, as it was published when the inspection began."""

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    template_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    edition: Annotated[int, whole(1)]
    items: list[InspectedItem]


class FoundItem(Part):
    """An item of the order's inspection by that template."""

    template_code: NewOperationCode
    item_code: NewOperationCode


class MultiPointInspections(Answer):
    """All inspections of an order, by which templates and with which gauges the car may be inspected, photos of findings.

    `version` is the order's. `to_propose` are the items that may be proposed now: red or amber, with an operation, and no line of
    the order yet, or one that was declined.
    """

    work_order_id: Id
    version: Annotated[int, whole(1)]
    order_number: Annotated[str, text(20)]
    plate: Plate
    vehicle: VehicleFacts
    inspections: list[MultiPointInspection]
    templates: list[InspectionTemplate]
    photos: list[Attachment]
    gauges: list[Gauge]
    to_propose: list[FoundItem] = up_to(20_000)


class MeasuredValue(Part):
    """What was measured, and with which gauge."""

    item_code: NewOperationCode
    value: Reading
    gauge: EquipmentCode | None = None


class PublishInspectionTemplates(Command, service="workshop", answer=Published):
    """Publish inspection templates.

    They hold for the whole group; those not named stay. Amber and red are values that such a part measures, and an item of safety
    has an operation. What is being inspected keeps the limits it began with. Those of a final
    inspection are of classes of work (Rule W29): no car with such work passes without them (Rule W28).
    """

    templates: list[NewTemplate] = one_to(100)


class ListInspectionTemplates(Query, Listing, service="workshop", answer=InspectionTemplates):
    """List the group's inspection templates.

    By code, with their items and limits.
    """


class RecordMeasurements(Command, service="workshop", answer=MultiPointInspection):
    """Record measured values.

    Red, amber or green follows from the value and the item's limits. A value that was measured again counts as it is now: the
    line that an item of safety became is of safety from when it is red. What is
    red needs its photo or video first (Rule W31), unless the dealer does without: attached to the order as a `finding` of the
    `item`.

    Once the dealer has a gauge for the unit of an item, its value names the gauge with which it was measured; one that is overdue
    for calibration, or did not pass it, measures nothing (Rule W21).
    """

    work_order_id: Id
    template_code: NewOperationCode
    values: list[MeasuredValue] = one_to(200)


class ProposeFindings(Command, service="workshop", answer=WorkOrder):
    """Propose what was found red or amber.

    Each item becomes a labour line of its operation, and an estimate of them is issued at once, as additional work; one whose
    line was declined does so anew. Before the car is sent to its checks each red item of safety is quoted; the customer declines
    it only by signature (Rule W8).
    """

    work_order_id: Id
    template_code: NewOperationCode
    item_codes: list[NewOperationCode] = one_to(50)
    payer: Payer = "customer_pay"
    extra_minutes: Annotated[int, whole(0, 10_000)] = 0


class GetMultiPointInspections(Query, service="workshop", answer=MultiPointInspections):
    """Show the inspections of an order.

    With every value, and the templates there are.
    """

    work_order_id: Id
