"""Workshop over HTTP."""

from contracts.http import Route
from contracts.roles import (
    ADMINISTRATOR,
    BOOKING_AGENT,
    GUARD,
    PARTS_CLERK,
    QUALITY_INSPECTOR,
    SERVICE_ADVISOR,
    SERVICE_MANAGER,
    STAFF,
    TEAM_LEADER,
    TECHNICIAN,
    WORKSHOP_MANAGER,
)
from contracts.workshop import (
    agreement,
    board,
    core_charge,
    finding,
    handing_over,
    lane,
    order,
    pricing,
    reception,
    shop_floor,
    waiting,
)

ORDER = "/work-orders/{work_order_id}"
LINE = ORDER + "/lines/{line_id}"
LANE_CAR = "/lane/cars/{lane_car_id}"
ADVISOR = (SERVICE_ADVISOR,)
DESK = (SERVICE_ADVISOR, BOOKING_AGENT)
FOREMEN = (WORKSHOP_MANAGER, TEAM_LEADER)

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/lane", request=lane.GetLane, roles=STAFF),
    Route(method="POST", path="/lane/cars", request=lane.EnterLane, roles=DESK, creates=True),
    Route(method="POST", path=LANE_CAR + "/greet", request=lane.GreetCustomer, roles=DESK),
    Route(method="POST", path=LANE_CAR + "/give-ticket", request=lane.GiveTicket, roles=DESK),
    Route(method="POST", path=LANE_CAR + "/set-aside", request=lane.SetAside, roles=DESK),
    Route(method="POST", path=LANE_CAR + "/bring-back", request=lane.BringBack, roles=DESK),
    Route(method="POST", path=LANE_CAR + "/send-on", request=lane.SendOn, roles=DESK),
    Route(method="POST", path="/lane/alerts", request=lane.RaiseLaneAlert, roles=(GUARD, *DESK), creates=True),
    Route(method="GET", path="/lane/alerts", request=lane.ListLaneAlerts, roles=(SERVICE_MANAGER,)),
    Route(method="POST", path="/lane/alerts/{lane_alert_id}/relieve", request=lane.RelieveLane, roles=(SERVICE_MANAGER,)),
    Route(method="GET", path="/lane/analysis", request=lane.AnalyseLane, roles=(SERVICE_MANAGER,)),
    Route(method="GET", path="/reception-settings", request=lane.GetReceptionSettings, roles=STAFF),
    Route(method="PUT", path="/reception-settings", request=lane.SetReceptionSettings, roles=(SERVICE_MANAGER,), if_match=True),
    Route(method="POST", path="/work-orders", request=reception.OpenWorkOrder, roles=ADVISOR, creates=True),
    Route(method="GET", path="/work-orders", request=finding.ListWorkOrders, roles=STAFF),
    Route(method="GET", path="/waiting-orders", request=waiting.ListWaitingOrders, roles=STAFF),
    Route(method="GET", path=ORDER, request=order.GetWorkOrder, roles=STAFF),
    Route(method="POST", path=ORDER + "/jobs", request=order.RecordJob, roles=(SERVICE_ADVISOR, *FOREMEN, TECHNICIAN)),
    Route(method="POST", path=ORDER + "/lines", request=order.AddLines, roles=ADVISOR),
    Route(method="DELETE", path=LINE, request=order.RemoveLine, roles=ADVISOR, if_match=True),
    Route(method="POST", path=ORDER + "/estimates", request=agreement.IssueEstimate, roles=ADVISOR),
    Route(method="GET", path=ORDER + "/estimate", request=agreement.GetEstimate, roles=STAFF),
    Route(method="POST", path=ORDER + "/approve-estimate", request=agreement.ApproveEstimate, roles=ADVISOR),
    Route(method="POST", path=ORDER + "/decline-lines", request=agreement.DeclineLines, roles=ADVISOR),
    Route(method="POST", path=ORDER + "/withdraw-approval", request=agreement.WithdrawApproval, roles=ADVISOR),
    Route(method="POST", path=LINE + "/change-payer", request=agreement.ChangePayer, roles=ADVISOR),
    Route(method="POST", path=LINE + "/correct-sublet-price", request=agreement.CorrectSubletPrice, roles=ADVISOR),
    Route(method="POST", path=ORDER + "/propose-booked-work", request=agreement.ProposeBookedWork, roles=ADVISOR),
    Route(
        method="POST",
        path=ORDER + "/propose-additional-work",
        request=agreement.ProposeAdditionalWork,
        roles=(SERVICE_ADVISOR, *FOREMEN),
    ),
    Route(
        method="POST",
        path=ORDER + "/approve-additional-work",
        request=agreement.ApproveAdditionalWork,
        roles=ADVISOR,
    ),
    Route(method="GET", path=ORDER + "/authorisation-ledger", request=agreement.ListAuthorisations, roles=STAFF),
    Route(method="POST", path=ORDER + "/dispatch", request=shop_floor.DispatchWorkOrder, roles=FOREMEN),
    # Technicians clock while the advisor edits: what a clocking needs of the order, the order's state guards.
    Route(method="POST", path=LINE + "/clock-on", request=shop_floor.ClockOn, roles=(TECHNICIAN,)),
    Route(method="POST", path=LINE + "/clock-off", request=shop_floor.ClockOff, roles=(TECHNICIAN,)),
    Route(method="POST", path=LINE + "/clock-off-colleague", request=shop_floor.ClockOffColleague, roles=FOREMEN),
    Route(method="GET", path=ORDER + "/clockings", request=shop_floor.ListClockings, roles=STAFF),
    Route(
        method="POST",
        path=LINE + "/record-installed",
        request=shop_floor.RecordInstalled,
        roles=(SERVICE_ADVISOR, *FOREMEN, TECHNICIAN),
    ),
    Route(
        method="POST",
        path=LINE + "/receive-old-part",
        request=core_charge.ReceiveOldPart,
        roles=(SERVICE_ADVISOR, PARTS_CLERK),
    ),
    Route(method="GET", path="/open-core-charges", request=core_charge.ListOpenCoreCharges, roles=STAFF),
    Route(method="POST", path=ORDER + "/hold", request=shop_floor.HoldWorkOrder, roles=(SERVICE_ADVISOR, *FOREMEN)),
    Route(
        method="POST",
        path=ORDER + "/resume",
        request=shop_floor.ResumeWorkOrder,
        roles=(SERVICE_ADVISOR, *FOREMEN),
    ),
    Route(
        method="POST",
        path=ORDER + "/request-quality-check",
        request=shop_floor.RequestQualityCheck,
        roles=(*FOREMEN, TECHNICIAN),
    ),
    Route(method="POST", path=ORDER + "/check-quality", request=shop_floor.CheckQuality, roles=(QUALITY_INSPECTOR,)),
    Route(
        method="POST",
        path=ORDER + "/return-to-work",
        request=shop_floor.ReturnToWork,
        roles=(SERVICE_ADVISOR, *FOREMEN, QUALITY_INSPECTOR),
    ),
    Route(
        method="POST",
        path=ORDER + "/ready",
        request=handing_over.MarkReady,
        roles=(SERVICE_ADVISOR, QUALITY_INSPECTOR),
    ),
    Route(method="GET", path=ORDER + "/settlement", request=handing_over.GetSettlement, roles=STAFF),
    Route(method="POST", path=ORDER + "/deliver", request=handing_over.DeliverWorkOrder, roles=ADVISOR),
    Route(
        method="POST",
        path=ORDER + "/reverse-delivery",
        request=handing_over.ReverseDelivery,
        roles=(SERVICE_MANAGER,),
        accepts=True,
    ),
    Route(method="PUT", path=ORDER + "/payers/{payer}", request=order.NamePayer, roles=ADVISOR, if_match=True),
    Route(method="DELETE", path=ORDER + "/payers/{payer}", request=order.UnnamePayer, roles=ADVISOR, if_match=True),
    Route(method="POST", path=ORDER + "/void", request=order.VoidWorkOrder, roles=ADVISOR),
    Route(method="GET", path="/board", request=board.GetBoard, roles=STAFF),
    Route(method="GET", path="/my-work", request=board.GetMyWork, roles=(TECHNICIAN,)),
    Route(method="GET", path="/workshop-settings", request=pricing.GetWorkshopSettings, roles=STAFF),
    Route(method="PUT", path="/workshop-settings", request=pricing.SetWorkshopSettings, roles=(SERVICE_MANAGER,), if_match=True),
    Route(
        method="PUT", path="/menu-prices/{operation_code}", request=pricing.SetMenuPrice, roles=(SERVICE_MANAGER,), if_match=True
    ),
    Route(
        method="DELETE",
        path="/menu-prices/{operation_code}",
        request=pricing.RemoveMenuPrice,
        roles=(SERVICE_MANAGER,),
        if_match=True,
    ),
    Route(method="GET", path="/operations", request=pricing.ListOperations, roles=STAFF),
    Route(method="POST", path="/operations", request=pricing.PublishOperations, roles=(ADMINISTRATOR,), scope="group"),
    Route(method="POST", path="/model-coefficients", request=pricing.PublishCoefficients, roles=(ADMINISTRATOR,), scope="group"),
)
