"""The group's catalogue, shared by all dealers: operations with their flat-rate hours, and model coefficients (Rule W5).

Only the group publishes here; entries are added and changed, never taken away, because issued estimates name them.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Hours, Work
from contracts.workshop.pricing import OperationEntry, PublishCoefficients, Published, PublishOperations
from services.workshop.domain.model import Base

COEFFICIENT_DIGITS = 3


class Operation(Base):
    """A catalogued job (工时项目)."""

    __tablename__ = "operation"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    hours_units: Mapped[int]

    @property
    def hours(self) -> Hours:
        """Flat-rate hours (工时定额)."""
        return Hours(self.hours_units)

    def describe(self) -> OperationEntry:
        """The operation as the catalogue shows it."""
        return OperationEntry(operation_code=self.code, name_zh=self.name_zh, name_en=self.name_en, hours=self.hours)


class ModelCoefficient(Base):
    """How much more a model takes than the flat rate says (车型技术复杂系数), in thousandths."""

    __tablename__ = "model_coefficient"

    make: Mapped[str] = mapped_column(String(100), primary_key=True)
    model: Mapped[str] = mapped_column(String(100), primary_key=True)
    thousandths: Mapped[int]


def publish_operations(work: Work, command: PublishOperations) -> Published:
    """Take these operations into the catalogue; of two with one code the later one counts."""
    rows = {
        entry.operation_code: {
            "code": entry.operation_code,
            "name_zh": entry.name_zh,
            "name_en": entry.name_en,
            "hours_units": entry.hours.units,
        }
        for entry in command.operations
    }
    return _publish(work, Operation, [rows[code] for code in sorted(rows)])


def publish_coefficients(work: Work, command: PublishCoefficients) -> Published:
    """Set the coefficients of these models; of two for one model the later one counts."""
    rows = {
        (entry.make, entry.model): {
            "make": entry.make,
            "model": entry.model,
            "thousandths": int(Decimal(entry.coefficient).scaleb(COEFFICIENT_DIGITS)),
        }
        for entry in command.coefficients
    }
    return _publish(work, ModelCoefficient, [rows[key] for key in sorted(rows)])


def coefficient(work: Work, make: str, model: str) -> Decimal:
    """The model's complexity coefficient; 1 where the group has published none."""
    found = work.find(ModelCoefficient, make, model)
    return Decimal(1) if found is None else Decimal(found.thousandths).scaleb(-COEFFICIENT_DIGITS)


def _publish(work: Work, kind: type[Base], rows: list[dict[str, Any]]) -> Published:
    work.overwrite(kind, *rows)
    return Published(count=len(rows))
