"""The routes of promised times."""

from contracts.http import Route
from contracts.roles import STAFF
from contracts.workshop import promise

ORDER = "/work-orders/{work_order_id}"

PROMISE_ROUTES: tuple[Route, ...] = (Route(method="GET", path=ORDER + "/promise", request=promise.GetPromise, roles=STAFF),)
