"""Equipment and tools (设备/工具): what is in the shop, when it was serviced or calibrated, and who has which tool (Rule W21)."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.keys import TextKey, unblanked
from contracts.shared import Bay, Listing, Login, Name, Page, Reason
from contracts.signing import Signature, Signing

EquipmentKind = Literal["lift", "machine", "gauge", "tool"]
"""举升机, 其他设备, 量具, 工具."""

Condition = Literal["in_order", "due_soon", "overdue", "failed", "retired"]
"""正常, 即将到期, 已到期, 不合格, 已报废."""

ServiceResult = Literal["passed", "adjusted", "failed"]
"""合格, 调整后合格, 不合格."""

DueNotice = Literal["due_soon", "overdue"]
"""即将到期, 已到期."""

EQUIPMENT_CODE = TextKey(most=40, spelling=unblanked)
"""What the dealer calls a lift, a gauge or a tool, as its label says: L-1 is L1."""

EquipmentCode = Annotated[str, EQUIPMENT_CODE.field()]
Unit = Annotated[str, text(10)]


class LentTo(Part):
    """Who has the tool now, since when, and for which order."""

    tool_loan_id: Id
    borrower: Login
    lent_at: datetime
    work_order_id: Id | None = None
    order_number: Annotated[str | None, text(20)] = None


class EquipmentItem(Answer):
    """A lift, machine, gauge or tool of the dealer, and whether it may be used.

    It is in order through the day on which its next service or calibration is due; from the next one on it is overdue. What
    failed its last one is failed until it passes.
    """

    id: Id
    version: Annotated[int, whole(1)]
    code: EquipmentCode
    kind: EquipmentKind
    name: Name
    bay: Bay | None = None
    units: list[Unit]
    last_serviced_on: date | None = None
    due_on: date | None = None
    condition: Condition
    retired_because: Reason | None = None
    lent_to: LentTo | None = None


class EquipmentItems(Answer, Page):
    """A page of the register."""

    items: list[EquipmentItem]


class EquipmentService(Part):
    """One service or calibration, as it was recorded."""

    serviced_on: date
    serviced_by: Name
    result: ServiceResult
    note: Reason | None = None
    due_on: date | None = None
    recorded_by: Login
    recorded_at: datetime


class EquipmentHistory(Answer):
    """An entry of the register with its services and loans, the newest first; at most 100 of each."""

    item: EquipmentItem
    services: list[EquipmentService]
    loans: "list[ToolLoan]"


class ToolLoan(Answer):
    """A tool that somebody signed for; lent until it is returned."""

    id: Id
    version: Annotated[int, whole(1)]
    equipment_id: Id
    code: EquipmentCode
    name: Name
    borrower: Login
    work_order_id: Id | None = None
    order_number: Annotated[str | None, text(20)] = None
    lent_at: datetime
    lent_by: Login
    signature: Signature
    returned_at: datetime | None = None
    received_by: Login | None = None
    note: Reason | None = None


class ToolLoans(Answer, Page):
    """A page of tool loans, the newest first."""

    items: list[ToolLoan]


class Gauge(Part):
    """A gauge of the dealer, what it measures, and whether a value measured with it may be recorded."""

    code: EquipmentCode
    name: Name
    units: list[Unit]
    usable: bool


class RegisterEquipment(Command, service="workshop", answer=EquipmentItem):
    """Register a lift, machine, gauge or tool.

    A lift or machine stands in a bay of the dealer. A gauge measures values of its units: from now on a value in one of them
    needs a gauge. Of a lift and a gauge the day is needed on which the next service or calibration is due.
    """

    code: EquipmentCode
    kind: EquipmentKind
    name: Name
    bay: Bay | None = None
    units: list[Unit] = field(default_factory=list, metadata={"validate": validate.Length(max=20)})
    due_on: date | None = None


class RecordEquipmentService(Command, service="workshop", answer=EquipmentItem):
    """Record a service or calibration.

    Who did it, when, with what result, and when the next one is due. It is never changed. What failed is not used until it
    passes.
    """

    equipment_id: Id
    serviced_on: date
    serviced_by: Name
    result: ServiceResult
    note: Reason | None = None
    due_on: date | None = None


class RetireEquipment(Command, service="workshop", answer=EquipmentItem):
    """Retire an entry of the register.

    Scrapped or sold: it is neither used nor lent, blocks no bay, and is never due. A tool comes back first.
    """

    equipment_id: Id
    reason: Reason


class ListEquipment(Query, Listing, service="workshop", answer=EquipmentItems):
    """The register of equipment and tools.

    By code, without what was retired; with `due`, only what is due soon, overdue or failed, the first due first.
    """

    kind: EquipmentKind | None = None
    due: bool = False
    retired: bool = False


class GetEquipment(Query, service="workshop", answer=EquipmentHistory):
    """An entry of the register.

    With its services and loans.
    """

    equipment_id: Id


class LendTool(Command, service="workshop", answer=ToolLoan):
    """Lend a tool.

    To somebody of the dealer, who signs for it; for a work order, if it is named. A tool is lent to one at a time, and comes back
    before the car of its order is delivered.
    """

    equipment_id: Id
    borrower: Login
    work_order_id: Id | None = None
    signature: Signing


class ReturnTool(Command, service="workshop", answer=ToolLoan):
    """Take a tool back.

    It is here again; `note` says how, if something is wrong with it.
    """

    tool_loan_id: Id
    note: Reason | None = None


class ListToolLoans(Query, Listing, service="workshop", answer=ToolLoans):
    """Tool loans.

    Those that are out, or with `returned` those that came back; of an order or a borrower, if one is named.
    """

    returned: bool = False
    work_order_id: Id | None = None
    borrower: Login | None = None
