"""A view per route of the contracts: nothing is written by hand that the route table says already."""

import json
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, NoReturn

import flask_smorest
from flask import Response, g, request
from flask.views import MethodView
from marshmallow import Schema, ValidationError, missing
from webargs.flaskparser import FlaskParser

from chassis.wire.codec import flatten, schema_of
from chassis.wire.fields import DealerId
from gateway.http import schemas
from gateway.http.dispatch import Dispatcher
from gateway.http.guard import Guard
from gateway.http.openapi import Api
from gateway.http.problems import Problem
from gateway.http.signin import SignIn, TokenAnswer, TokenRequest
from gateway.http.table import Row, Table
from locales import SOURCE, languages, sentence

View = Callable[..., Response]

_KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "Repeat the request with the same key and it has its effect once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
}
_IF_MATCH_HEADER = {
    "in": "header",
    "name": "If-Match",
    "description": "The ETag of the object as you saw it.",
    "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
}
_ETAG_HEADER = {"ETag": {"description": "The object's version, for If-Match.", "schema": {"type": "string"}}}

_PROBLEMS = (401, 403, 404, 422, 429, 500, 503, 504)
_COMMAND_PROBLEMS = (400, 409, 412, 413, 415)


class _Parser(FlaskParser):
    """Reads the body the guard has parsed; refuses unknown fields everywhere; answers in problems."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": None, "query": None}  # noqa: RUF012  # as webargs declares it

    def load_json(self, req: Any, schema: Any) -> Any:
        return missing if g.body is None else g.body

    def handle_error(self, error: ValidationError, req: Any, schema: Schema, **kwargs: Any) -> NoReturn:
        (messages,) = error.normalized_messages().values()  # type: ignore[no-untyped-call]  # one location is read at a time
        raise Problem(422, "invalid", errors=flatten(messages))


class _Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A blueprint that also documents headers."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, description=description)
        self._prepare_doc_cbks.append(self._prepare_headers_doc)

    @staticmethod
    def headers(view: View, parameters: list[dict[str, Any]]) -> View:
        """Document header parameters of a view."""
        view._apidoc = {**getattr(view, "_apidoc", {}), "headers": parameters}  # type: ignore[attr-defined]
        return view

    @staticmethod
    def _prepare_headers_doc(doc: dict[str, Any], doc_info: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        headers = doc_info.get("headers")
        return {**doc, "parameters": [*doc.get("parameters", []), *headers]} if headers else doc


class Views:
    """Makes the views of a route table and registers them."""

    def __init__(self, api: Api, table: Table, guard: Guard, dispatcher: Dispatcher) -> None:
        self._api = api
        self._table = table
        self._guard = guard
        self._dispatcher = dispatcher

    def register(self) -> None:
        """One blueprint per service, one MethodView per path."""
        by_service: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self._table.rows:
            by_service[row.service][row.rule].append(row)
        for service, paths in by_service.items():
            blueprint = _Blueprint(service, description=f"The commands and queries of {service}.")
            for number, (rule, rows) in enumerate(paths.items()):
                methods: dict[str, Any] = {row.route.method.lower(): self._view(blueprint, row) for row in rows}
                view = type(f"path_{number}", (MethodView,), methods)
                blueprint.route(rule, parameters=self._path_parameters(rows[0]))(view)
            self._api.register_blueprint(blueprint)

    def _view(self, blueprint: _Blueprint, row: Row) -> View:
        located = row.route.creates and self._table.is_read(row)
        schema = schemas.request_schema(row)
        status = 201 if row.route.creates else 200

        def answer(view: MethodView, arguments: dict[str, Any]) -> Response:
            # A command goes on as it was written, checked by its contract; the service fills in what was left out.
            given = (g.body or {}) if row.is_command else schemas.query_payload(schema, arguments)
            return _response(self._dispatcher.ask(row.route.request, {**given, **g.path}, g.call), status, located=located)

        required = any(field.required for field in schema.fields.values())
        parsed = blueprint.arguments(schema, location="json" if row.is_command else "query", required=required)(answer)
        return self._guarded(parsed, self._documented(blueprint, parsed, row, status), row)

    def _guarded(self, view: View, documented: View, row: Row) -> View:
        path = schemas.path_fields(row)

        # The documentation is taken over, the dozen layers of decorators that gathered it are not run for each request.
        @wraps(documented)
        def guarded(view_self: MethodView, dealer: str | None = None, **values: str) -> Response:
            if row.route.scope == "group" and dealer is not None:
                values["dealer"], dealer = dealer, None
            g.service = row.service
            g.call = self._guard.admit(row, dealer)
            g.path = schemas.read_path(path, values)
            return view(view_self)

        return guarded

    def _documented(self, blueprint: _Blueprint, view: View, row: Row, status: int) -> View:
        answer = None if row.answer is None else schema_of(row.answer)
        versioned = answer is not None and "version" in answer.fields
        view = blueprint.response(status, answer, headers=_ETAG_HEADER if versioned else None)(view)
        codes = [*_PROBLEMS, *(_COMMAND_PROBLEMS if row.is_command else ()), *((428,) if row.route.if_match else ())]
        for code in codes:
            view = blueprint.alt_response(code, HTTPStatus(code).name)(view)
        view = blueprint.headers(view, _header_parameters(row))
        documented: View = blueprint.doc(
            operationId=_operation_id(row),
            summary=row.route.summary,
            description=row.route.description,
            **_summaries(f"route.{row.route.request.service}.{row.route.request.method}"),
            **{"x-roles": list(row.route.roles)},
        )(view)
        return documented

    def _path_parameters(self, row: Row) -> list[dict[str, Any]]:
        found = {name: self._api.property_of(field) for name, field in schemas.path_fields(row).items()}
        if row.route.scope == "dealer":
            found["dealer"] = self._api.property_of(DealerId.__metadata__[0])  # type: ignore[attr-defined]  # Annotated
        return [{"in": "path", "name": name, "required": True, "schema": schema} for name, schema in found.items()]


def _response(answer: Any, status: int, *, located: bool) -> Response:
    response = Response(json.dumps(answer, ensure_ascii=False), status, content_type="application/json")
    if isinstance(answer, dict):
        if answer.get("version") is not None:
            response.headers["ETag"] = f'"{answer["version"]}"'
        if located and answer.get("id") is not None:
            response.headers["Location"] = f"{request.path}/{answer['id']}"
    return response


def _header_parameters(row: Row) -> list[dict[str, Any]]:
    if not row.is_command:
        return []
    return [{**_KEY_HEADER, "required": row.needs_key}, {**_IF_MATCH_HEADER, "required": row.route.if_match}]


def _summaries(code: str) -> dict[str, str]:
    """What the documentation calls a route in every language but English, which is the contract's own."""
    others = (language for language in languages() if language != SOURCE)
    return {f"x-summary-{language}": title for language in others if (title := sentence(code, language)) != code}


def _operation_id(row: Row) -> str:
    words = row.path.removeprefix("/v1/").removeprefix("dealers/{dealer}/" if row.route.scope == "dealer" else "")
    return f"{row.route.method.lower()}_{words.replace('{', '').replace('}', '').replace('/', '_').replace('-', '_')}"


def tokens_blueprint(sign_in: SignIn) -> flask_smorest.Blueprint:
    """The one route that is on no contract's table: how a caller gets a token."""
    blueprint = _Blueprint("tokens", description="Access tokens.")

    def post_tokens() -> Response:
        """An access token, good for an hour, by password or client credentials."""
        return sign_in.answer()

    view = blueprint.response(200, TokenAnswer)(post_tokens)
    for code in (401, 415, 422, 429):
        view = blueprint.alt_response(code, HTTPStatus(code).name)(view)
    form = {"schema": TokenRequest}
    view = blueprint.doc(
        operationId="post_tokens",
        summary="Get an access token",
        security=[],
        requestBody={"required": True, "content": {"application/json": form, "application/x-www-form-urlencoded": form}},
        **_summaries("route.gateway.tokens"),
    )(view)
    blueprint.route("/v1/tokens", methods=["POST"])(view)
    return blueprint
