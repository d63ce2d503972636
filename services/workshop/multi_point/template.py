"""The group's inspection templates, shared by all dealers. They are added and changed, never taken away."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import document
from contracts.workshop import multi_point as contract
from services.workshop.model import Base


class InspectionTemplate(Base):
    """What is measured in one kind of inspection, with its limits."""

    __tablename__ = "inspection_template"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int]
    items: Mapped[list[dict[str, Any]]] = mapped_column(document)

    def describe(self) -> contract.InspectionTemplate:
        """The template as it is answered."""
        return contract.InspectionTemplate(
            template_code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            edition=self.edition,
            items=[contract.TemplateItem.load(item) for item in self.items],
        )
