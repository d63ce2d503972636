"""Files of attachments: what the gateway delivers is passed on as it comes, with the rights of whoever asks and nobody else's."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import urllib3
from flask import Blueprint, Response, abort, request

from console import entrance
from console.gateway import Call

blueprint = Blueprint("files", __name__)

_ASKED = ("Range", "If-Range", "If-None-Match")
_PASSED_ON = (
    "Content-Type",
    "Content-Length",
    "Content-Range",
    "Content-Disposition",
    "Accept-Ranges",
    "ETag",
    "Cache-Control",
)
_BLOCK = 64 * 1024


@blueprint.get("/d/<dealer>/orders/<work_order_id>/attachments/<attachment_id>/<what>")
def attachment(dealer: str, work_order_id: str, attachment_id: str, what: str) -> Response:
    """The content of an attachment, or its thumbnail."""
    desk = entrance.desk(dealer)
    return passed_on(desk.ask, f"{desk.below}/work-orders/{work_order_id}", attachment_id, what)


@blueprint.get("/d/<dealer>/legs/<leg_id>/attachments/<attachment_id>/<what>")
def leg_attachment(dealer: str, leg_id: str, attachment_id: str, what: str) -> Response:
    """The content of a photo of a leg, or its thumbnail."""
    desk = entrance.desk(dealer)
    return passed_on(desk.ask, f"{desk.below}/legs/{leg_id}", attachment_id, what)


def passed_on(ask: Callable[[Call], Any], below: str, attachment_id: str, what: str) -> Response:
    """The content or thumbnail of an attachment, as whoever asks may see it."""
    if what not in ("content", "thumbnail"):
        abort(404)
    asked = {name: request.headers[name] for name in _ASKED if name in request.headers}
    path = f"{below}/attachments/{quote(attachment_id, safe='')}/{what}"
    answer: urllib3.BaseHTTPResponse = ask(Call("GET", path, more=asked, streamed=True))
    headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    return Response(_Body(answer), answer.status, headers, direct_passthrough=True)


class _Body:
    """The blocks of an answer of the gateway. Whoever sends them closes it, also when nothing of it was sent."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.stream(_BLOCK)

    def close(self) -> None:
        """Nobody reads any more."""
        self._answer.close()
