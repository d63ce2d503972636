"""An inspection of one car: what was measured, and whether that is red, amber or green (Rule W3)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, Quantity, Refused, Work, belongs_to, derived_id, document
from contracts.workshop import multi_point as contract
from contracts.workshop.multi_point import Finding, InspectedItem
from services.workshop.model import Base
from services.workshop.multi_point.limits import beyond
from services.workshop.order.line import OrderLine, State
from services.workshop.order.work_order import WorkOrder


class MultiPointInspection(Aggregate, Base):
    """One per order and template. Its items, with their limits, are as they were published when it began."""

    __tablename__ = "multi_point_inspection"
    __table_args__ = (belongs_to("work_order", "work_order_id"), Index(None, "dealer_id", "work_order_id"))

    work_order_id: Mapped[str] = mapped_column(IdType)
    template_code: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int]
    kept: Mapped[list[dict[str, Any]]] = mapped_column(document)

    @staticmethod
    def identity(work_order_id: str, template_code: str) -> str:
        """The id of the order's inspection by that template."""
        return derived_id("multi_point_inspection", work_order_id, template_code)

    @property
    def items(self) -> list[InspectedItem]:
        """Every item, measured or not."""
        return [InspectedItem.load(one) for one in self.kept]

    def item(self, item_code: str, field: str) -> InspectedItem:
        """The item. Raises Invalid naming the field for one that the template does not have."""
        for one in self.items:
            if one.item_code == item_code:
                return one
        raise Invalid.field(field, "not_in_the_template", item_code=item_code)

    def measure(self, values: Sequence[contract.MeasuredValue], gauges: Sequence[str | None], *, by: str, at: datetime) -> None:
        """Write values of its items down, each with the gauge it was measured with, and what follows from them."""
        kept = {one["item_code"]: one for one in self.kept}
        for index, (measured, gauge) in enumerate(zip(values, gauges, strict=True)):
            item = InspectedItem.load(kept[measured.item_code])
            _require_possible(item, measured.value, f"values.{index}.value")
            told = {
                "value": measured.value,
                "gauge": gauge,
                "finding": judge(item, measured.value),
                "measured_by": by,
                "measured_at": at,
            }
            kept[item.item_code] = InspectedItem(**{**vars(item), **told}).dump()
        self.kept = list(kept.values())

    def became(self, lines: dict[str, str]) -> None:
        """These items are these lines."""
        self.kept = [{**one, "line_id": lines.get(one["item_code"], one["line_id"])} for one in self.kept]

    def describe(self) -> contract.MultiPointInspection:
        """The inspection as it is answered."""
        return contract.MultiPointInspection(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            template_code=self.template_code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            edition=self.edition,
            items=self.items,
        )


def _require_possible(item: contract.TemplateItem, value: Quantity, field: str) -> None:
    """Raises Invalid for what no such part measures."""
    broken = beyond(item, value)
    if broken is not None:
        raise Invalid.fields({field: [broken]})


def judge(item: contract.TemplateItem, value: Quantity) -> Finding:
    """At a limit the value is as bad as beyond it."""
    lower = item.worse == "lower"
    for finding, limit in (("red", item.red), ("amber", item.amber)):
        if value <= limit if lower else value >= limit:
            return finding  # type: ignore[return-value]  # the two of them are words of Finding
    return "green"


def require_safety_quoted(work: Work, order: WorkOrder) -> None:
    """No car is ready with a red item of safety that the customer was never asked about; they decline it only by signature."""
    asked = {line.id for line in order.lines if line.state is not State.DRAFT}
    for inspection in inspections_of(work, order):
        for item in inspection.items:
            if item.safety and item.finding == "red" and item.line_id not in asked:
                raise Refused("safety_finding_open", item_code=item.item_code)


def to_propose(
    inspection: MultiPointInspection, wanted: Collection[str], lines: Collection[OrderLine]
) -> list[tuple[InspectedItem, str]]:
    """The items that are to become lines, each with its operation.

    Raises Invalid naming the one that is none, Refused for one that cannot.
    """
    items = {one.item_code: one for one in inspection.items}
    on_order = {line.id for line in lines}
    found: list[tuple[InspectedItem, str]] = []
    for index, code in enumerate(wanted):
        item = items.get(code)
        if item is None:
            raise Invalid.field(f"item_codes.{index}", "not_in_the_template", item_code=code)
        if item.finding not in ("red", "amber"):
            raise Refused("nothing_found", item_code=code)
        if item.line_id in on_order:
            raise Refused("finding_proposed", item_code=code)
        if item.operation_code is None:
            raise Refused("item_without_operation", item_code=code)
        found.append((item, item.operation_code))
    return found


def inspections_of(work: Work, order: WorkOrder) -> Sequence[MultiPointInspection]:
    """All of one order, by template."""
    return work.all(
        select(MultiPointInspection)
        .where(MultiPointInspection.work_order_id == order.id)
        .order_by(MultiPointInspection.template_code)
    )
