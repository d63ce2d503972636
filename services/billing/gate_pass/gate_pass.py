"""The gate pass (出门证): nothing leaves unsettled, and each pass opens the gate once (Rule L5, docs/domain.md)."""

import base64
import secrets
from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, IdType, Money, Refused, SignatureDocument, derived_id, stored
from contracts.billing import gate_pass as contract
from contracts.billing.events import GatePassIssued, GatePassRevoked, GatePassUsed
from contracts.signing import Signature
from services.billing.account.order_account import OrderAccount
from services.billing.account.standing import named, note_pass
from services.billing.model import Base


class GatePassDocument(Document):
    """What whoever issues a pass signs: which car may leave, with what paid and what owed."""

    work_order_id: str
    work_order_number: str | None = None
    plate: str | None = None
    revision: int
    code: str
    issued_at: datetime
    paid: Money
    owed: Money


class GatePass(Aggregate, Base):
    """The authority to leave after one delivery of an order."""

    __tablename__ = "gate_pass"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "revision", name="gate_pass_revision_key"),
        UniqueConstraint("dealer_id", "code", name="gate_pass_code_key"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    work_order_number: Mapped[str | None] = mapped_column(String(20))
    customer_name: Mapped[str | None] = mapped_column(String(120))
    plate: Mapped[str | None] = mapped_column(String(16))
    revision: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    paid_minor: Mapped[int]
    owed_minor: Mapped[int]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
    document: Mapped[GatePassDocument] = mapped_column(stored(GatePassDocument))
    signature: Mapped[SignatureDocument] = mapped_column(stored(SignatureDocument))

    @classmethod
    def issue(cls, account: OrderAccount, *, at: datetime, by: str) -> "GatePass":
        """Let the car of a settled order leave. Raises Refused: order_not_billed, share_open."""
        account.require_settled()
        shares, code, name = account.current_shares(), new_code(), named(account)
        document = GatePassDocument(
            work_order_id=account.id,
            work_order_number=name["work_order_number"],
            plate=name["plate"],
            revision=account.revision,
            code=code,
            issued_at=at,
            paid=Money(sum(share.paid.minor for share in shares), account.currency),
            owed=Money(sum(share.owed_minor for share in shares), account.currency),
        )
        issued = cls(
            id=pass_id(account.id, account.revision),
            visit_id=account.visit_id,
            work_order_id=account.id,
            **name,
            revision=account.revision,
            code=code,
            issued_at=at,
            issued_by=by,
            currency=account.currency,
            paid_minor=document.paid.minor,
            owed_minor=document.owed.minor,
            document=document,
            signature=SignatureDocument.of_account(document, by=by, at=at),
        )
        note_pass(account, issued_at=at)
        issued.announce(GatePassIssued(gate_pass_id=issued.id, work_order_id=issued.work_order_id, revision=issued.revision))
        return issued

    def use(self, account: OrderAccount, *, at: datetime, by: str) -> None:
        """The car leaves. What had to hold when the pass was issued must still hold, e.g. no payment was refunded since.

        Raises Refused: gate_pass_used, gate_pass_revoked, share_open.
        """
        if self.used_at is not None:
            raise Refused("gate_pass_used", used_at=self.used_at, used_by=self.used_by)
        if self.revoked_at is not None:
            raise Refused("gate_pass_revoked", revoked_at=self.revoked_at)
        account.require_settled()
        self.used_at, self.used_by = at, by
        note_pass(account, issued_at=self.issued_at, used_at=at)
        self.announce(
            GatePassUsed(
                gate_pass_id=self.id,
                work_order_id=self.work_order_id,
                revision=self.revision,
                document_hash=self.signature.document_hash,
                signed_by=self.signature.name,
                signed_at=self.signature.signed_at,
            )
        )

    def revoke(self, at: datetime) -> None:
        """The delivery it was issued for was reversed."""
        self.revoked_at = at
        self.announce(GatePassRevoked(gate_pass_id=self.id, work_order_id=self.work_order_id, revision=self.revision))

    def describe(self) -> contract.GatePass:
        """The pass with its code: whoever sees it can print it."""
        return contract.GatePass(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            work_order_number=self.work_order_number,
            customer_name=self.customer_name,
            plate=self.plate,
            revision=self.revision,
            code=self.code,
            issued_at=self.issued_at,
            issued_by=self.issued_by,
            paid=Money(self.paid_minor, self.currency),
            owed=Money(self.owed_minor, self.currency),
            used_at=self.used_at,
            used_by=self.used_by,
            revoked_at=self.revoked_at,
            signature=Signature(**self.signature.shown_with(self.document)),
        )


def pass_id(work_order_id: str, revision: int) -> str:
    """The id of the one pass of a delivery revision."""
    return derived_id(work_order_id, revision, "gate_pass")


def new_code() -> str:
    """128 random bits in the letters and digits that a QR code packs tightly."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
