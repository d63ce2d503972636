"""Publishing the group's catalogue. Of two entries for the same operation or model the later one counts."""

from typing import Any

from chassis import Refused, Work
from chassis.wire.searching import forms
from contracts.workshop.events import PublishedOperation
from contracts.workshop.pricing import MODEL_NAME, PublishCoefficients, Published, PublishOperations
from services.workshop.model import Base
from services.workshop.pricing.coefficient import MAKES, ModelAlias, ModelCoefficient, aliases, name_key, thousandths
from services.workshop.pricing.instruction import keep_instructions
from services.workshop.pricing.operation import Operation, OperationsPublication

CHUNK = 500


def publish_operations(work: Work, command: PublishOperations) -> Published:
    """Take these operations into the catalogue, and tell who takes orders for them."""
    versions = keep_instructions(work, command.operations)
    rows: dict[str, dict[str, Any]] = {
        entry.operation_code: {
            "code": entry.operation_code,
            "name_zh": entry.name_zh,
            "name_en": entry.name_en,
            "name_forms": f"{forms(entry.name_zh)}\n{forms(entry.name_en)}",
            "hours_units": entry.hours.units,
            "operation_group": entry.operation_group,
            "work_class": entry.work_class,
            "skills": sorted({*entry.skills}),
            "inspection_skills": sorted({*entry.inspection_skills}),
            "high_voltage": entry.high_voltage,
            "painting": entry.painting,
            "instruction": None if entry.instruction is None else entry.instruction.dump(),
            "instruction_version": None if entry.instruction is None else versions[entry.operation_code],
        }
        for entry in command.operations
    }
    codes = sorted(rows)
    published = [PublishedOperation(operation_code=code, operation_group=rows[code]["operation_group"]) for code in codes]
    for start in range(0, len(codes), CHUNK):
        work.add(OperationsPublication.of(published[start : start + CHUNK]))
    return _publish(work, Operation, [rows[code] for code in codes])


def publish_coefficients(work: Work, command: PublishCoefficients) -> Published:
    """Set the coefficients of these models, and what else makes and models are called."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    names: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in command.coefficients:
        make = name_key(work, MAKES, MODEL_NAME.key(entry.make))
        model = name_key(work, make, MODEL_NAME.key(entry.model))
        rows[make, model] = {"make_key": make, "model_key": model, "thousandths": thousandths(entry.coefficient)}
        for alias in (
            *aliases(work, MAKES, make, (entry.make, *entry.make_aliases)),
            *aliases(work, make, model, (entry.model, *entry.model_aliases)),
        ):
            key = alias["make_key"], alias["alias_key"]
            if names.setdefault(key, alias) != alias:
                raise Refused("alias_taken", name=alias["alias_key"])
    if taken := names.keys() & ({*rows} | {(MAKES, make) for make, _ in rows}):
        raise Refused("alias_taken", name=min(taken)[1])
    work.overwrite(ModelAlias, *(names[key] for key in sorted(names)))
    return _publish(work, ModelCoefficient, [rows[key] for key in sorted(rows)])


def _publish(work: Work, kind: type[Base], rows: list[dict[str, Any]]) -> Published:
    work.overwrite(kind, *rows)
    return Published(count=len(rows))
