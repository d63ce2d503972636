"""The routes of promised times, and of what customers are told."""

from contracts.http import Route
from contracts.roles import SERVICE_ADVISOR, SERVICE_MANAGER, STAFF, WORKSHOP_MANAGER
from contracts.workshop import progress, promise

ORDER = "/work-orders/{work_order_id}"

ADVISOR = (SERVICE_ADVISOR,)

PROMISE_ROUTES: tuple[Route, ...] = (
    Route(method="GET", path=ORDER + "/promise", request=promise.GetPromise, roles=STAFF),
    Route(method="POST", path=ORDER + "/promise/revise", request=promise.RevisePromise, roles=ADVISOR),
    Route(method="POST", path=ORDER + "/promise/explain", request=promise.ExplainMiss, roles=(SERVICE_ADVISOR, WORKSHOP_MANAGER)),
    Route(method="POST", path=ORDER + "/promise/waiting", request=promise.NoteWaiting, roles=ADVISOR),
    Route(method="POST", path=ORDER + "/progress-reports", request=promise.ReportProgress, roles=ADVISOR),
    Route(method="GET", path="/due-reports", request=progress.ListDueReports, roles=ADVISOR),
    Route(method="GET", path="/missed-promises", request=promise.ListMisses, roles=(SERVICE_MANAGER, WORKSHOP_MANAGER)),
    Route(method="GET", path="/promise-figures", request=promise.MeasurePromises, roles=(SERVICE_MANAGER, WORKSHOP_MANAGER)),
)
