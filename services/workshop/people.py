"""The rows of the registration table that are about the workshop's people: teams, attendance, certificates, working time."""

from chassis import command, query, timer
from contracts.workshop import attendance, certificate, working_time
from services.workshop.shop_floor import forgotten
from services.workshop.team import certifying, rostering, schooling
from services.workshop.team import queries as team


class PeopleRows:
    """Part of `WorkshopService`."""

    set_team_settings = command(certificate.SetTeamSettings, forgotten.watching(certifying.set_settings))
    get_team_settings = query(certificate.GetTeamSettings, team.get_settings)
    issue_certificate = command(certificate.IssueCertificate, certifying.issue)
    renew_certificate = command(certificate.RenewCertificate, certifying.renew)
    withdraw_certificate = command(certificate.WithdrawCertificate, certifying.withdraw)
    tell_of_expiry = timer(certifying.tell_of_expiry)
    list_certificates = query(certificate.ListCertificates, team.list_certificates)
    plan_training = command(certificate.PlanTraining, schooling.plan)
    record_training_result = command(certificate.RecordTrainingResult, schooling.record)
    cancel_training = command(certificate.CancelTraining, schooling.cancel)
    form_team = command(attendance.FormTeam, forgotten.watching(rostering.form))
    change_team = command(attendance.ChangeTeam, forgotten.watching(rostering.change))
    disband_team = command(attendance.DisbandTeam, forgotten.watching(rostering.disband))
    plan_shifts = command(attendance.PlanShifts, forgotten.watching(rostering.plan_shifts))
    record_absence = command(attendance.RecordAbsence, forgotten.watching(rostering.record_absence))
    cancel_absence = command(attendance.CancelAbsence, forgotten.watching(rostering.cancel_absence))
    get_attendance = query(attendance.GetAttendance, team.get_attendance)
    list_trainings = query(certificate.ListTrainings, team.list_trainings)
    end_forgotten_clocking = timer(forgotten.end)
    correct_clock_off = command(working_time.CorrectClockOff, forgotten.correct)
    list_forgotten_clock_offs = query(working_time.ListForgottenClockOffs, forgotten.list_forgotten)
