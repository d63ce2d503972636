"""The training plan (培训计划): who is to learn what when, and what came of it (Rule W20)."""

from chassis import Work
from contracts.workshop.certificate import CancelTraining, PlanTraining, RecordTrainingResult
from services.workshop.team.certifying import require_of_the_workshop, today_of
from services.workshop.team.training import Training


def plan(work: Work, command: PlanTraining) -> Training:
    """Somebody of the workshop is to be trained."""
    require_of_the_workshop(work, "trainee", command.trainee)
    training = Training(
        trainee=command.trainee,
        topic=command.topic,
        skill=command.skill,
        planned_on=command.planned_on,
        state="planned",
    )
    work.add(training)
    return training


def record(work: Work, command: RecordTrainingResult) -> Training:
    """It was held, and passed or not."""
    training = work.edit(Training, command.training_id)
    training.record(command.held_on, command.result_note, passed=command.passed, today=today_of(work))
    return training


def cancel(work: Work, command: CancelTraining) -> Training:
    """It is not held."""
    training = work.edit(Training, command.training_id)
    training.cancel(command.reason)
    return training
