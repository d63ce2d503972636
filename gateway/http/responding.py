"""An answer as a response: its status, its tag, and compressed where that is worth it."""

import gzip
import json
from http import HTTPStatus
from typing import Any

from flask import Response, request

from chassis.wire.replayed import Replayed
from gateway.http import headers

COMPRESSED_FROM = 1024
"""Bytes; a shorter answer fits one packet anyway."""
_FAST = 1


def made(answer: Any, status: int, location: str | None) -> Response:
    """The answer, or that it still is the one that the caller has."""
    response = Response(json.dumps(answer, ensure_ascii=False), status, content_type="application/json")
    facts = answer if isinstance(answer, dict) else {}
    if isinstance(answer, Replayed):
        response.headers[headers.REPLAYED] = "true"
    compressed = len(response.get_data()) >= COMPRESSED_FROM and headers.takes_gzip(response)
    response.set_etag(headers.entity_tag(response.get_data(), facts.get("version")), weak=compressed)
    if location is not None and ("{id}" not in location or facts.get("id") is not None):
        response.headers["Location"] = location.format(**{**(request.view_args or {}), "id": facts.get("id")})
    if request.method == "GET" and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code = HTTPStatus.NOT_MODIFIED
        response.set_data(b"")
        response.headers.remove("Content-Type")
    elif compressed:
        response.set_data(gzip.compress(response.get_data(), _FAST, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
