"""What a final inspection looks at by class of work, and its values (Rule W28): templates that the group publishes."""

from typing import Annotated, Literal

from chassis.wire import Part, text, whole
from contracts.shared import Reading, up_to
from contracts.workshop.comeback import WorkClass
from contracts.workshop.equipment import EquipmentCode
from contracts.workshop.pricing import NewOperationCode

TemplatePurpose = Literal["multi_point", "final"]
"""全车检测, 竣工检验."""

Fuel = Literal["petrol", "diesel", "other"]
"""汽油, 柴油, 其他."""


class FinalItem(Part):
    """What is looked at, or measured, before a car passes.

    Without a unit it is in order or not. Measured, it has limits that the value may reach: `lowest`, `highest`, or both; or its
    values are `within_percent` of their mean - as many of them as the value of `count_item` says, and none below `lowest`: equal
    values would do otherwise, however small. An item with a `fuel` is of cars with that fuel only. What
    is counted or worked out is not `gauged`: its value needs no gauge; what is `counted` is a whole number.
    """

    item_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    unit: Annotated[str | None, text(10)] = None
    lowest: Reading | None = None
    highest: Reading | None = None
    within_percent: Annotated[int | None, whole(1, 100)] = None
    count_item: NewOperationCode | None = None
    fuel: Fuel | None = None
    safety: bool = False
    gauged: bool = True
    counted: bool = False


class FinalTemplate(Part):
    """What a final inspection of work of some classes looks at; `edition` counts how often it was published."""

    template_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    edition: Annotated[int, whole(1)]
    work_classes: list[WorkClass]
    final_items: list[FinalItem]


class ItemResult(Part):
    """What was found of an item: in order or not; or one value, with the gauge it was measured with."""

    template_code: NewOperationCode
    item_code: NewOperationCode
    in_order: bool | None = None
    value: Reading | None = None
    gauge: EquipmentCode | None = None


class CheckedItem(FinalItem):
    """An item as it was found, with its limits as they were; `within_limits` is whether that is as it should be."""

    in_order: bool | None = None
    values: list[Reading] = up_to(50)
    gauges: list[EquipmentCode] = up_to(50)
    within_limits: bool


class CheckedSheet(Part):
    """What was found by one template, as it was published then."""

    template_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    edition: Annotated[int, whole(1)]
    checked_items: list[CheckedItem]
