"""The group's inspection templates, shared by all dealers. They are added and changed, never taken away."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Invalid, Work, document
from contracts.workshop import multi_point as contract
from contracts.workshop.comeback import WorkClass
from contracts.workshop.final_inspection import FinalItem, FinalTemplate, TemplatePurpose
from services.workshop.model import Base


class InspectionTemplate(Base):
    """What is measured in one kind of inspection, with its limits."""

    __tablename__ = "inspection_template"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int]
    purpose: Mapped[TemplatePurpose] = mapped_column(String(11))
    work_classes: Mapped[list[WorkClass]] = mapped_column(document)
    items: Mapped[list[dict[str, Any]]] = mapped_column(document)

    def describe(self) -> contract.InspectionTemplate:
        """The template as it is answered."""
        final = self.purpose == "final"
        return contract.InspectionTemplate(
            template_code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            edition=self.edition,
            purpose=self.purpose,
            work_classes=self.work_classes,
            items=[] if final else [contract.TemplateItem.load(item) for item in self.items],
            final_items=self.final_items if final else [],
        )

    @property
    def final_items(self) -> list[FinalItem]:
        """What a final inspection by it looks at."""
        return [FinalItem.load(item) for item in self.items]

    def describe_final(self) -> FinalTemplate:
        """The template of a final inspection as it is answered with an order's checks."""
        return FinalTemplate(
            template_code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            edition=self.edition,
            work_classes=self.work_classes,
            final_items=self.final_items,
        )


def multi_point_template(work: Work, code: str) -> InspectionTemplate:
    """The one by which a car is inspected. Raises Invalid naming the field when the group has none with this code."""
    found = work.find(InspectionTemplate, code)
    if found is None or found.purpose != "multi_point":
        raise Invalid.field("template_code", "no_such_template")
    return found


def final_templates(work: Work, classes: Collection[WorkClass]) -> list[InspectionTemplate]:
    """Those of final inspections of work of these classes, by code. The group has few: one of a class, as a rule."""
    if not classes:
        return []
    found = work.all(select(InspectionTemplate).where(InspectionTemplate.purpose == "final").order_by(InspectionTemplate.code))
    return [one for one in found if not set(classes).isdisjoint(one.work_classes)]
