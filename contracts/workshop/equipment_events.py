"""What workshop announces of its equipment and tools (Rule W21)."""

from datetime import date, datetime

from chassis.wire import Event, Id
from contracts.shared import Bay, Login, Name, Reason
from contracts.workshop.equipment import EquipmentCode, EquipmentKind, ServiceResult


class EquipmentEvent(Event):
    """Something happened to an entry of the register of equipment."""

    equipment_id: Id
    code: EquipmentCode
    kind: EquipmentKind
    name: Name
    bay: Bay | None = None
    due_on: date | None = None


class EquipmentRegistered(EquipmentEvent, type="workshop.equipment.registered"):
    """A lift, machine, gauge or tool (设备/工具) was entered in the register."""


class EquipmentServiced(EquipmentEvent, type="workshop.equipment.serviced"):
    """A service or calibration was recorded; unless it failed, what it blocked is free again until `due_on` (Rule W21)."""

    result: ServiceResult
    serviced_on: date


class EquipmentRetired(EquipmentEvent, type="workshop.equipment.retired"):
    """It is no longer used."""

    reason: Reason


class EquipmentDueSoon(EquipmentEvent, type="workshop.equipment.due_soon"):
    """Its next service or calibration is due within 14 days (default), told once per due date (Rule W21)."""


class EquipmentOverdue(EquipmentEvent, type="workshop.equipment.overdue"):
    """Its service or calibration is overdue, told once per due date: a lift blocks its bay, a gauge takes no value (Rule W21)."""


class ToolLoanEvent(Event):
    """Something happened to the loan of a tool."""

    tool_loan_id: Id
    equipment_id: Id
    code: EquipmentCode
    name: Name
    borrower: Login
    work_order_id: Id | None = None


class ToolLent(ToolLoanEvent, type="workshop.tool_loan.lent"):
    """Somebody signed for a tool and has it now (工具借用)."""

    lent_at: datetime


class ToolReturned(ToolLoanEvent, type="workshop.tool_loan.returned"):
    """The tool is here again (工具归还)."""

    returned_at: datetime
