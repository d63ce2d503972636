"""What a request says in its body and query string, as plain data: strict, and nothing of it is passed over in silence."""

import codecs
import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from flask import request
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from chassis.wire.rules import rule
from gateway.http.problems import Problem

JSON = "application/json"


def read_json() -> Any:
    """The request's body. Raises Problem for what is no JSON in UTF-8, and for a property that stands twice in an object."""
    check_type(JSON)
    raw = request.get_data()
    if raw.startswith(codecs.BOM_UTF8):
        raise _unreadable(rule("byte_order_mark"))
    try:
        body = strict(raw.decode())
    except UnicodeDecodeError as error:
        raise _unreadable(rule("not_utf8_at", position=error.start + 1)) from None
    except json.JSONDecodeError as error:
        raise _unreadable(rule("not_json", line=error.lineno, column=error.colno)) from None
    except _NoNumber as error:
        raise _unreadable(rule("not_a_json_number", value=str(error)[:20])) from None
    except ValueError:  # more digits than Python reads
        raise _unreadable(rule("number_too_large")) from None
    except RecursionError:
        raise _unreadable(rule("nested_too_deep")) from None
    if body is None:  # null is not the same as no body
        raise _unreadable(rule("not_an_object"))
    return body


def strict(text: str) -> Any:
    """JSON without what json.loads lets pass. Raises ValueError, RecursionError, or Problem naming a property given twice."""
    twice: list[tuple[dict[str, Any], str]] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice.append((found, next(name for name in names if names.count(name) > 1)))
        return found

    read = json.loads(text, object_pairs_hook=made, parse_constant=_no_number, parse_float=_finite)
    if twice:
        raise Problem(422, "invalid", errors={_place(read, *one): ["given_twice"] for one in twice})
    return read


def canonical(body: Any) -> bytes:
    """The same for the same body, however it was written. Raises Problem for half a character, which no database can keep."""
    try:
        return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise _unreadable(rule("half_a_character")) from None


def check_type(*wanted: str, or_none: bool = False) -> None:
    """Raises Problem for a body of another type, character set or coding than is read here; `or_none` for no body at all."""
    if or_none and not request.content_length and "Transfer-Encoding" not in request.headers:
        return
    sent = request.content_type or "-"
    charset = request.mimetype_params.get("charset", "utf-8")
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        sent = f"{sent}, {coding}"
    elif request.mimetype in wanted and charset.lower() in ("utf-8", "utf8"):
        return
    raise Problem(415, "unsupported_media_type", details={"sent": sent, "wanted": ", ".join(wanted)})


def check_once(given: MultiDict[str, str], several: Iterable[str] = ()) -> None:
    """Raises Problem naming what is given twice and is no list."""
    twice = [name for name, values in given.lists() if len(values) > 1 and name not in several]
    if twice:
        raise Problem(422, "invalid", errors={name: ["given_twice"] for name in twice})


def check_query(known: Mapping[str, Any], *, is_command: bool) -> None:
    """Raises Problem for what a query string says twice or unreadably, or to a request that reads none of it."""
    if request.args and is_command:
        raise Problem(422, "invalid", errors={name: ["unknown_field"] for name in request.args})
    if not is_command and (request.content_length or "Transfer-Encoding" in request.headers):
        raise Problem(422, "invalid", errors={"body": [rule("reads_take_no_body")]})
    if not request.args:
        return
    check_once(request.args, (name for name, field in known.items() if isinstance(field, fields.List)))
    garbled = [name for name, value in request.args.items() if "\ufffd" in f"{name}{value}"]
    if garbled:
        try:
            unquote_to_bytes(request.query_string).decode()
        except UnicodeDecodeError:
            raise Problem(422, "invalid", errors={name: ["not_utf8"] for name in garbled}) from None


class _NoNumber(ValueError):
    """Something that JSON has no number for."""


def _no_number(text: str) -> NoReturn:
    raise _NoNumber(text)


def _finite(text: str) -> float:
    value = float(text)
    return value if isfinite(value) else _no_number(text)


def _unreadable(why: str) -> Problem:
    return Problem(400, "malformed_request", errors={"body": [why]})


def _place(body: Any, holder: dict[str, Any], name: str) -> str:
    """Where the property of `holder` stands: lines.0.quantity."""
    rest: list[tuple[str, Any]] = [("", body)]
    while rest:
        path, at = rest.pop()
        if at is holder:
            return path + name
        inside: Iterable[tuple[Any, Any]] = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
        rest += [(f"{path}{key}.", one) for key, one in inside]
    return name  # it stood in what was itself given twice
