"""The routes of the workshop's people: who is there, who is certified for what, who should do what next, how long they worked."""

from contracts.http import Route
from contracts.roles import STAFF, TEAM_LEADER, TECHNICAL_DIRECTOR, TECHNICIAN, WORKSHOP_MANAGER
from contracts.workshop import (
    attendance,
    certificate,
    dispatch_proposal,
    instruction,
    performance,
    quality,
    recommendation,
    working_time,
)

ORDER = "/work-orders/{work_order_id}"
CERTIFICATE = "/certificates/{certificate_id}"
TRAINING = "/trainings/{training_id}"
DIRECTOR = (TECHNICAL_DIRECTOR,)
PLANNERS = (TECHNICAL_DIRECTOR, WORKSHOP_MANAGER, TEAM_LEADER)

TEAM_ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/certificates", request=certificate.ListCertificates, roles=PLANNERS),
    Route(method="POST", path="/certificates", request=certificate.IssueCertificate, roles=DIRECTOR, creates=True),
    Route(method="POST", path=CERTIFICATE + "/renew", request=certificate.RenewCertificate, roles=DIRECTOR, creates=True),
    Route(method="POST", path=CERTIFICATE + "/withdraw", request=certificate.WithdrawCertificate, roles=DIRECTOR),
    Route(method="GET", path="/trainings", request=certificate.ListTrainings, roles=PLANNERS),
    Route(method="POST", path="/trainings", request=certificate.PlanTraining, roles=DIRECTOR, creates=True),
    Route(method="POST", path=TRAINING + "/record-result", request=certificate.RecordTrainingResult, roles=DIRECTOR),
    Route(method="POST", path=TRAINING + "/cancel", request=certificate.CancelTraining, roles=DIRECTOR),
    Route(method="GET", path="/attendance", request=attendance.GetAttendance, roles=PLANNERS),
    Route(method="POST", path="/teams", request=attendance.FormTeam, roles=PLANNERS, creates=True),
    Route(method="POST", path="/teams/{team_id}/change", request=attendance.ChangeTeam, roles=PLANNERS),
    Route(method="POST", path="/teams/{team_id}/disband", request=attendance.DisbandTeam, roles=PLANNERS),
    Route(method="POST", path="/shift-plans", request=attendance.PlanShifts, roles=PLANNERS),
    Route(method="POST", path="/absences", request=attendance.RecordAbsence, roles=PLANNERS, creates=True),
    Route(method="POST", path="/absences/{absence_id}/cancel", request=attendance.CancelAbsence, roles=PLANNERS),
    Route(method="GET", path="/dispatch-proposals", request=dispatch_proposal.ProposeDispatch, roles=PLANNERS),
    Route(method="GET", path="/team-settings", request=certificate.GetTeamSettings, roles=STAFF),
    Route(method="PUT", path="/team-settings", request=certificate.SetTeamSettings, roles=DIRECTOR, if_match=True),
    Route(method="GET", path="/forgotten-clock-offs", request=working_time.ListForgottenClockOffs, roles=PLANNERS),
    Route(method="GET", path="/workshop-performance", request=performance.MeasurePerformance, roles=PLANNERS),
    Route(method="GET", path="/workshop-quality", request=quality.MeasureQuality, roles=PLANNERS),
    Route(
        method="POST",
        path=ORDER + "/recommendations",
        request=recommendation.RecommendWork,
        roles=(WORKSHOP_MANAGER, TEAM_LEADER),
    ),
    Route(method="GET", path=ORDER + "/work-instructions", request=instruction.GetWorkInstructions, roles=STAFF),
    Route(method="GET", path="/team-checks", request=quality.ListTeamChecks, roles=STAFF),
    Route(method="POST", path=ORDER + "/own-fault", request=quality.ReportOwnFault, roles=(TECHNICIAN,)),
    Route(method="POST", path=ORDER + "/team-check", request=quality.CheckTeamWork, roles=(WORKSHOP_MANAGER, TEAM_LEADER)),
    Route(method="POST", path="/clockings/{clocking_id}/correct", request=working_time.CorrectClockOff, roles=PLANNERS),
)
