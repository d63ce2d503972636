"""Electric cars over HTTP: their high-voltage systems and batteries."""

from contracts.http import Route
from contracts.roles import QUALITY_INSPECTOR, STAFF, TEAM_LEADER, TECHNICAL_DIRECTOR, TECHNICIAN, WORKSHOP_MANAGER
from contracts.workshop import battery, isolation

ISOLATIONS = "/work-orders/{work_order_id}/isolations"
ISOLATION = ISOLATIONS + "/{isolation_id}"
AT_THE_CAR = (TECHNICIAN, TEAM_LEADER, WORKSHOP_MANAGER)
CONFIRM = (*AT_THE_CAR, QUALITY_INSPECTOR, TECHNICAL_DIRECTOR)
"""Whoever may hold a certificate: whether they do, is asked with each step."""

ELECTRIC_ROUTES: tuple[Route, ...] = (
    Route(method="GET", path=ISOLATIONS, request=isolation.GetIsolations, roles=STAFF),
    Route(method="POST", path=ISOLATIONS, request=isolation.LockOff, roles=AT_THE_CAR),
    Route(method="POST", path=ISOLATION + "/measure", request=isolation.MeasureIsolation, roles=AT_THE_CAR),
    Route(method="POST", path=ISOLATION + "/confirm", request=isolation.ConfirmIsolation, roles=CONFIRM),
    Route(method="POST", path=ISOLATION + "/energise", request=isolation.Energise, roles=AT_THE_CAR),
    Route(method="POST", path=ISOLATION + "/confirm-energising", request=isolation.ConfirmEnergising, roles=CONFIRM),
    Route(
        method="POST",
        path="/work-orders/{work_order_id}/battery-measurements",
        request=battery.MeasureBattery,
        roles=(*AT_THE_CAR, QUALITY_INSPECTOR),
    ),
    Route(method="GET", path="/vehicles/{vehicle_id}/battery", request=battery.GetBattery, roles=STAFF),
    Route(method="POST", path=ISOLATION + "/void", request=isolation.VoidIsolation, roles=(TECHNICAL_DIRECTOR,)),
)
