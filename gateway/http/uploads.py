"""Files in requests: a form with a file says the same as the JSON that carries it in base64; and reports of files, in words."""

import base64
from typing import Any

from flask import request

from chassis.wire.rules import rule
from contracts.files import TableFile
from gateway.http import reading
from gateway.http.problems import Problem, language, said
from gateway.http.table import Row

FORM = "multipart/form-data"


def takes_file(row: Row) -> bool:
    """Whether a form with a file may stand for the JSON body."""
    return issubclass(row.route.request, TableFile)


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


def _mapping(text: str) -> Any:
    try:
        return reading.strict(text)
    except (ValueError, RecursionError):
        raise Problem(422, "invalid", errors={"columns": ["not_a_mapping"]}) from None


def described(row: Row) -> tuple[str, dict[str, Any]]:
    """The form as OpenAPI describes it: its component's name and schema."""
    said = {
        "file": "The file as it is, CSV or XLSX.",
        "encoding": "Overrules the encoding that is found out: utf-8, utf-16, gb18030 or cp1252.",
        "delimiter": "Overrules the delimiter that is found out: comma, semicolon or tab.",
        "sheet": "Which sheet of a workbook is read; the first, if none is named.",
        "columns": 'The file\'s own headers, as JSON: `{"part_number": "Part No."}`.',
    }
    properties: dict[str, dict[str, Any]] = {name: {"type": "string", "description": text} for name, text in said.items()}
    properties["file"]["format"] = "binary"
    schema = {
        "type": "object",
        "description": "The same request as a form: the file as it is, and the options beside it.",
        "properties": properties,
        "required": ["file"],
        "additionalProperties": False,
    }
    return f"{row.route.request.__name__}Form", schema


def in_words(answer: Any) -> Any:
    """The same answer; the bad rows of a report say in the asked language what is wrong."""
    if isinstance(answer, dict) and isinstance(answer.get("bad_rows"), list):
        spoken = language()
        for bad in answer["bad_rows"]:
            code = bad["rule"]
            bad["message"] = said(rule(code, **bad["values"]), spoken)
    return answer
