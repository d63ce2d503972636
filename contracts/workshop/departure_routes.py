"""The routes of a car's way back to its customer, and of what is kept of it."""

from contracts.http import Route
from contracts.roles import (
    BOOKING_AGENT,
    QUALITY_INSPECTOR,
    SERVICE_ADVISOR,
    SERVICE_MANAGER,
    STAFF,
    TEAM_LEADER,
    TECHNICAL_DIRECTOR,
    TECHNICIAN,
    WORKSHOP_MANAGER,
)
from contracts.workshop import completion, delivery_time, health_record, observation, order_file, road_test

ORDER = "/work-orders/{work_order_id}"
ADVISOR = (SERVICE_ADVISOR,)
DESK = (BOOKING_AGENT, SERVICE_ADVISOR)
FOREMEN = (WORKSHOP_MANAGER, TEAM_LEADER)

DEPARTURE_ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path=ORDER + "/ask-for-road-test",
        request=road_test.AskForRoadTest,
        roles=(SERVICE_ADVISOR, *FOREMEN, TECHNICIAN, QUALITY_INSPECTOR),
    ),
    Route(
        method="POST",
        path=ORDER + "/withdraw-road-test",
        request=road_test.WithdrawRoadTest,
        roles=(SERVICE_ADVISOR, *FOREMEN),
    ),
    Route(method="POST", path=ORDER + "/delivery-appointment", request=delivery_time.BookDelivery, roles=DESK, creates=True),
    Route(method="POST", path=ORDER + "/delivery-appointment/move", request=delivery_time.MoveDelivery, roles=DESK),
    Route(method="POST", path=ORDER + "/delivery-appointment/cancel", request=delivery_time.CancelDelivery, roles=DESK),
    Route(method="GET", path=ORDER + "/delivery-plan", request=delivery_time.GetDeliveryPlan, roles=STAFF),
    Route(method="GET", path="/delivery-day", request=delivery_time.GetDeliveryDay, roles=STAFF),
    Route(method="GET", path="/delivery-settings", request=delivery_time.GetDeliverySettings, roles=STAFF),
    Route(
        method="PUT",
        path="/delivery-settings",
        request=delivery_time.SetDeliverySettings,
        roles=(SERVICE_MANAGER,),
        if_match=True,
    ),
    Route(method="POST", path=ORDER + "/observations", request=observation.ObserveFault, roles=ADVISOR, creates=True),
    Route(method="GET", path="/observations", request=observation.ListObservations, roles=STAFF),
    Route(method="POST", path="/observations/{observation_id}/end", request=observation.EndObservation, roles=ADVISOR),
    Route(method="GET", path=ORDER + "/file", request=order_file.GetOrderFile, roles=STAFF),
    Route(method="POST", path=ORDER + "/file/papers", request=order_file.FilePaper, roles=ADVISOR, creates=True),
    Route(
        method="POST",
        path=ORDER + "/file/papers/{paper_id}/withdraw",
        request=order_file.WithdrawPaper,
        roles=(SERVICE_MANAGER,),
    ),
    Route(method="GET", path="/order-files", request=order_file.ListOrderFiles, roles=STAFF),
    Route(method="GET", path="/open-files", request=order_file.ListOpenFiles, roles=STAFF),
    Route(method="GET", path="/file-settings", request=order_file.GetFileSettings, roles=STAFF),
    Route(method="PUT", path="/file-settings", request=order_file.SetFileSettings, roles=(SERVICE_MANAGER,), if_match=True),
    Route(
        method="POST",
        path=ORDER + "/completion-certificate",
        request=completion.IssueCompletionCertificate,
        roles=(QUALITY_INSPECTOR, TECHNICAL_DIRECTOR),
        creates=True,
    ),
    Route(method="GET", path=ORDER + "/completion-certificates", request=completion.GetCompletionCertificates, roles=STAFF),
    Route(method="GET", path="/completion-certificates/to-issue", request=completion.ListCarsToCertify, roles=STAFF),
    Route(method="GET", path="/health-records", request=health_record.ListHealthRecords, roles=STAFF),
    Route(
        method="POST",
        path="/health-records/{record_id}/resend",
        request=health_record.ResendHealthRecord,
        roles=(SERVICE_ADVISOR, SERVICE_MANAGER),
    ),
)
