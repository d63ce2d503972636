"""The gate pass (出门证): nothing leaves unsettled, and each pass opens the gate once (Rule L5, docs/domain.md)."""

import base64
import secrets
from datetime import datetime

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, NotFound, NotYetKnown, Refused, Work, derived_id
from contracts.billing import gate_pass
from contracts.billing.events import GatePassIssued, GatePassRevoked, GatePassUsed
from contracts.billing.gate_pass import IssueGatePass, UseGatePass
from services.billing.domain.account import OrderAccount
from services.billing.domain.model import Base
from services.billing.domain.task import BillingTask


class GatePass(Aggregate, Base):
    """The authority to leave after one delivery of an order."""

    __tablename__ = "gate_pass"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "revision", name="gate_pass_revision_key"),
        UniqueConstraint("dealer_id", "code", name="gate_pass_code_key"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]

    @classmethod
    def issue(cls, account: OrderAccount, *, at: datetime, by: str) -> "GatePass":
        """Let the car of a settled order leave. Raises Refused: order_not_billed, share_open."""
        account.require_settled()
        issued = cls(
            id=pass_id(account.id, account.revision),
            visit_id=account.visit_id,
            work_order_id=account.id,
            revision=account.revision,
            code=new_code(),
            issued_at=at,
            issued_by=by,
        )
        issued.announce(GatePassIssued(gate_pass_id=issued.id, work_order_id=issued.work_order_id, revision=issued.revision))
        return issued

    def use(self, account: OrderAccount, *, at: datetime, by: str) -> None:
        """The car leaves. What had to hold when the pass was issued must still hold, e.g. no payment was refunded since.

        Raises Refused: gate_pass_used, gate_pass_revoked, share_open.
        """
        if self.used_at is not None:
            raise Refused("gate_pass_used", used_at=self.used_at.isoformat(), used_by=self.used_by)
        if self.revoked_at is not None:
            raise Refused("gate_pass_revoked", revoked_at=self.revoked_at.isoformat())
        account.require_settled()
        self.used_at, self.used_by = at, by
        self.announce(GatePassUsed(gate_pass_id=self.id, work_order_id=self.work_order_id, revision=self.revision))

    def revoke(self, at: datetime) -> None:
        """The delivery it was issued for was reversed."""
        self.revoked_at = at
        self.announce(GatePassRevoked(gate_pass_id=self.id, work_order_id=self.work_order_id, revision=self.revision))

    def describe(self) -> gate_pass.GatePass:
        """The pass with its code: whoever sees it can print it."""
        return gate_pass.GatePass(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            revision=self.revision,
            code=self.code,
            issued_at=self.issued_at,
            issued_by=self.issued_by,
            used_at=self.used_at,
            used_by=self.used_by,
            revoked_at=self.revoked_at,
        )


def pass_id(work_order_id: str, revision: int) -> str:
    """The id of the one pass of a delivery revision."""
    return derived_id(work_order_id, revision, "gate_pass")


def new_code() -> str:
    """128 random bits in the letters and digits that a QR code packs tightly."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")


def issue(work: Work, command: IssueGatePass) -> GatePass:
    """Issue the pass of the order's newest delivery, once. The account is locked: no payment is refunded meanwhile."""
    try:
        account = work.edit(OrderAccount, command.work_order_id)
    except NotFound:
        raise NotYetKnown.reference("work_order_id", command.work_order_id) from None
    issued = GatePass.issue(account, at=work.now, by=work.actor)
    if work.find(GatePass, issued.id) is not None:
        raise Refused("gate_pass_issued", revision=issued.revision)
    work.add(issued)
    return issued


def use(work: Work, command: UseGatePass) -> GatePass:
    """Use the pass with this code. Of several who try at once, one succeeds."""
    found = work.first(select(GatePass).where(GatePass.code == command.code))
    if found is None:
        raise NotFound("not_found", kind="gate_pass")
    account = work.edit(OrderAccount, found.work_order_id)
    taken = work.edit(GatePass, found.id)
    taken.use(account, at=work.now, by=work.actor)
    return taken


def revoke(work: Work, account: OrderAccount, revision: int) -> None:
    """Take back the pass of a reversed delivery; if the car has left with it already, raise a task."""
    found = work.find(GatePass, pass_id(account.id, revision))
    if found is None:
        return
    if found.used_at is not None:
        work.add(BillingTask.reversed_after_gate_pass(account, revision, at=work.now))
    else:
        work.edit(GatePass, found.id).revoke(work.now)
