"""Files in requests: a form with a file says the same as the JSON that carries it in base64; and reports of files, in words.

A table travels on as base64, in the body it is part of. What is to be kept as a file goes to the disk as it comes, and the body
has its checksum: so one file is one request, however it was sent.
"""

import base64
from collections.abc import Callable
from typing import Any

import eventlet
from flask import g, request
from marshmallow import fields

import media
from chassis.wire.codec import schema_of
from chassis.wire.rules import rule
from contracts.files import MOST_BYTES, TableFile
from contracts.meanings import meaning, sentence
from gateway.http import reading
from gateway.http.evidence import kept_aside
from gateway.http.problems import Problem, language, said
from gateway.http.table import Row

FORM = "multipart/form-data"
UPLOAD_SECONDS = 600.0
"""So long may a file take to arrive; a phone on a poor line sends 1 MB/s."""
_JSON_LIMIT = 2 * MOST_BYTES


def takes_file(row: Row) -> bool:
    """Whether a form with a file may stand for the JSON body."""
    return issubclass(row.route.request, TableFile) or row.uploads


def is_form(row: Row) -> bool:
    """Whether this request is such a form."""
    return takes_file(row) and request.mimetype == FORM


def read_form() -> dict[str, Any]:
    """The request's form as the body it stands for. Raises Problem for a form that says something twice, or cannot be read."""
    body: dict[str, Any] = {}
    files = [(name, base64.b64encode(found.read()).decode("ascii")) for name, found in request.files.items(multi=True)]
    for name, value in (*request.form.items(multi=True), *files):
        if name in body:
            raise Problem(422, "invalid", errors={name: ["given_twice"]})
        body[name] = _mapping(value) if name == "columns" else value
    return body


def read_upload(row: Row) -> dict[str, Any]:
    """The request as the body it stands for. Its file is left in `g.file`, and the body has the checksum of it instead.

    Raises Problem for what cannot be read, and for what does not arrive in time.
    """
    too_slow = Problem(408, "request_too_slow", details={"seconds": int(UPLOAD_SECONDS)})
    with eventlet.Timeout(UPLOAD_SECONDS, too_slow):
        body = _upload_form(row) if request.mimetype == FORM else _upload_json()
    return body if g.file is None else {**body, "file": media.checksum(g.file)}


def _upload_form(row: Row) -> dict[str, Any]:
    body: dict[str, Any] = {}
    known = schema_of(row.route.request).fields
    for name, value in request.form.items(multi=True):
        if name in body:
            raise Problem(422, "invalid", errors={name: ["given_twice"]})
        if name == "file":
            raise Problem(422, "invalid", errors={name: ["not_a_file"]})
        if value:  # a field of a form that was left empty says nothing
            number = isinstance(known.get(name), fields.Integer) and value.isascii() and value.isdecimal() and len(value) < 20
            body[name] = int(value) if number else value
    for name, found in request.files.items(multi=True):
        if name in body or name != "file" or g.file is not None:
            raise Problem(422, "invalid", errors={name: ["given_twice" if name in ("file", *body) else "unknown_field"]})
        if found.filename:  # a form in which no file was chosen sends an empty one without a name
            g.file = found.stream
            body.setdefault("file_name", found.filename[:255])
    return body


def _upload_json() -> Any:
    request.max_content_length = _JSON_LIMIT
    if not request.get_data():
        return {}
    body = reading.read_json()
    if isinstance(body, dict) and isinstance(body.get("file"), str):
        try:
            g.file = kept_aside(base64.b64decode(body["file"], validate=True))
        except ValueError:
            raise Problem(422, "invalid", errors={"file": ["not_base64"]}) from None
    return body


def _mapping(text: str) -> Any:
    try:
        return reading.strict(text)
    except (ValueError, RecursionError):
        raise Problem(422, "invalid", errors={"columns": ["not_a_mapping"]}) from None


def described(row: Row, property_of: Callable[[Any], dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """The form as OpenAPI describes it: its component's name and schema."""
    return f"{row.route.request.__name__}Form", _upload(row, property_of) if row.uploads else _table()


def _upload(row: Row, property_of: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    known = {name: field for name, field in schema_of(row.route.request).fields.items() if name not in row.placeholders}
    properties = {name: _property(row, name, property_of(field)) for name, field in known.items() if name != "file"}
    properties["file"] = {"type": "string", "format": "binary", "description": "The file as it is."}
    return {
        "type": "object",
        "description": "The same request as a form: the file as it is, and what is said of it beside it.",
        "properties": properties,
        "required": [name for name, field in known.items() if field.required],
        "additionalProperties": False,
    }


def _property(row: Row, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    schema.pop("default", None)
    return {**schema, "description": sentence(meaning(row.route.request, name))}


def _table() -> dict[str, Any]:
    said = {
        "file": "The file as it is, CSV or XLSX.",
        "encoding": "Overrules the encoding that is found out: utf-8, utf-16, gb18030 or cp1252.",
        "delimiter": "Overrules the delimiter that is found out: comma, semicolon or tab.",
        "sheet": "Which sheet of a workbook is read; the first, if none is named.",
        "columns": 'The file\'s own headers, as JSON: `{"part_number": "Part No."}`.',
    }
    properties: dict[str, dict[str, Any]] = {name: {"type": "string", "description": text} for name, text in said.items()}
    properties["file"]["format"] = "binary"
    return {
        "type": "object",
        "description": "The same request as a form: the file as it is, and the options beside it.",
        "properties": properties,
        "required": ["file"],
        "additionalProperties": False,
    }


def in_words(answer: Any) -> Any:
    """The same answer; the bad rows of a report say in the asked language what is wrong."""
    if isinstance(answer, dict) and isinstance(answer.get("bad_rows"), list):
        spoken = language()
        for bad in answer["bad_rows"]:
            code = bad["rule"]
            bad["message"] = said(rule(code, **bad["values"]), spoken)
    return answer
