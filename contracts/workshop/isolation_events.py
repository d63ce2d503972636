"""What workshop announces of high-voltage systems: isolated before work on them, and live again (Rule W30)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Id, text
from contracts.shared import Name, Reason
from contracts.workshop.events import WorkOrderEvent
from contracts.workshop.isolation import Volts


class IsolationEvent(WorkOrderEvent):
    """Somebody signed a step of an isolation."""

    isolation_id: Id
    signed_by: Name
    signed_at: datetime


class SystemLockedOff(IsolationEvent, type="workshop.isolation.locked_off"):
    """The high-voltage system of a car was switched off and locked (断电上锁); the wait has begun."""

    lock_number: Annotated[str, text(40)]


class IsolationMeasured(IsolationEvent, type="workshop.isolation.measured"):
    """After the wait there was no dangerous voltage left (验电)."""

    volts_dc: Volts
    volts_ac: Volts


class SystemIsolated(IsolationEvent, type="workshop.isolation.isolated"):
    """A second person confirmed the isolation (断电复核): high-voltage work may begin."""


class SystemEnergised(IsolationEvent, type="workshop.isolation.energised"):
    """The lock is off and the system is live again (送电); a second person is still to confirm it."""


class EnergisingConfirmed(IsolationEvent, type="workshop.isolation.energising_confirmed"):
    """A second person confirmed the re-energising (送电复核): the car may be inspected."""


class IsolationVoided(IsolationEvent, type="workshop.isolation.voided"):
    """An isolation was recorded by mistake and counts no longer (作废)."""

    reason: Reason
