"""The OpenAPI 3.1 document: written by flask-smorest from the same views that answer, with our types and our problems."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from http import HTTPStatus
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from chassis.wire.codec import schema_of
from chassis.wire.values import HoursField, MoneyField, QuantityField
from gateway.http import fieldtypes, headers, problems
from gateway.http.components import Components
from gateway.http.describing import Describer
from gateway.http.table import Row

TOKENS = "/v1/tokens"
REVOCATION = f"{TOKENS}/revoke"

_SECURITY_SCHEMES: dict[str, dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": f"A token that `POST {TOKENS}` gave."},
    "signIn": {
        "type": "oauth2",
        "description": "A person signs in with login and password, a program with client id and secret. There are no scopes: "
        "what somebody may do follows from the roles of the account or API client.",
        "flows": {
            "password": {"tokenUrl": TOKENS, "refreshUrl": TOKENS, "scopes": {}},
            "clientCredentials": {"tokenUrl": TOKENS, "scopes": {}},
        },
    },
    "link": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a one-time link, as whoever made the link drew it: at least 256 random bits in base64url.",
    },
}
SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"signIn": []}]
LINK_SECURITY: list[dict[str, list[str]]] = [{"link": []}]

_PROBLEM_SAID = {
    400: "The request cannot be read: no JSON, a header that is garbled or missing.",
    401: "No token, or one that is not ours or has expired; at the token endpoint a wrong login or secret, or an ended session.",
    403: "None of the roles that may do this is the caller's; `details` names them.",
    404: "There is no such thing at this dealer, or no such dealer for the caller: the two cannot be told apart.",
    409: "A rule of the trade says no; `code` names it, and nothing was done.",
    412: "The object has changed since the version in If-Match; read it again.",
    413: "The body is larger than this request may be.",
    415: "The body has another media type than the one that is asked for.",
    422: "Fields break their rules; `errors` says which field breaks which. Nothing was done.",
    428: "If-Match is missing: say which version you have seen.",
    429: "Too many requests; `Retry-After` says when there are some left.",
    500: "A defect of ours. Nothing of the request is known to have been done; repeat it under the same key.",
    503: "Something we need does not answer. Nothing was done; repeat the request under the same key.",
    504: "No answer in time: the outcome is unknown. Repeat the request under the same key to learn it.",
}


class ProblemSchema(Schema):
    """RFC 9457: why the answer is no."""

    class Meta:
        description = "Why the answer is no (RFC 9457). `type` and `code` never change; sentences are in the asked language."

    type = fields.String(
        required=True,
        metadata={
            "format": "uri-reference",
            "description": "Where this kind of problem is explained; relative to this server, and stable.",
        },
    )
    title = fields.String(required=True, metadata={"description": "The kind of problem in a sentence, in the asked language."})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status once more."})
    detail = fields.String(required=True, metadata={"description": "What is wrong in this case, in the asked language."})
    instance = fields.String(required=True, metadata={"description": "The path that was asked."})
    code = fields.String(required=True, metadata={"description": "The name of the rule that said no, for programs to act upon."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "For each field that breaks rules (`lines.0.quantity`), the rules it breaks, in sentences."},
    )
    details = fields.Dict(keys=fields.String(), metadata={"description": "The facts of the case, by name, for programs."})


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest's Api, speaking problem+json and knowing money, quantities, hours and the contracts' words."""

    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Any, rows: Iterable[Row]) -> None:
        self._rows = list(rows)
        self._components = Components(self._rows)
        plugin = MarshmallowPlugin(schema_name_resolver=self._components.name_of)
        super().__init__(app, spec_kwargs={"marshmallow_plugin": plugin})
        self.register_field(MoneyField, "object", None)
        self.register_field(QuantityField, "string", None)
        self.register_field(HoursField, "string", None)
        plugin.converter.add_attribute_function(self._attributes())  # type: ignore[union-attr]  # made by _init_spec
        self.spec.components.schema(fieldtypes.MONEY_NAME, fieldtypes.MONEY)
        for name, scheme in _SECURITY_SCHEMES.items():
            self.spec.components.security_scheme(name, scheme)
        for name, header in headers.RESPONSE_HEADERS.items():
            self.spec.components.header(name, header)

    def property_of(self, field: fields.Field[Any]) -> dict[str, Any]:
        """A field as OpenAPI describes it."""
        described: dict[str, Any] = self.ma_plugin.converter.field2property(field)
        return described

    def stream_of(self, row: Row) -> dict[str, str]:
        """A stream of the row's answers, as a component; the answer itself becomes one, too."""
        assert row.answer is not None, "a stream is of something"
        name, event = f"{row.answer.__name__}Stream", row.answer.__name__
        self.spec.components.schema(event, schema=schema_of(row.answer))
        stream = {
            "type": "string",
            "description": f"Server-sent events; the `data` of each `change` is a `{event}` in JSON.",
            "contentMediaType": "text/event-stream",
            "contentSchema": {"$ref": f"#/components/schemas/{event}"},
        }
        self.spec.components.schema(name, stream)
        return {"$ref": f"#/components/schemas/{name}"}

    def handle_http_exception(self, error: HTTPException) -> Response:
        """The framework's errors, in our words."""
        return problems.Problem.of_http(error).response()

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole document, once every view is registered."""
        return Describer(self._components, self._rows).described(self.spec.to_dict())

    @cached_property
    def _written(self) -> tuple[bytes, bytes, str]:
        plain = json.dumps(self.document, ensure_ascii=False).encode()
        return plain, gzip.compress(plain, mtime=0), hashlib.blake2b(plain, digest_size=8).hexdigest()

    def _openapi_json(self) -> Response:
        plain, compressed, fingerprint = self._written
        response = Response(plain, content_type="application/json")
        if squeezed := headers.takes_gzip(response):
            response.set_data(compressed)
            response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{fingerprint}-gzip" if squeezed else fingerprint)
        response.headers["Cache-Control"] = "no-cache"  # keep it, and ask each time whether it still is the newest
        response.make_conditional(request)
        return response

    def _attributes(self) -> Any:
        def refine(converter: Any, field: Any, ret: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
            """The last attribute function of apispec: `ret` is all that is known of the field."""
            known = dict(ret)
            ret.clear()
            return fieldtypes.refined(field, known, self._words_of)

        return refine

    def _words_of(self, words: list[str]) -> str | None:
        name = self._components.words_of(words)
        if name is not None and name not in self.spec.components.schemas:
            schema = {"type": "string", "enum": words, "description": self._components.said_of_words(name)}
            self.spec.components.schema(name, schema)
        return name

    def _register_pagination_header(self) -> None:
        """Ours is in the answers: `next_cursor`."""

    def _register_etag_headers(self) -> None:
        """Ours are in `headers`."""

    def _register_responses(self) -> None:
        content = {problems.CONTENT_TYPE: {"schema": ProblemSchema}}
        for status in HTTPStatus:
            if status >= 400:
                problem = {
                    "description": _PROBLEM_SAID.get(status, status.phrase),
                    "content": content,
                    "headers": headers.of_problem(status),
                }
                self.spec.components.response(status.name, problem, lazy=True)
        unchanged = {
            "description": "The answer is still the one you have (If-None-Match).",
            "headers": headers.referred("ETag", "X-Request-Id", *headers.RATES),
        }
        self.spec.components.response(HTTPStatus.NOT_MODIFIED.name, unchanged, lazy=True)
        other = {"description": "Any other problem.", "content": content, "headers": headers.of_problem(0)}
        self.spec.components.response("DEFAULT_ERROR", other, lazy=True)
