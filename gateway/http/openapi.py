"""The OpenAPI 3.1 document: written by flask-smorest from the same views that answer, with our types and our problems."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from chassis.wire.codec import schema_of
from chassis.wire.values import HoursField, MoneyField, QuantityField
from contracts import shared
from gateway.http import problems
from gateway.http.schemas import nested
from gateway.http.table import Row

DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"

_MONEY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "pattern": DECIMAL},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
}


class ProblemSchema(Schema):
    """RFC 9457: why the answer is no. `type` and `code` never change; `errors` maps each field to the rules it broke."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    details = fields.Dict(keys=fields.String())


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest's Api, speaking problem+json and knowing money, quantities and hours."""

    ERROR_SCHEMA = ProblemSchema

    _document: bytes | None = None

    def __init__(self, app: Any, rows: Iterable[Row]) -> None:
        self._names = _names(rows)
        plugin = MarshmallowPlugin(schema_name_resolver=self._name_of)
        super().__init__(app, spec_kwargs={"marshmallow_plugin": plugin})
        self.register_field(MoneyField, "object", None)
        self.register_field(QuantityField, "string", None)
        self.register_field(HoursField, "string", None)
        plugin.converter.add_attribute_function(_our_types)  # type: ignore[union-attr]  # made by _init_spec
        self.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})

    def property_of(self, field: fields.Field[Any]) -> dict[str, Any]:
        """A field as OpenAPI describes it."""
        described: dict[str, Any] = self.ma_plugin.converter.field2property(field)
        return described

    def handle_http_exception(self, error: HTTPException) -> Response:
        """The framework's errors, in our words."""
        return problems.Problem.of_http(error).response()

    def _openapi_json(self) -> Response:
        if self._document is None:
            self._document = json.dumps(self.spec.to_dict(), ensure_ascii=False).encode()
        return Response(self._document, content_type="application/json")

    def _register_pagination_header(self) -> None:
        """Ours is in the answers: `next_cursor`."""

    def _register_responses(self) -> None:
        content = {problems.CONTENT_TYPE: {"schema": ProblemSchema}}
        for status in HTTPStatus:
            if status >= 400:
                self.spec.components.response(status.name, {"description": status.phrase, "content": content}, lazy=True)
        self.spec.components.response("DEFAULT_ERROR", {"description": "Any other problem", "content": content}, lazy=True)

    def _name_of(self, schema: Any) -> str:
        kind = schema if isinstance(schema, type) else type(schema)
        return self._names.get(kind, kind.__name__.removesuffix("Schema"))


def _names(rows: Iterable[Row]) -> dict[type, str]:
    # Two services may call different things by one name: a schema is named after its service, unless it is everyone's.
    # A part that is both asked and answered refuses unknown fields in one case only: two schemas, two names.
    names: dict[type, str] = {}
    known = list(rows)
    for mark, messages in (
        ("", [(row, row.answer) for row in known if row.answer is not None]),
        (".input", [(row, row.route.request) for row in known]),
    ):
        taken = set(names.values())
        for row, message in messages:
            schema = schema_of(message)
            for kind in (type(one) for one in (schema, *nested(schema))):
                name = kind.__name__ if hasattr(shared, kind.__name__) else f"{row.service}.{kind.__name__}"
                names.setdefault(kind, name + mark if name in taken else name)
    return names


def _our_types(self: Any, field: Any, ret: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Attribute function of apispec: `ret` is what is known of the field so far."""
    if isinstance(field, MoneyField):
        return {**_MONEY, "type": ret["type"]}
    if isinstance(field, QuantityField | HoursField):
        return {"pattern": DECIMAL}
    if "pattern" in ret:
        return {"pattern": ret["pattern"].replace(r"\Z", "$")}  # JSON Schema speaks ECMAScript's regular expressions
    return {}
