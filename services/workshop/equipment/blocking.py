"""What overdue equipment blocks (Rule W21): a lift its bay, a gauge the values that are measured with it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.shared import BAY
from contracts.workshop.equipment import EQUIPMENT_CODE, Gauge
from services.workshop.equipment.equipment import Equipment


class Measured(NamedTuple):
    """A value that is to be recorded: its unit and its gauge, and the field that names that; whether it needs one."""

    field: str
    unit: str
    gauge: str | None
    gauged: bool = True


def require_bay(work: Work, bay: str) -> None:
    """Raises Refused naming the lift of the bay that is overdue or failed its last service."""
    for lift in _lifts(work, BAY.key(bay)):
        raise Refused("bay_blocked", field="bay", bay=bay, code=lift.code, name=lift.name)


def blocked_bays(work: Work) -> dict[str, str]:
    """The bays of the dealer that an overdue lift blocks, by `BAY.key`, with its code."""
    return {lift.bay_key: lift.code for lift in _lifts(work) if lift.bay_key is not None}


def gauges(work: Work) -> list[Gauge]:
    """The dealer's gauges, by code, and whether each may be used today."""
    today = work.profile.local(work.now).date()
    return [Gauge(code=one.code, name=one.name, units=one.units, usable=one.usable(today)) for one in _gauges(work)]


def with_gauges(work: Work, values: Sequence[Measured]) -> list[str | None]:
    """With which gauge each value was measured, as the register spells it.

    A value goes without one only if it is not measured with one, or the dealer has no gauge for its unit. Raises Invalid naming
    the field for one that is missing, unknown or measures something else; Refused naming the gauge that is overdue or failed its
    last calibration.
    """
    known = {one.code_key: one for one in _gauges(work)}
    measured = {unit for one in known.values() for unit in one.units}
    today = work.profile.local(work.now).date()
    found: list[str | None] = []
    for value in values:
        if value.gauge is None:
            if value.gauged and value.unit in measured:
                raise Invalid.field(value.field, "needs_a_gauge", unit=value.unit)
            found.append(None)
            continue
        gauge = known.get(EQUIPMENT_CODE.key(value.gauge))
        if gauge is None:
            raise Invalid.field(value.field, "not_a_gauge_of_the_dealer", gauge=value.gauge)
        if value.unit not in gauge.units:
            raise Invalid.field(value.field, "gauge_of_another_unit", gauge=gauge.code, unit=value.unit)
        if not gauge.usable(today):
            raise Refused("gauge_overdue", field=value.field, code=gauge.code, name=gauge.name)
        found.append(gauge.code)
    return found


def _gauges(work: Work) -> Sequence[Equipment]:
    in_use = select(Equipment).where(Equipment.kind == "gauge", Equipment.retired_because.is_(None))
    return work.all(in_use.order_by(Equipment.code_key))


def _lifts(work: Work, bay_key: str | None = None) -> list[Equipment]:
    of_bay = Equipment.bay_key == bay_key if bay_key is not None else Equipment.bay_key.is_not(None)
    in_use = select(Equipment).where(Equipment.kind == "lift", of_bay, Equipment.retired_because.is_(None))
    found = work.all(in_use.order_by(Equipment.code_key))
    if not found:
        return []
    today = work.profile.local(work.now).date()
    return [one for one in found if not one.usable(today)]
