"""Headers: what requests may carry and answers do carry, said once for the document and the code that sends them."""

import hashlib
from typing import Any

from flask import Response, request

from gateway.http.table import Row

KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A key of your choice. Repeat the request with the same key and it has its effect once and the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
    "example": "5b0f7c0e-front-desk-42",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": 'The ETag of the object as you saw it; its version in quotes, "7", will do. Answered 412 if it has changed.',
    "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,18}(-[0-9a-f]{16})?"$'},
    "example": '"7"',
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of the answer you have: if it still is the answer, 304 without a body.",
    "schema": {"type": "string", "maxLength": 1000},
    "example": '"7-0a1b2c3d4e5f6071"',
}
RANGE = {
    "in": "header",
    "name": "Range",
    "required": False,
    "description": "The part of the file that is wanted, if not the whole: one range of bytes.",
    "schema": {"type": "string", "maxLength": 100},
    "example": "bytes=0-1048575",
}
LAST_EVENT_ID = {
    "in": "header",
    "name": "Last-Event-ID",
    "required": False,
    "description": "The id of the last event that was seen: the stream goes on a little before it.",
    "schema": {"type": "string", "maxLength": 100},
    "example": "1764404660123",
}

REPLAYED = "Idempotency-Replayed"
_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
RESPONSE_HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "Fingerprint of this answer, weak if compressed; before the dash the version of the object, for If-Match.",
        "schema": _TEXT,
        "example": '"7-0a1b2c3d4e5f6071"',
    },
    "Location": {
        "description": "Where what was created can be read.",
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "/v1/dealers/sh-pudong/work-orders/0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d10",
    },
    "X-Request-Id": {
        "description": "Names this request in our logs; the one you sent, if it was 1 to 64 letters, digits or . : _ -",
        "schema": _TEXT,
        "example": "9f2c4d1a7b3e5f60",
    },
    "Content-Language": {
        "description": "The language of the sentences in this answer, chosen by Accept-Language, else the account's.",
        "schema": _TEXT,
        "example": "en",
    },
    "Content-Range": {
        "description": "Which part of the file this is, and how large all of it is.",
        "schema": _TEXT,
        "example": "bytes 0-1048575/7340032",
    },
    "Retry-After": {"description": "How many seconds to wait before the request is repeated.", "schema": _NUMBER, "example": 1},
    "RateLimit-Policy": {
        "description": "How many requests (q) the caller, and all of the dealer's together, may make in so many seconds (w).",
        "schema": _TEXT,
        "example": '"principal";q=1000;w=1, "dealer";q=2000;w=1',
    },
    "RateLimit": {
        "description": "How many requests are left (r) of each policy until it is counted anew, in so many seconds (t).",
        "schema": _TEXT,
        "example": '"principal";r=998;t=1, "dealer";r=1997;t=1',
    },
    REPLAYED: {
        "description": "`true` if the request was done before under its Idempotency-Key, and this is the answer it got then.",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
    "WWW-Authenticate": {
        "description": "What would have been accepted: a bearer token, or a login or client and its secret.",
        "schema": _TEXT,
        "example": 'Bearer realm="servicelane"',
    },
}

RATES = ("RateLimit-Policy", "RateLimit")
RETRIED = (429, 503, 504)
"""Answers after which the same request may be made again a little later."""


def referred(*names: str) -> dict[str, Any]:
    """These headers of a response, as references to the document's components."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def of_request(row: Row) -> list[dict[str, Any]]:
    """The header parameters of a route."""
    if not row.is_command:
        if row.route.delivers:
            return [IF_NONE_MATCH, RANGE]
        return [LAST_EVENT_ID if row.route.streams else IF_NONE_MATCH]
    return [{**KEY, "required": row.needs_key}, {**IF_MATCH, "required": row.route.if_match}]


def of_problem(status: int) -> dict[str, Any]:
    """The headers of a problem."""
    names = ["X-Request-Id", "Content-Language"]
    names += ["Retry-After"] if status in RETRIED else []
    names += ["WWW-Authenticate"] if status == 401 else []
    names += RATES if status == 429 else []
    return referred(*names)


def entity_tag(body: bytes, version: Any) -> str:
    """The ETag of an answer: what it is compared by. An object's begins with its version; the rest is the answer's fingerprint.

    The version alone would not do for reads: an answer may show facts of others (stock, invoices) that change without it.
    """
    fingerprint = hashlib.blake2b(body, digest_size=8).hexdigest()
    return fingerprint if version is None else f"{version}-{fingerprint}"


def takes_gzip(response: Response) -> bool:
    """Whether the caller takes this answer in gzip; caches are told that it depends on them."""
    response.vary.add("Accept-Encoding")
    return request.accept_encodings.quality("gzip") > 0
