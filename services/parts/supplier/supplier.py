"""A supplier of the dealer (Rules P1, P12)."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Refused, Work
from chassis.wire.keys import bare
from contracts.parts import supplier as contract
from contracts.parts.supplier import SUPPLIER_CODE, SupplierFacts
from services.parts.model import Base


class Supplier(Aggregate, Base):
    """One supplier, by the code that the dealer gave it; deliveries may call it by one of its names."""

    __tablename__ = "supplier"
    __table_args__ = (
        UniqueConstraint("dealer_id", "code_key", name="supplier_code_key_key"),
        Index("supplier_name_zh", "dealer_id", "name_zh_key"),
        Index("supplier_name_en", "dealer_id", "name_en_key"),
    )

    code: Mapped[str] = mapped_column(String(20))
    code_key: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_zh_key: Mapped[str] = mapped_column(String(240))
    name_en: Mapped[str] = mapped_column(String(120))
    name_en_key: Mapped[str] = mapped_column(String(240))
    lead_time_days: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    contact: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    approved: Mapped[bool]
    approved_because: Mapped[str | None] = mapped_column(String(300))
    judged_by: Mapped[str | None] = mapped_column(String(64))
    judged_at: Mapped[datetime | None]

    @classmethod
    def register(cls, code: str, facts: SupplierFacts, currency: str) -> "Supplier":
        """A new one, that nobody has approved yet."""
        registered = cls(code=code, code_key=SUPPLIER_CODE.key(code), approved=False)
        registered.change(facts, currency)
        return registered

    def change(self, facts: SupplierFacts, currency: str) -> None:
        """Take over what is noted of it. Raises Refused for prices in another currency than the dealer's."""
        if facts.currency not in (None, currency):
            raise Refused("wrong_currency", field="currency", currency=currency)
        self.name_zh, self.name_zh_key = facts.name_zh, supplier_key(facts.name_zh)
        self.name_en, self.name_en_key = facts.name_en, supplier_key(facts.name_en)
        self.lead_time_days, self.currency = facts.lead_time_days, currency
        self.contact, self.phone, self.email = facts.contact, facts.phone, facts.email

    def approve(self, *, at: datetime, by: str, reason: str) -> None:
        """Orders may go there from now on."""
        self.approved, self.approved_because, self.judged_by, self.judged_at = True, reason, by, at

    def suspend(self, *, at: datetime, by: str, reason: str) -> None:
        """Nothing more is ordered there."""
        self.approved, self.approved_because, self.judged_by, self.judged_at = False, reason, by, at

    def require_approved(self) -> None:
        """Raises Refused("supplier_not_approved"): nothing is ordered there (Rule P12)."""
        if not self.approved:
            raise Refused("supplier_not_approved", supplier=self.code)

    @property
    def keys(self) -> set[str]:
        """By what deliveries of it are known, whatever it was called when they came."""
        return {supplier_key(self.code), self.name_zh_key, self.name_en_key}

    def describe(self) -> contract.Supplier:
        """The supplier as it is answered."""
        return contract.Supplier(
            id=self.id,
            version=self.version,
            code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            lead_time_days=self.lead_time_days,
            currency=self.currency,
            contact=self.contact,
            phone=self.phone,
            email=self.email,
            approved=self.approved,
            approved_because=self.approved_because,
            judged_by=self.judged_by,
            judged_at=self.judged_at,
        )


def supplier_key(name: str) -> str:
    """One key for one supplier, however its name is typed: capitals, blanks, dashes and full-width letters make no other one."""
    return (bare(name) or name)[:240]


def supplier_called(work: Work, name: str) -> Supplier | None:
    """The supplier whose code or else whose name this is; None for a name that nobody or more than one has."""
    key = supplier_key(name)
    called = or_(Supplier.code_key == SUPPLIER_CODE.key(name[:20]), Supplier.name_zh_key == key, Supplier.name_en_key == key)
    found = work.all(select(Supplier).where(called))
    by_code = [one for one in found if supplier_key(one.code) == key]
    chosen = by_code or found
    return chosen[0] if len(chosen) == 1 else None
