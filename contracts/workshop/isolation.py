"""Isolation (断电) of a high-voltage system before work on it, and re-energising (送电) afterwards (Rule W30)."""

from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Quantity, Query, text, whole
from chassis.wire.values import QuantityField
from contracts.shared import Login, Reason
from contracts.signing import Signature
from contracts.workshop.equipment import EquipmentCode

HIGH_VOLTAGE_SKILL = "HIGH_VOLTAGE"
ISOLATION_WAIT_MINUTES = 10
VOLTAGE_UNIT = "V"
"""What a gauge measures with which an isolation is proved."""

MOST_VOLTS_DC, MOST_VOLTS_AC = 60, 30
"""From here on a voltage is dangerous: what was isolated measures less."""

HighVoltage = Literal["live", "locked", "measured", "isolated", "energising"]
"""带电, 已上锁, 待复核, 已断电, 送电待复核."""

IsolationState = Literal["locked", "measured", "isolated", "energising", "energised", "void"]
"""已上锁, 待复核, 已断电, 送电待复核, 已送电, 已作废."""

IsolationStepKind = Literal["lock", "measure", "confirm", "energise", "confirm_energising", "void"]
"""断电上锁, 验电, 断电复核, 送电, 送电复核, 作废."""

LockNumber = Annotated[str, text(40)]
WaitMinutes = Annotated[int, whole(1, 120)]
Volts = Annotated[Quantity, QuantityField(validate=validate.Range(min=Quantity(0), max=Quantity.of(2_000)))]


class IsolationStep(Part):
    """One step as it was signed, by the account of who did it; it is never changed."""

    step: IsolationStepKind
    signed_by: Login
    signed_at: datetime
    volts_dc: Volts | None = None
    volts_ac: Volts | None = None
    gauge: EquipmentCode | None = None
    reason: Reason | None = None
    signature: Signature


class Isolation(Answer):
    """The isolation of one car: locked, measured by the same person after the wait, confirmed by a second one.

    It stands from the lock on until re-energising was confirmed by a second person, or until it was voided.
    """

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    isolation_state: IsolationState
    lock_number: LockNumber
    locked_at: datetime
    wait_until: datetime
    isolated_at: datetime | None = None
    ended_at: datetime | None = None
    steps: list[IsolationStep]


class Isolations(Answer):
    """The isolations of an order, the newest first, and how its high-voltage system is now: null if nothing of it is known."""

    work_order_id: Id
    high_voltage: HighVoltage | None = None
    items: list[Isolation]


class LockOff(Command, service="workshop", answer=Isolation):
    """Isolate and lock off.

    The system is switched off and locked against being switched on again, by somebody certified for high voltage: the wait
    begins. An order has one standing isolation at a time.
    """

    work_order_id: Id
    lock_number: LockNumber


class MeasureIsolation(Command, service="workshop", answer=Isolation):
    """Measure the voltage.

    Who locked it off measures, when the wait is over, with a gauge of the dealer that is in order: below 60 V DC and 30 V AC.
    With it they sign the isolation.
    """

    work_order_id: Id
    isolation_id: Id
    volts_dc: Volts
    volts_ac: Volts
    gauge: EquipmentCode


class ConfirmIsolation(Command, service="workshop", answer=Isolation):
    """Confirm the isolation.

    A second person, certified for high voltage, signs it too. From now on high-voltage lines are clocked on to.
    """

    work_order_id: Id
    isolation_id: Id


class Energise(Command, service="workshop", answer=Isolation):
    """Re-energise.

    Somebody certified for high voltage takes the lock off and switches the system on; nobody is clocked on to the order. From
    now on high-voltage work needs another isolation.
    """

    work_order_id: Id
    isolation_id: Id


class ConfirmEnergising(Command, service="workshop", answer=Isolation):
    """Confirm the re-energising.

    A second person, certified for high voltage, signs it too. Only then is the car passed by the final inspection.
    """

    work_order_id: Id
    isolation_id: Id


class VoidIsolation(Command, service="workshop", answer=Isolation):
    """Void an isolation.

    It was recorded by mistake: it counts no longer, and what was recorded stays readable. Nobody is clocked on to the order.
    """

    work_order_id: Id
    isolation_id: Id
    reason: Reason


class GetIsolations(Query, service="workshop", answer=Isolations):
    """Show the isolations of an order.

    Each with its steps as they were signed.
    """

    work_order_id: Id
