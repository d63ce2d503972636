"""Registering equipment and tools, and recording how they were looked after (Rule W21)."""

from chassis import Refused, Work
from chassis.wire.ahead import YEAR, require_within
from contracts.workshop.equipment import EquipmentItem, RecordEquipmentService, RegisterEquipment, RetireEquipment
from services.workshop.equipment.equipment import Equipment
from services.workshop.equipment.queries import shown
from services.workshop.equipment.service_record import ServiceRecord
from services.workshop.equipment.tool_loan import open_loan_of
from services.workshop.equipment.watching import watch
from services.workshop.pricing.settings import WorkshopSettings


def register(work: Work, command: RegisterEquipment) -> EquipmentItem:
    """Enter a lift, machine, gauge or tool. Raises Refused if the dealer has one with that code."""
    settings = work.settings(WorkshopSettings)
    if command.due_on is not None:
        require_within("due_on", command.due_on, work.profile.local(work.now).date(), days=10 * YEAR)
    registered = Equipment.register(command, bay=None if command.bay is None else settings.bay_called(command.bay))
    work.add(registered)
    work.flush(unique="code_key", otherwise=Refused("equipment_code_taken", field="code", code=registered.code))
    watch(work, registered, settings.equipment_notice_days)
    return shown(work, registered)


def record_service(work: Work, command: RecordEquipmentService) -> EquipmentItem:
    """Record a service or calibration; what was blocked is free from then on, unless it failed."""
    serviced = work.edit(Equipment, command.equipment_id)
    serviced.serviced(command, today=work.profile.local(work.now).date())
    work.add(
        ServiceRecord(
            equipment_id=serviced.id,
            serviced_on=command.serviced_on,
            serviced_by=command.serviced_by,
            result=command.result,
            note=command.note,
            due_on=command.due_on,
            recorded_by=work.actor,
            recorded_at=work.now,
        )
    )
    watch(work, serviced, work.settings(WorkshopSettings).equipment_notice_days)
    return shown(work, serviced)


def retire(work: Work, command: RetireEquipment) -> EquipmentItem:
    """Take an entry out of use. Raises Refused for a tool that somebody has."""
    retired = work.edit(Equipment, command.equipment_id)
    loan = open_loan_of(work, retired)
    if loan is not None:
        raise Refused("tool_lent", code=retired.code, name=loan.document.borrower)
    retired.retire(command.reason)
    watch(work, retired, work.settings(WorkshopSettings).equipment_notice_days)
    return shown(work, retired)
