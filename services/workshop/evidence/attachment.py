"""An attachment: a file of a work order or of a leg, with what it shows, who attached it and when. It is never changed."""

from datetime import datetime
from typing import Any, cast, get_args

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, belongs_to
from contracts.workshop import evidence
from contracts.workshop.damage import Panel
from contracts.workshop.events import AttachmentAdded
from contracts.workshop.evidence import AttachmentKind, FileType, Medium, RecordAttachment
from contracts.workshop.leg_evidence import RecordLegAttachment
from services.workshop.model import Base, never_changed
from services.workshop.order.job import require_job
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


@never_changed
class Attachment(Aggregate, Base):
    """One attachment; its content is the stored file with this checksum. The database, too, refuses to change it."""

    __tablename__ = "attachment"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        Index(None, "dealer_id", "work_order_id", "id"),
        Index(None, "dealer_id", "leg_id", "id"),
        Index(None, "dealer_id", "sha256"),
    )

    work_order_id: Mapped[str | None] = mapped_column(IdType)
    leg_id: Mapped[str | None] = mapped_column(IdType)
    kind: Mapped[AttachmentKind] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(String(300))
    job: Mapped[int | None]
    line_id: Mapped[str | None] = mapped_column(IdType)
    item: Mapped[str | None] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    content_type: Mapped[FileType] = mapped_column(String(30))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    seconds: Mapped[int | None]
    thumbnail: Mapped[bool]
    attached_by: Mapped[str] = mapped_column(String(64))
    attached_at: Mapped[datetime]

    @classmethod
    def to(cls, order: WorkOrder, recorded: RecordAttachment, *, by: str, at: datetime) -> "Attachment":
        """Attach a stored file to an order. Raises Refused when the order's file is closed, or has no such job; Invalid for a
        line of another order, and for what is no panel of a car.
        """
        order.require(Transition.ATTACH)
        _require_subject(recorded)
        if recorded.job is not None:
            require_job(order.jobs, recorded.job)
        if recorded.line_id is not None and all(line.id != recorded.line_id for line in order.lines):
            raise Invalid.field("line_id", "no_such_line", line=recorded.line_id)
        attached = cls.keep(
            recorded,
            by=by,
            at=at,
            visit_id=order.visit_id,
            work_order_id=order.id,
            kind=recorded.kind,
            job=recorded.job,
            line_id=recorded.line_id,
            item=recorded.item,
        )
        attached.announce(
            AttachmentAdded(
                work_order_id=order.id,
                attachment_id=attached.id,
                kind=recorded.kind,
                content_type=recorded.file.content_type,
                sha256=recorded.file.sha256,
            )
        )
        return attached

    @classmethod
    def keep(cls, recorded: RecordAttachment | RecordLegAttachment, *, by: str, at: datetime, **of: Any) -> "Attachment":
        """A stored file, and what it is of."""
        file = recorded.file
        return cls(
            **of,
            name=recorded.name,
            note=recorded.note,
            sha256=file.sha256,
            content_type=file.content_type,
            size=file.size,
            width=file.width,
            height=file.height,
            seconds=file.seconds,
            thumbnail=file.thumbnail,
            attached_by=by,
            attached_at=at,
        )

    @property
    def medium(self) -> Medium:
        """What it is to people."""
        return medium_of(self.content_type)

    def describe(self) -> evidence.Attachment:
        """The attachment as it is answered."""
        return evidence.Attachment(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            leg_id=self.leg_id,
            kind=self.kind,
            medium=self.medium,
            name=self.name,
            note=self.note,
            job=self.job,
            line_id=self.line_id,
            item=self.item,
            sha256=self.sha256,
            content_type=self.content_type,
            size=self.size,
            width=self.width,
            height=self.height,
            seconds=self.seconds,
            thumbnail=self.thumbnail,
            attached_by=self.attached_by,
            attached_at=self.attached_at,
        )


def _require_subject(recorded: RecordAttachment) -> None:
    """A walk-around has panels, an inspection items; nothing else has any. Raises Invalid naming the field."""
    if recorded.item is None or recorded.kind == "finding":
        return
    if recorded.kind != "walk_around":
        raise Invalid.field("item", "only_of_panel_or_finding")
    if recorded.item not in get_args(Panel):
        raise Invalid.field("item", "no_such_panel")


def medium_of(content_type: FileType) -> Medium:
    """A photo, a video, or a paper."""
    return cast("Medium", {"image": "photo", "video": "video"}.get(content_type.partition("/")[0], "paper"))


PICTURES: tuple[FileType, ...] = tuple(one for one in get_args(FileType) if medium_of(one) != "paper")
"""The types of photos and videos."""
