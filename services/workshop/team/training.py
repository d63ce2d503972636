"""A training (培训) of somebody of the workshop: planned, held with a result, and the certificate that came of it (Rule W20)."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, Refused
from contracts.workshop import certificate
from contracts.workshop.certificate import TrainingState
from services.workshop.model import Base


class Training(Aggregate, Base):
    """`state` says whether it is still to be held, how it ended, or that it is not held."""

    __tablename__ = "training"
    __table_args__ = (Index(None, "dealer_id", "planned_on", "id"), Index(None, "dealer_id", "trainee", "planned_on", "id"))

    trainee: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(200))
    skill: Mapped[str | None] = mapped_column(String(30))
    planned_on: Mapped[date]
    state: Mapped[TrainingState] = mapped_column(String(10))
    held_on: Mapped[date | None]
    result_note: Mapped[str | None] = mapped_column(String(300))
    certificate_id: Mapped[str | None] = mapped_column(IdType)

    def record(self, held_on: date, note: str | None, *, passed: bool, today: date) -> None:
        """It was held. Raises Invalid for a day to come; Refused if its result is known, or it was cancelled."""
        self._require_planned()
        if held_on > today:
            raise Invalid.field("held_on", "must_not_be_future")
        self.state, self.held_on, self.result_note = "passed" if passed else "failed", held_on, note

    def cancel(self, reason: str) -> None:
        """It is not held."""
        self._require_planned()
        self.state, self.result_note = "cancelled", reason

    def certify(self, certificate_id: str, holder: str, skill: str) -> None:
        """The certificate came of it. Raises Refused unless this person passed it for this skill, and has none of it yet."""
        if self.state != "passed" or (self.trainee, self.skill) != (holder, skill):
            raise Refused("not_trained_for_it", name=holder, skill=skill)
        if self.certificate_id is not None:
            raise Refused("training_certified", name=holder, skill=skill)
        self.certificate_id = certificate_id

    def _require_planned(self) -> None:
        if self.state != "planned":
            raise Refused("training_over", name=self.trainee)

    def describe(self) -> certificate.Training:
        """The training as it is answered."""
        return certificate.Training(
            id=self.id,
            version=self.version,
            trainee=self.trainee,
            topic=self.topic,
            skill=self.skill,
            planned_on=self.planned_on,
            training_state=self.state,
            held_on=self.held_on,
            result_note=self.result_note,
            certificate_id=self.certificate_id,
        )
