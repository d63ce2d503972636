"""A team (班组) with its leader, members and shifts; a technician's own shifts; absences (Rule W9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Invalid, Refused, document
from contracts.workshop import attendance as contract
from contracts.workshop.attendance import AbsenceKind
from services.workshop.model import Base
from services.workshop.team.shifts import PlannedShift, Stretch, shown

LONGEST = timedelta(days=366)
WORKING = text("disbanded_at IS NULL")
COUNTING = text("cancelled_at IS NULL")


class Team(Aggregate, Base):
    """Its shifts are those of all members who have none of their own."""

    __tablename__ = "team"
    __table_args__ = (Index("team_working_ix", "dealer_id", "id", postgresql_where=WORKING, sqlite_where=WORKING),)

    team_name: Mapped[str] = mapped_column(String(60))
    leader: Mapped[str] = mapped_column(String(64))
    members: Mapped[list[str]] = mapped_column(document)
    shifts: Mapped[list[PlannedShift]] = mapped_column(document)
    disbanded_at: Mapped[datetime | None]

    def set(self, name: str, leader: str, members: Sequence[str], shifts: list[PlannedShift]) -> "Team":
        """From now on it is so. Raises Refused for a team that was disbanded; Invalid naming a member who is there twice."""
        self.require_working()
        for index, one in enumerate(members):
            if one in members[:index]:
                raise Invalid.field(f"members.{index}", "named_twice")
        self.team_name, self.leader, self.members, self.shifts = name, leader, list(members), shifts
        return self

    @property
    def people(self) -> list[str]:
        """Who is in it, and who leads it."""
        return [*self.members, *(() if self.leader in self.members else (self.leader,))]

    def disband(self, at: datetime) -> None:
        """Its members are in no team."""
        self.require_working()
        self.disbanded_at = at

    def require_working(self) -> None:
        """Raises Refused for one that was disbanded."""
        if self.disbanded_at is not None:
            raise Refused("team_disbanded", team=self.team_name)

    def describe(self) -> contract.Team:
        """The team as it is answered."""
        return contract.Team(
            id=self.id,
            version=self.version,
            team_name=self.team_name,
            leader=self.leader,
            members=self.members,
            shifts=shown(self.shifts),
            disbanded_at=self.disbanded_at,
        )


class ShiftPlan(Aggregate, Base):
    """One per technician who has shifts of their own, or had; its id follows from the login."""

    __tablename__ = "shift_plan"

    technician: Mapped[str] = mapped_column(String(64))
    shifts: Mapped[list[PlannedShift]] = mapped_column(document)

    def describe(self) -> contract.ShiftPlan:
        """The plan as it is answered."""
        return contract.ShiftPlan(id=self.id, version=self.version, technician=self.technician, shifts=shown(self.shifts))


class Absence(Aggregate, Base):
    """Somebody is not there for a while, whatever their shifts say."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("absence_counting_ix", "dealer_id", "until_at", "id", postgresql_where=COUNTING, sqlite_where=COUNTING),
    )

    technician: Mapped[str] = mapped_column(String(64))
    kind: Mapped[AbsenceKind] = mapped_column(String(10))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(String(300))
    cancelled_at: Mapped[datetime | None]

    def begin(self) -> "Absence":
        """It counts. Raises Invalid naming the field for one that ends before it begins, or lasts longer than a year."""
        if self.until_at <= self.from_at:
            raise Invalid.field("until_at", "must_be_after", field="from_at")
        if self.until_at - self.from_at > LONGEST:
            raise Invalid.field("until_at", "period_between", days=LONGEST.days)
        return self

    def cancel(self, at: datetime) -> None:
        """They are there after all: said once."""
        if self.cancelled_at is not None:
            raise Refused("absence_cancelled", name=self.technician)
        self.cancelled_at = at

    @property
    def stretch(self) -> Stretch:
        """From when to when."""
        return self.from_at, self.until_at

    def describe(self) -> contract.Absence:
        """The absence as it is answered."""
        return contract.Absence(
            id=self.id,
            version=self.version,
            technician=self.technician,
            absence_kind=self.kind,
            from_at=self.from_at,
            until_at=self.until_at,
            note=self.note,
            cancelled_at=self.cancelled_at,
        )
