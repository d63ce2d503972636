"""The group's model coefficients, shared by all dealers (Rule W5)."""

from decimal import Decimal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Work
from services.workshop.model import Base

DIGITS = 3


class ModelCoefficient(Base):
    """How much more a model takes than the flat rate says (车型技术复杂系数), in thousandths."""

    __tablename__ = "model_coefficient"

    make: Mapped[str] = mapped_column(String(100), primary_key=True)
    model: Mapped[str] = mapped_column(String(100), primary_key=True)
    thousandths: Mapped[int]


def thousandths(coefficient: str) -> int:
    """A coefficient as it is stored: "1.25" is 1250."""
    return int(Decimal(coefficient).scaleb(DIGITS))


def coefficient_of(work: Work, make: str, model: str) -> Decimal:
    """The model's coefficient; 1 where the group has published none."""
    found = work.find(ModelCoefficient, make, model)
    return Decimal(1) if found is None else Decimal(found.thousandths).scaleb(-DIGITS)
