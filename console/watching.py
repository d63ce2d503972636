"""The stream of a tab that is looked at: that something changed at the dealer, never what."""

from flask import Blueprint, Response, abort, request

from chassis.process.server import STREAM
from console import entrance
from console.live.line import Ear
from console.live.tabs import WATCH, ShuttingDown, TooMany
from console.session import SignedOut, name_of

blueprint = Blueprint("watching", __name__)

_RETRY_AFTER = "30"
_MARK_DIGITS = 15


@blueprint.get("/d/<dealer>/live")
def live(dealer: str) -> Response:
    """What changes at the dealer since the page was read (`since`), or since what the browser saw last."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    try:
        desk = entrance.desk(dealer)
        desk.prove()
        if not desk.may(*WATCH):
            abort(403)
        ear = Ear(name_of(entrance.handle()), desk.person.login, entrance.handle(), entrance.caller())
        tab = entrance.parts().live.open(ear, dealer, desk.zone, _since())
    except SignedOut:  # no page is asked for: there is nothing to come back to
        return Response(status=401)
    except (ShuttingDown, TooMany) as refused:
        return Response(status=refused.status, headers={"Retry-After": _RETRY_AFTER})
    if STREAM in request.environ:
        tab.there = request.environ[STREAM]()
    return Response(tab, content_type="text/event-stream", headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})


def _since() -> float:
    """In seconds since the epoch; the beginning, where it is no mark of ours."""
    given = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return int(given) / 1000 if given.isascii() and given.isdecimal() and len(given) <= _MARK_DIGITS else 0.0
