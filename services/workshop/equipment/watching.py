"""When an entry of the register is to be looked at: as it becomes due soon, and as it is overdue (Rule W21)."""

from datetime import date, timedelta

from sqlalchemy import select

from chassis import Work, set_timer
from contracts.workshop.equipment import DueNotice
from services.workshop.equipment.equipment import Equipment
from services.workshop.equipment.notice import EquipmentNotice
from services.workshop.pricing.settings import WorkshopSettings


def watch(work: Work, equipment: Equipment, notice_days: int) -> None:
    """After an entry has changed: when something is to be told of it next. What failed or was retired is never due."""
    due_on, midnight = equipment.due_on, work.profile.midnight
    at = None
    if due_on is not None and equipment.retired_because is None and equipment.last_result != "failed":
        overdue_at = midnight(due_on + timedelta(days=1))
        if work.now < overdue_at and not _told(work, equipment.id, due_on, "due_soon"):
            at = midnight(due_on - timedelta(days=notice_days))
        elif not _told(work, equipment.id, due_on, "overdue"):
            at = overdue_at
    set_timer(work, "watch_equipment", equipment.id, at)


def tell(work: Work, equipment_id: str) -> None:
    """What is due soon or overdue by the dealer's calendar is told, once per due date; then the next of the two is waited for."""
    equipment = work.lock(Equipment, equipment_id)
    assert equipment is not None, "what was registered is never deleted"
    notice_days = work.settings(WorkshopSettings).equipment_notice_days
    condition = equipment.condition(work.profile.local(work.now).date(), notice_days=notice_days)
    if condition in ("due_soon", "overdue"):
        assert equipment.due_on is not None, "it is due"
        if not _told(work, equipment.id, equipment.due_on, condition):
            work.add(EquipmentNotice.of(equipment, equipment.due_on, condition, at=work.now))
    watch(work, equipment, notice_days)


def watch_all(work: Work, notice_days: int) -> None:
    """The dealer wants to be told earlier, or later: what is not due yet is looked at anew."""
    for equipment in work.all(select(Equipment).where(Equipment.retired_because.is_(None), Equipment.due_on.is_not(None))):
        watch(work, equipment, notice_days)


def _told(work: Work, equipment_id: str, due_on: date, notice: DueNotice) -> bool:
    return work.find(EquipmentNotice, EquipmentNotice.identity(equipment_id, due_on, notice)) is not None
