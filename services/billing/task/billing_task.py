"""Tasks for a person: what the system found and may not decide."""

from datetime import datetime
from typing import cast

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, derived_id
from contracts.billing import task as contract
from contracts.billing.events import BillingTaskRaised
from contracts.billing.task import BillingTaskKind
from services.billing.account.order_account import OrderAccount
from services.billing.account.standing import named
from services.billing.model import Base


class BillingTask(Aggregate, Base):
    """Something the cashier must look into, once per order, revision and kind."""

    __tablename__ = "billing_task"
    __table_args__ = (Index("billing_task_open_ix", "dealer_id", "id", postgresql_where=text("completed_at IS NULL")),)

    kind: Mapped[str] = mapped_column(String(40))
    work_order_id: Mapped[str] = mapped_column(IdType)
    work_order_number: Mapped[str | None] = mapped_column(String(20))
    customer_name: Mapped[str | None] = mapped_column(String(120))
    plate: Mapped[str | None] = mapped_column(String(16))
    revision: Mapped[int]
    raised_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))

    @classmethod
    def deposit_on_void_order(cls, account: OrderAccount, *, at: datetime) -> "BillingTask":
        """An order was voided on which a deposit lies: the customer's money, to be given back (Rule L4)."""
        kind: BillingTaskKind = "deposit_on_void_order"
        revision = account.revision
        task = cls(
            id=derived_id(account.id, revision, kind),
            visit_id=account.visit_id,
            kind=kind,
            work_order_id=account.id,
            **named(account),
            revision=revision,
            raised_at=at,
        )
        task.announce(BillingTaskRaised(task_id=task.id, kind=kind, work_order_id=account.id, revision=revision))
        return task

    def complete(self, note: str, *, at: datetime, by: str) -> None:
        """Someone looked into it. Raises Refused if someone did before."""
        if self.completed_at is not None:
            raise Refused("task_completed", completed_at=self.completed_at)
        self.completed_at, self.completed_by, self.note = at, by, note

    def describe(self) -> contract.BillingTask:
        """The task with what became of it."""
        return contract.BillingTask(
            id=self.id,
            version=self.version,
            kind=cast(BillingTaskKind, self.kind),
            work_order_id=self.work_order_id,
            work_order_number=self.work_order_number,
            customer_name=self.customer_name,
            plate=self.plate,
            revision=self.revision,
            raised_at=self.raised_at,
            completed_at=self.completed_at,
            completed_by=self.completed_by,
            note=self.note,
        )
