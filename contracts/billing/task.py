"""What the cashier must look into."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Command, Id, Query
from contracts.billing.naming import NamedOrder
from contracts.shared import Listing, Page, Reason

BillingTaskKind = Literal["deposit_on_void_order"]


class BillingTask(Answer, NamedOrder):
    """Something the cashier must look into, because the system may not decide it."""

    id: Id
    version: int
    kind: BillingTaskKind
    work_order_id: Id
    revision: int
    raised_at: datetime
    completed_at: datetime | None = None
    completed_by: str | None = None
    note: str | None = None


class BillingTasks(Answer, Page):
    """A page of tasks, the newest first."""

    items: list[BillingTask]


class CompleteBillingTask(Command, service="billing", answer=BillingTask):
    """Complete a task.

    Someone looked into it; the note says what was done.
    """

    task_id: Id
    note: Reason


class ListBillingTasks(Query, Listing, service="billing", answer=BillingTasks):
    """Tasks of billing.

    Tasks that are open, or all of them.
    """

    completed: bool = False
