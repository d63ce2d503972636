"""Files of attachments over HTTP: how they are sent, and how they are delivered, whole or in ranges, block by block."""

import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, BinaryIO, cast, get_args
from urllib.parse import quote

from flask import Response, g, request

from contracts.gateway.evidence import AttachFile, AttachLegFile
from contracts.workshop.evidence import FileType
from gateway.evidence.attaching import Attacher
from gateway.evidence.delivering import Delivered, Deliverer, Wanted
from gateway.evidence.store import THUMBNAIL_TYPE, Content
from gateway.http import headers
from gateway.http.problems import Problem
from gateway.http.table import Row

SERVICE = "workshop"
"""Whose rules refuse an attachment."""

TYPES: tuple[str, ...] = get_args(FileType)
BYTES = {"type": "string", "format": "binary"}
_PAPER = "application/pdf"
_ANY = "application/octet-stream"
"""What a file is told to be to whoever asks for bytes of whatever type, as clients do that are generated from the document."""


class Files:
    """Takes and delivers files."""

    def __init__(self, attacher: Attacher, deliverer: Deliverer) -> None:
        self._attacher = attacher
        self._deliverer = deliverer

    def attach(self, row: Row, payload: dict[str, Any]) -> Any:
        """The attachment that the request's file has become; the guard has left the file in `g.file`."""
        g.service = SERVICE
        with cast("BinaryIO", g.file) as file:
            asked = cast("AttachFile | AttachLegFile", row.route.request.load(payload))
            return self._attacher.attach(asked, file, g.call)

    def deliver(self, row: Row) -> Response:
        """The file at the request's path, or what its caller lacks of it."""
        g.service = SERVICE
        query = cast("Delivered", row.route.request.load(g.path))
        wanted = self._deliverer.wanted(query, g.call)
        if request.if_none_match.contains_weak(wanted.tag):
            return _described(Response(status=HTTPStatus.NOT_MODIFIED), wanted)
        if wanted.size is None:
            content = self._deliverer.content(wanted)
            return _described(_streamed(content, content.size, HTTPStatus.OK), wanted)
        start, end = _asked(wanted, wanted.size)
        content = self._deliverer.content(wanted, start, end - start)
        ranged = end - start < wanted.size
        response = _streamed(content, end - start, HTTPStatus.PARTIAL_CONTENT if ranged else HTTPStatus.OK)
        if ranged:
            response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{wanted.size}"
        return _described(response, wanted)


def described(row: Row) -> dict[str, Any]:
    """What the document says of a route that delivers files besides: files of other types, and parts of them."""
    kinds = (THUMBNAIL_TYPE,) if row.path.endswith("/thumbnail") else TYPES
    content = {kind: {"schema": BYTES} for kind in (*kinds, _ANY)}
    sent = headers.referred("X-Request-Id", *headers.RATES, "ETag")
    whole = {"description": "The bytes of the file.", "content": content, "headers": sent}
    if kinds != TYPES:
        return {"responses": {"200": whole}}
    ranged = {**sent, **headers.referred("Content-Range")}
    partial = {"description": "The part of the file that was asked for (Range).", "content": content, "headers": ranged}
    return {"responses": {"200": whole, "206": partial}}


def problems(row: Row) -> tuple[int, ...]:
    """The statuses with which routes of files say no besides."""
    if row.uploads:
        return (408,)
    return (416,) if row.route.delivers and row.path.endswith("/content") else ()


def kept_aside(data: bytes | None = None) -> BinaryIO:
    """A file of this process alone, gone when it is closed: what was sent, until it has been looked at."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever has it closes it
    if data is not None:
        file.write(data)
        file.flush()
    return cast("BinaryIO", file)


def _asked(wanted: Wanted, size: int) -> tuple[int, int]:
    """From where to where the caller wants it. Raises Problem for a range that it has not; several ranges get the whole."""
    asked = request.range
    # If-Range: a part of what the caller has begun to read, but not of anything else.
    another = "If-Range" in request.headers and request.if_range.etag != wanted.tag
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or another:
        return 0, size
    found = asked.range_for_length(size)
    if found is None:
        raise Problem(416, "range_not_satisfiable", headers={"Content-Range": f"bytes */{size}"})
    start, end = found
    return start, end


def _streamed(content: Content, length: int, status: HTTPStatus) -> Response:
    response = Response(_Body(content), status, direct_passthrough=True)
    response.content_length = length
    return response


def _described(response: Response, wanted: Wanted) -> Response:
    response.headers["ETag"] = f'"{wanted.tag}"'
    # Asked again each time: who may read it today may not tomorrow.
    response.headers["Cache-Control"] = "private, no-cache"
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        kinds = [wanted.content_type, _ANY]
        response.headers["Content-Type"] = request.accept_mimetypes.best_match(kinds, default=wanted.content_type)
        response.vary.add("Accept")
        shown = "attachment" if wanted.content_type == _PAPER else "inline"
        response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(wanted.name, safe='')}"
    if wanted.size is not None:
        response.headers["Accept-Ranges"] = "bytes"
    return response


class _Body:
    """The blocks of a file. Whoever sends them closes it, also when nothing of it was sent."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        return self._content.blocks

    def close(self) -> None:
        """Nobody reads any more."""
        self._content.close()
