"""A file as it was sealed (Rule W23): never changed, and not removed before its date. A paper that was filed is one, too."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Document, Entity, IdType, belongs_to, stored
from chassis.wire import Part
from contracts.signing import SignatureMeans
from contracts.workshop.order_file import FileDocument
from services.workshop.model import Base, never_changed


class Filed(Part):
    """A document of the file, as it was when the file was sealed."""

    kind: FileDocument
    document_id: str
    signed_by: str
    means: SignatureMeans | str
    signed_at: datetime | None = None
    signed_on: date | None = None
    document_hash: str | None = None
    reversed: bool = False
    void_since: datetime | None = None
    void_because: str | None = None


class FileContents(Document, version=2, upcasters={1: dict}):
    """What the file has. Before version 2 nothing that was void was told apart, and a paper had a time."""

    work_order_id: str
    order_number: str
    plate: str
    vin: str
    customer_name: str
    left_at: datetime
    sealed_at: datetime
    kept_until: date
    documents: list[Filed]


@never_changed
class SealedFile(Entity, Base):
    """One file; its id is the order's."""

    __tablename__ = "sealed_file"
    __table_args__ = (
        belongs_to("work_order", "id"),
        Index(None, "dealer_id", "vin"),
        Index(None, "dealer_id", "plate_key"),
        Index(None, "dealer_id", "order_number"),
    )

    vin: Mapped[str] = mapped_column(String(17))
    plate_key: Mapped[str] = mapped_column(String(16))
    order_number: Mapped[str] = mapped_column(String(20))
    document: Mapped[FileContents] = mapped_column(stored(FileContents))


@never_changed
class FiledPaper(Entity, Base):
    """A document that was signed by hand, as it was attached; filed anew, `attempt` counts, and those before are withdrawn."""

    __tablename__ = "filed_paper"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "attachment_id", "attempt", name="filed_paper_attempt_key"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    kind: Mapped[FileDocument] = mapped_column(String(24))
    attachment_id: Mapped[str] = mapped_column(IdType)
    attempt: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    signed_by: Mapped[str] = mapped_column(String(120))
    signed_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]


@never_changed
class PaperWithdrawal(Entity, Base):
    """That a paper was filed wrongly: it does not count, since when and why. Its id is the paper's."""

    __tablename__ = "paper_withdrawal"
    __table_args__ = (belongs_to("filed_paper", "id"),)

    reason: Mapped[str] = mapped_column(String(300))
    withdrawn_by: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime]
