"""The routes of a car's way back to its customer, and of what is kept of it."""

from contracts.http import Route
from contracts.roles import BOOKING_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER, STAFF
from contracts.workshop import delivery_time, observation

ORDER = "/work-orders/{work_order_id}"
ADVISOR = (SERVICE_ADVISOR,)
DESK = (BOOKING_AGENT, SERVICE_ADVISOR)

DEPARTURE_ROUTES: tuple[Route, ...] = (
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
)
