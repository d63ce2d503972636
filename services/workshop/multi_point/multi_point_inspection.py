"""An inspection of one car: what was measured, and whether that is red, amber or green (Rule W3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, Quantity, Refused, Work, belongs_to, derived_id, document
from contracts.workshop import multi_point as contract
from contracts.workshop.multi_point import Finding, InspectedItem
from services.workshop.model import Base
from services.workshop.multi_point.limits import beyond
from services.workshop.order.line import OrderLine, State
from services.workshop.order.work_order import WorkOrder

BAD: tuple[Literal["red", "amber"], ...] = ("red", "amber")


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
        """Write values of its items down, each once with the gauge it was measured with, and what follows from them."""
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

    def to_propose(self, lines: Sequence[OrderLine]) -> list[InspectedItem]:
        """What is red or amber and has an operation, and is no line of the order, or one that was declined."""
        standing = _standing(lines)
        found = [one for one in self.items if one.finding in BAD and one.operation_code is not None]
        return [one for one in found if one.line_id not in standing]

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
    """No car is sent to its checks, passes or is ready with a red item of safety that the customer was never asked about.

    They decline it only by signature: what they declined before it was red, they were not asked about.
    """
    agreed = (State.APPROVED, State.TAKEN_UP)
    asked = {line.id for line in order.lines if line.state in agreed or (line.safety and line.state is not State.DRAFT)}
    with work.without_autoflush():  # reading them would write the order before it is changed to its end
        begun = inspections_of(work, order)
    for inspection in begun:
        for item in inspection.items:
            if item.safety and item.finding == "red" and item.line_id not in asked:
                raise Refused("safety_finding_open", item_code=item.item_code)


def become_safety(inspection: MultiPointInspection, lines: Sequence[OrderLine]) -> bool:
    """The line of an item of safety that turned red is of safety from now on. Whether one was not before."""
    red = {one.line_id for one in inspection.items if one.safety and one.finding == "red"}
    turned = [line for line in lines if line.id in red & _standing(lines) and not line.safety]
    for line in turned:
        line.safety = True
    return bool(turned)


def wanted_items(
    inspection: MultiPointInspection, wanted: Sequence[str], lines: Sequence[OrderLine]
) -> list[tuple[InspectedItem, str]]:
    """The items that are to become lines, each with its operation.

    Raises Invalid naming the one that is none, or is named already; Refused for one that cannot.
    """
    standing = _standing(lines)
    found: list[tuple[InspectedItem, str]] = []
    for index, code in enumerate(wanted):
        item = inspection.item(code, f"item_codes.{index}")
        if code in wanted[:index]:
            raise Invalid.field(f"item_codes.{index}", "named_twice")
        if item.finding not in BAD:
            raise Refused("nothing_found", item_code=code)
        if item.line_id in standing:
            raise Refused("finding_proposed", item_code=code)
        if item.operation_code is None:
            raise Refused("item_without_operation", item_code=code)
        found.append((item, item.operation_code))
    return found


def _standing(lines: Sequence[OrderLine]) -> set[str]:
    """The lines of which an item is one of: what was declined may be quoted anew, also when it was not red then."""
    return {line.id for line in lines if line.state is not State.DECLINED}


def inspections_of(work: Work, order: WorkOrder) -> Sequence[MultiPointInspection]:
    """All of one order, by template."""
    return work.all(
        select(MultiPointInspection)
        .where(MultiPointInspection.work_order_id == order.id)
        .order_by(MultiPointInspection.template_code)
    )
