"""How much a dealer has stored: each content counts once, however often it was attached."""

from sqlalchemy import String, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Refused, Work
from contracts.workshop.evidence import StoredFile
from services.workshop.evidence.attachment import Attachment
from services.workshop.model import Base

FILES = "files"
GIGABYTE = 1_000_000_000


class StoredVolume(DealerOwned, Base):
    """The bytes of the dealer's recorded files; their thumbnails are not counted."""

    __tablename__ = "stored_volume"

    of: Mapped[str] = mapped_column(String(10), primary_key=True)
    bytes: Mapped[int]


def count(work: Work, file: StoredFile, most: int) -> None:
    """Count a file that is about to be attached, unless the dealer has recorded its content before.

    Raises Refused when the dealer would have stored more than that.
    """
    # Locked first: of two who attach one content at the same time, the second sees the first one's.
    volume = work.lock_or_create(StoredVolume, {"of": FILES}, bytes=0)
    [(known,)] = work.execute(select(exists(select(Attachment.id).where(Attachment.sha256 == file.sha256))))
    if known:
        return
    if volume.bytes + file.size > most:
        raise Refused("attachment_storage_full", most=most // GIGABYTE)
    volume.bytes += file.size


def stored_bytes(work: Work) -> int:
    """How much the dealer has stored."""
    volume = work.find(StoredVolume, FILES)
    return 0 if volume is None else volume.bytes
