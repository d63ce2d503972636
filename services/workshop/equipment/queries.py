"""The register and the tool loans, as they are asked for (Rule W21)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from chassis import Work, matching, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop.equipment import (
    EquipmentHistory,
    EquipmentItem,
    EquipmentItems,
    GetEquipment,
    ListEquipment,
    ListToolLoans,
    ToolLoans,
)
from services.workshop.equipment.equipment import Equipment
from services.workshop.equipment.service_record import ServiceRecord
from services.workshop.equipment.tool_loan import ToolLoan, open_loan_of
from services.workshop.pricing.settings import WorkshopSettings

MOST_SHOWN = 100


def shown(work: Work, equipment: Equipment) -> EquipmentItem:
    """One entry, as it is today."""
    loan = open_loan_of(work, equipment)
    return equipment.shown(
        work.profile.local(work.now).date(),
        notice_days=work.settings(WorkshopSettings).equipment_notice_days,
        lent_to=None if loan is None else loan.lent_to(),
    )


def list_equipment(work: Work, query: ListEquipment) -> EquipmentItems:
    """What is due is found by its day, however much is not."""
    today, notice_days = work.profile.local(work.now).date(), work.settings(WorkshopSettings).equipment_notice_days
    retired = Equipment.retired_because.is_not(None) if query.retired else Equipment.retired_because.is_(None)
    found = select(Equipment).where(retired, *matching((Equipment.kind, query.kind)))
    keys: list[Any] = [Equipment.code_key, Equipment.id]
    if query.due:
        found, keys = found.where(Equipment.due_on <= today + timedelta(days=notice_days)), [Equipment.due_on, Equipment.id]
    rows, cursor = page(work, found, query, keys=keys, ascending=True)
    out = select(ToolLoan).where(ToolLoan.equipment_id.in_([one.id for one in rows]), ToolLoan.returned_at.is_(None))
    lent = {one.equipment_id: one.lent_to() for one in work.all(out)} if rows else {}
    return EquipmentItems(
        items=[one.shown(today, notice_days=notice_days, lent_to=lent.get(one.id)) for one in rows], next_cursor=cursor
    )


def get_equipment(work: Work, query: GetEquipment) -> EquipmentHistory:
    """Raises NotFound, also when it is another dealer's."""
    equipment = work.get(Equipment, query.equipment_id)
    of_it = select(ServiceRecord).where(ServiceRecord.equipment_id == equipment.id)
    loans = select(ToolLoan).where(ToolLoan.equipment_id == equipment.id)
    return EquipmentHistory(
        item=shown(work, equipment),
        services=[one.shown() for one in work.all(of_it.order_by(ServiceRecord.id.desc()).limit(MOST_SHOWN))],
        loans=[one.describe() for one in work.all(loans.order_by(ToolLoan.id.desc()).limit(MOST_SHOWN))],
    )


def list_tool_loans(work: Work, query: ListToolLoans) -> ToolLoans:
    """The newest first."""
    out = ToolLoan.returned_at.is_not(None) if query.returned else ToolLoan.returned_at.is_(None)
    asked = matching((ToolLoan.work_order_id, query.work_order_id), (ToolLoan.borrower, query.borrower))
    rows, cursor = page(work, select(ToolLoan).where(out, *asked), query, keys=[ToolLoan.id])
    return ToolLoans(items=[one.describe() for one in rows], next_cursor=cursor)


def equipment_concerns(work: Work) -> ConcernGroup:
    """What is overdue or failed, for the service manager's attention list."""
    today = work.profile.local(work.now).date()
    wrong = or_(Equipment.due_on < today, Equipment.last_result == "failed")
    conditions = Equipment.retired_because.is_(None), Equipment.due_on <= today, wrong
    found, count = oldest(work, Equipment, *conditions, since=Equipment.due_on, most=MOST)
    told = [
        Concern(
            severity="severe" if one.kind in ("lift", "gauge") else "warning",
            since=work.profile.midnight(one.due_on + timedelta(days=1)) if one.due_on < today else work.profile.midnight(today),
            equipment=f"{one.code} {one.name}",
        )
        for one in found
        if one.due_on is not None
    ]
    return ConcernGroup(kind="equipment_overdue", count=count, items=told)
