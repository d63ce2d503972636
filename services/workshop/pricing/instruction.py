"""Work instructions (作业指导书) of the group's operations, version by version (Rule W27). None is ever changed."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import String, Text, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Work
from contracts.workshop.pricing import OperationEntry, WorkInstruction
from services.workshop.model import Base


class PublishedInstruction(Base):
    """One version of an operation's instruction. The group shares it."""

    __tablename__ = "work_instruction"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    steps: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(500))

    @property
    def said(self) -> WorkInstruction:
        """What it says."""
        return WorkInstruction(steps=self.steps, link=self.link)


class Pinned(NamedTuple):
    """A version of an operation's instruction."""

    code: str
    version: int


def keep_instructions(work: Work, entries: Iterable[OperationEntry]) -> dict[str, int]:
    """Keep what is new of them, each as the next version. The versions that hold from now on, by operation."""
    wanted = {entry.operation_code: entry.instruction for entry in entries}
    codes = sorted(code for code, instruction in wanted.items() if instruction is not None)
    if not codes:
        return {}
    known = work.all(
        select(PublishedInstruction).where(PublishedInstruction.code.in_(codes)).order_by(PublishedInstruction.version)
    )
    latest = {one.code: one for one in known}
    holds: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    for code in codes:
        before, now = latest.get(code), wanted[code]
        assert now is not None
        if before is not None and before.said == now:
            holds[code] = before.version
            continue
        holds[code] = 1 if before is None else before.version + 1
        rows.append({"code": code, "version": holds[code], "steps": now.steps, "link": now.link})
    if rows:
        work.insert_new(PublishedInstruction, *rows)
    return holds


def instructions_of(work: Work, pinned: Collection[Pinned]) -> dict[Pinned, WorkInstruction]:
    """What these versions say, by one statement."""
    if not pinned:
        return {}
    key = tuple_(PublishedInstruction.code, PublishedInstruction.version)
    found = work.all(select(PublishedInstruction).where(key.in_([tuple(one) for one in sorted(pinned)])))
    return {Pinned(one.code, one.version): one.said for one in found}
