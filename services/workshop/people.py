"""The rows of the registration table that are about the workshop's people: teams, attendance, certificates, working time."""

from chassis import command, query, timer
from contracts.workshop import attendance, certificate, working_time
from contracts.workshop.instruction import GetWorkInstructions
from contracts.workshop.performance import MeasurePerformance
from services.workshop.shop_floor import ending
from services.workshop.shop_floor import queries as shop_floor
from services.workshop.team import certifying, rostering, schooling
from services.workshop.team import queries as team


class PeopleRows:
    """Part of `WorkshopService`."""

    set_team_settings = command(certificate.SetTeamSettings, certifying.set_settings)
    get_team_settings = query(certificate.GetTeamSettings, team.get_settings)
    issue_certificate = command(certificate.IssueCertificate, certifying.issue)
    renew_certificate = command(certificate.RenewCertificate, certifying.renew)
    withdraw_certificate = command(certificate.WithdrawCertificate, certifying.withdraw)
    tell_of_expiry = timer(certifying.tell_of_expiry)
    list_certificates = query(certificate.ListCertificates, team.list_certificates)
    plan_training = command(certificate.PlanTraining, schooling.plan)
    record_training_result = command(certificate.RecordTrainingResult, schooling.record)
    cancel_training = command(certificate.CancelTraining, schooling.cancel)
    form_team = command(attendance.FormTeam, ending.watching(rostering.form))
    change_team = command(attendance.ChangeTeam, ending.watching(rostering.change))
    disband_team = command(attendance.DisbandTeam, ending.watching(rostering.disband))
    plan_shifts = command(attendance.PlanShifts, ending.watching(rostering.plan_shifts))
    record_absence = command(attendance.RecordAbsence, ending.watching(rostering.record_absence))
    cancel_absence = command(attendance.CancelAbsence, ending.watching(rostering.cancel_absence))
    get_attendance = query(attendance.GetAttendance, team.get_attendance)
    list_trainings = query(certificate.ListTrainings, team.list_trainings)
    end_forgotten_clocking = timer(ending.end)
    correct_clock_off = command(working_time.CorrectClockOff, ending.correct)
    list_forgotten_clock_offs = query(working_time.ListForgottenClockOffs, shop_floor.list_forgotten_clock_offs)
    get_work_instructions = query(GetWorkInstructions, shop_floor.get_work_instructions)
    measure_performance = query(MeasurePerformance, shop_floor.measure_performance)
