"""Washing cars before they go back to their customers (Rule W12)."""

from chassis import Work, colleagues
from contracts.roles import SERVICE_MANAGER
from contracts.workshop.wash import BeginWash, EndWash, SkipWash, TimeWash
from services.workshop.order.wash import Wash


def begin(work: Work, command: BeginWash) -> Wash:
    """Begin it. Raises NotFound for a car whose customer wants none."""
    wash = work.edit(Wash, command.work_order_id)
    wash.begin(by=work.actor, at=work.now)
    return wash


def end(work: Work, command: EndWash) -> Wash:
    """End it, once; whoever does so signs."""
    wash = work.edit(Wash, command.work_order_id)
    wash.end(command.parking_place, by=work.actor, at=work.now)
    return wash


def skip(work: Work, command: SkipWash) -> Wash:
    """Do without it, and say why; once somebody is at it, that is for them or a service manager."""
    manages = work.actor in colleagues(work, role=SERVICE_MANAGER)
    wash = work.edit(Wash, command.work_order_id)
    wash.skip(command.reason, by=work.actor, at=work.now, manages=manages)
    return wash


def time(work: Work, command: TimeWash) -> Wash:
    """Wash this car before, or after, its final inspection."""
    wash = work.edit(Wash, command.work_order_id)
    wash.time(command.wash_timing)
    return wash
