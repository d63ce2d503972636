"""Publishing the group's catalogue. Of two entries for the same operation or model the later one counts."""

from typing import Any

from chassis import Work
from contracts.workshop.pricing import PublishCoefficients, Published, PublishOperations
from services.workshop.model import Base
from services.workshop.pricing.coefficient import ModelCoefficient, thousandths
from services.workshop.pricing.operation import Operation


def publish_operations(work: Work, command: PublishOperations) -> Published:
    """Take these operations into the catalogue."""
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
    """Set the coefficients of these models."""
    rows = {
        (entry.make, entry.model): {
            "make": entry.make,
            "model": entry.model,
            "thousandths": thousandths(entry.coefficient),
        }
        for entry in command.coefficients
    }
    return _publish(work, ModelCoefficient, [rows[key] for key in sorted(rows)])


def _publish(work: Work, kind: type[Base], rows: list[dict[str, Any]]) -> Published:
    work.overwrite(kind, *rows)
    return Published(count=len(rows))
