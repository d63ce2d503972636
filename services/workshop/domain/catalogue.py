"""The group's catalogue, shared by all dealers: operations with their flat-rate hours, and model coefficients (Rule W5).

Only the group publishes here; entries are added and changed, never taken away, because issued estimates name them.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import String, Table, bindparam, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store.sql import insert_new
from chassis.wire.values import Hours
from chassis.work.unit_of_work import Work
from contracts.workshop.answers import CoefficientEntry, OperationEntry, Published
from services.workshop.domain.model import Base, table_of

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


def publish_operations(work: Work, entries: Sequence[OperationEntry]) -> Published:
    """Take these operations into the catalogue; of two with one code the later one counts."""
    rows = {
        entry.operation_code: {
            "code": entry.operation_code,
            "name_zh": entry.name_zh,
            "name_en": entry.name_en,
            "hours_units": entry.hours.units,
        }
        for entry in entries
    }
    return _publish(work, table_of(Operation), ["code"], [rows[code] for code in sorted(rows)])


def publish_coefficients(work: Work, entries: Sequence[CoefficientEntry]) -> Published:
    """Set the coefficients of these models; of two for one model the later one counts."""
    rows = {
        (entry.make, entry.model): {
            "make": entry.make,
            "model": entry.model,
            "thousandths": int(Decimal(entry.coefficient).scaleb(COEFFICIENT_DIGITS)),
        }
        for entry in entries
    }
    return _publish(work, table_of(ModelCoefficient), ["make", "model"], [rows[key] for key in sorted(rows)])


def coefficient(work: Work, make: str, model: str) -> Decimal:
    """The model's complexity coefficient; 1 where the group has published none."""
    found = work.session.get(ModelCoefficient, (make, model))
    return Decimal(1) if found is None else Decimal(found.thousandths).scaleb(-COEFFICIENT_DIGITS)


def _publish(work: Work, table: Table, key: list[str], rows: list[dict[str, Any]]) -> Published:
    # Sorted by key: two publications at once must lock the rows in the same order.
    columns = [table.c[name] for name in key]
    new = {tuple(row) for row in work.session.execute(insert_new(work.session, table, *columns), rows)} if rows else set()
    known = [row for row in rows if tuple(row[name] for name in key) not in new]
    if known:
        change = update(table).where(*(table.c[name] == bindparam(f"key_{name}") for name in key))
        work.session.connection().execute(change, [{**row, **{f"key_{name}": row[name] for name in key}} for row in known])
    return Published(count=len(rows))
