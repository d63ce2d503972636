"""An answer as a response: its status, its tag, and compressed where that is worth it."""

from http import HTTPStatus
from typing import Any

from flask import Response, request

from chassis.wire.replayed import Replayed
from gateway.http import headers
from gateway.http.sharing import Alike, compressed, written

COMPRESSED_FROM = 1024
"""Bytes; a shorter answer fits one packet anyway."""


def made(answer: Any, status: int, location: str | None) -> Response:
    """The answer, or that it still is the one that the caller has."""
    body = answer.written if isinstance(answer, Alike) else written(answer)
    response = Response(body, status, content_type="application/json")
    facts = answer if isinstance(answer, dict) else {}
    if isinstance(answer, Replayed):
        response.headers[headers.REPLAYED] = "true"
    small = len(body) >= COMPRESSED_FROM and headers.takes_gzip(response)
    response.set_etag(headers.entity_tag(body, facts.get("version")), weak=small)
    if location is not None and ("{id}" not in location or facts.get("id") is not None):
        response.headers["Location"] = location.format(**{**(request.view_args or {}), "id": facts.get("id")})
    if request.method == "GET" and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code = HTTPStatus.NOT_MODIFIED
        response.set_data(b"")
        response.headers.remove("Content-Type")
    elif small:
        response.set_data(answer.compressed if isinstance(answer, Alike) else compressed(body))
        response.headers["Content-Encoding"] = "gzip"
    return response
