"""A view per route of the contracts: nothing is written by hand that the route table says already."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from inspect import getdoc
from typing import Any, NoReturn

import flask_smorest
from flask import Response, g
from flask.views import MethodView
from marshmallow import Schema, ValidationError, missing
from webargs.flaskparser import FlaskParser

from chassis.wire.codec import flatten, schema_of
from chassis.wire.fields import DealerId
from gateway.http import evidence, headers, problem_codes, responding, schemas, uploads
from gateway.http.describing import flowing
from gateway.http.dispatch import Dispatcher
from gateway.http.evidence import Files
from gateway.http.guard import Guard
from gateway.http.numbers import Numbers, numbered
from gateway.http.openapi import LINK_SECURITY, REVOCATION, TOKENS, Api
from gateway.http.problems import Problem
from gateway.http.signin import (
    FORM,
    REVOCATION_EXAMPLES,
    TOKEN_EXAMPLES,
    RevocationRequest,
    SignIn,
    TokenAnswer,
    TokenRequest,
)
from gateway.http.streaming import EVENT_STREAM, Streams
from gateway.http.table import PREFIX, Row, Table, tag_of
from locales import SOURCE, languages, sentence

View = Callable[..., Response]

_FAILURES = (500, 503, 504)
_PROBLEMS = (401, 403, 404, 422, 429, *_FAILURES)
_COMMAND_PROBLEMS = (400, 409, 412, 413, 415)
_FORM_PROBLEMS = (413, 415, 422, 429)


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
    def refusing(view: View, codes: Iterable[int]) -> View:
        """Document the answers of a view that stand in the components: as `alt_response` does, which for each of them copies all
        that was documented before.
        """
        responses = view._apidoc["response"]["responses"]  # type: ignore[attr-defined]
        for code in codes:
            responses.setdefault(code, []).append(HTTPStatus(code).name)
        return view

    @staticmethod
    def _prepare_headers_doc(doc: dict[str, Any], doc_info: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        headers = doc_info.get("headers")
        return {**doc, "parameters": [*doc.get("parameters", []), *headers]} if headers else doc


class Views:
    """Makes the views of a route table and registers them."""

    def __init__(self, api: Api, table: Table, guard: Guard, dispatcher: Dispatcher, *, streams: Streams, files: Files) -> None:
        self._api = api
        self._table = table
        self._guard = guard
        self._dispatcher = dispatcher
        self._streams = streams
        self._files = files
        self._numbers = Numbers(dispatcher.ask)

    def register(self) -> None:
        """One blueprint per service, one MethodView per path."""
        by_service: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self._table.rows:
            by_service[row.service][row.rule].append(row)
        for service, paths in by_service.items():
            blueprint = _Blueprint(tag_of(service)[0], description=tag_of(service)[1])
            for number, (rule, rows) in enumerate(paths.items()):
                methods: dict[str, Any] = {row.route.method.lower(): self._view(blueprint, row) for row in rows}
                view = type(f"path_{number}", (MethodView,), methods)
                blueprint.route(rule, parameters=self._path_parameters(rows[0]))(view)
            self._api.register_blueprint(blueprint)

    def _view(self, blueprint: _Blueprint, row: Row) -> View:
        location = self._table.location_of(row)
        schema = schemas.request_schema(row)
        status = row.route.status

        def stream(view: MethodView, arguments: dict[str, Any]) -> Response:
            still = self._guard.still(row, g.dealer)
            return self._streams.open(principal=g.call.principal, dealer=g.dealer, still=still, ends_at=g.claim.ends_at)

        def answer(view: MethodView, arguments: dict[str, Any]) -> Response:
            if row.route.delivers:
                return self._files.deliver(row)
            # A command goes on as it was written, checked by its contract; the service fills in what was left out.
            given = (g.body or {}) if row.is_command else schemas.query_payload(schema, arguments)
            asked = {**given, **g.path}
            answered = self._files.attach(row, asked) if row.uploads else self._dispatcher.ask(row.route.request, asked, g.call)
            is_new = row.route.may_create and answered["version"] == 1
            return responding.made(
                uploads.in_words(answered) if uploads.takes_file(row) else answered, 201 if is_new else status, location
            )

        answering = stream if row.route.streams else answer
        read_from = "json" if row.is_command else "query"
        if schema.fields:
            required = any(field.required for field in schema.fields.values())
            parsed = blueprint.arguments(schema, location=read_from, required=required)(answering)
        else:  # nothing may be said, so no body is described
            parsed = blueprint.ARGUMENTS_PARSER.use_args(schema, location=read_from)(answering)
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
            self._numbers.replace(row, values, g.body, g.call)
            g.path = {**schemas.read_path(path, values), **g.proven}
            return view(view_self)

        return guarded

    def _documented(self, blueprint: _Blueprint, view: View, row: Row, status: int) -> View:
        answer: Any = None if row.answer is None else schema_of(row.answer)
        told = flowing(getdoc(row.answer) or "").partition("\n")[0]
        kind = None
        sent = ["X-Request-Id", *headers.RATES, *(["Location"] if self._table.location_of(row) else [])]
        sent += [] if row.route.streams else ["ETag"]
        sent += [headers.REPLAYED] if row.is_command else []
        if row.route.streams:
            answer, kind = self._api.stream_of(row), EVENT_STREAM
        if row.route.delivers:
            answer, kind = evidence.BYTES, evidence.TYPES[0]
            told = "The bytes of the file."
        view = blueprint.response(status, answer, description=told, content_type=kind, headers=headers.referred(*sent))(view)
        if row.route.may_create:
            view = blueprint.alt_response(201, schema=answer, description=told, headers=headers.referred(*sent))(view)
        if not (row.is_command or row.route.streams):
            view = blueprint.alt_response(304, HTTPStatus.NOT_MODIFIED.name)(view)
        refused = () if row.is_command or not problem_codes.of_row(row, (409,)) else (409,)
        codes = [
            *_PROBLEMS,
            *evidence.problems(row),
            *refused,
            *(_COMMAND_PROBLEMS if row.is_command else ()),
            *((428,) if row.route.if_match or row.route.may_create else ()),
        ]
        view = blueprint.refusing(view, codes)
        view = blueprint.headers(view, headers.of_request(row))
        documented: View = blueprint.doc(
            operationId=row.operation,
            summary=row.route.summary,
            description=flowing(row.route.description),
            **_summaries(f"route.{row.route.request.service}.{row.route.request.method}"),
            **{"x-roles": list(row.route.roles), "x-problems": problem_codes.of_row(row, codes)},
            **(self._form(row) if uploads.takes_file(row) else {}),
            **({"security": LINK_SECURITY} if row.route.scope == "link" else {}),
            **(evidence.described(row) if row.route.delivers else {}),
        )(view)
        return documented

    def _form(self, row: Row) -> dict[str, Any]:
        name, schema = uploads.described(row, self._api.property_of)
        self._api.spec.components.schema(name, schema)
        form = {uploads.FORM: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        return {"requestBody": {"content": form}}

    def _path_parameters(self, row: Row) -> list[dict[str, Any]]:
        found = {name: self._api.property_of(field) for name, field in schemas.path_fields(row).items()}
        if "{dealer}" in PREFIX[row.route.scope]:
            found["dealer"] = self._api.property_of(DealerId.__metadata__[0])  # type: ignore[attr-defined]  # Annotated
        found.update({name: {"type": "string"} for name in found if numbered(name)})  # an id, or the number on the paper
        return [{"in": "path", "name": name, "required": True, "schema": schema} for name, schema in found.items()]


def _summaries(code: str) -> dict[str, str]:
    """What the documentation calls a route in every language but English, which is the contract's own."""
    others = (language for language in languages() if language != SOURCE)
    return {f"x-summary-{language}": title for language in others if (title := sentence(code, language)) != code}


def tokens_blueprint(sign_in: SignIn) -> flask_smorest.Blueprint:
    """The routes that are on no contract's table: how a caller gets a token, and how a person signs out without one."""
    blueprint = _Blueprint("Signing in", description="Access tokens for people and programs.")

    def post_tokens() -> Response:
        """An access token, by password, by the refresh token of a session, or by client credentials."""
        return sign_in.answer()

    def post_revocation() -> Response:
        """The end of a session."""
        return sign_in.revoke()

    told = "An access token; send it as `Authorization: Bearer …` until it expires."
    view = blueprint.response(200, TokenAnswer, description=told, headers=headers.referred("X-Request-Id"))(post_tokens)
    view = _form_documented(
        blueprint,
        view,
        TokenRequest,
        TOKEN_EXAMPLES,
        (401, *_FORM_PROBLEMS),
        operationId="getAccessToken",
        summary="Get an access token",
        description="As OAuth 2 has it: a form. The grant `password` signs a person in: a session begins, whose `refresh_token` "
        "gets the next access tokens by the grant of that name, and stays the same. The session ends when somebody ends it, when "
        "it was not used for hours, after days in any case, and when the account is locked or gets another password. "
        "A program's grant is `client_credentials`; it may give its id and secret by HTTP Basic instead. "
        "A person's token is good for ten minutes, a program's for an hour.",
        **_summaries("route.gateway.tokens"),
    )
    blueprint.route(TOKENS, methods=["POST"])(view)
    told = "The session has ended, or there was none."
    view = blueprint.response(200, description=told, headers=headers.referred("X-Request-Id"))(post_revocation)
    view = _form_documented(
        blueprint,
        view,
        RevocationRequest,
        REVOCATION_EXAMPLES,
        _FORM_PROBLEMS,
        operationId="revokeRefreshToken",
        summary="Sign out",
        description="As RFC 7009 has it: the session of the refresh token ends, and its access tokens with it, at other gateways "
        "after two seconds at most. What is no refresh token, or no longer, is answered the same.",
        **_summaries("route.gateway.revocation"),
    )
    blueprint.route(REVOCATION, methods=["POST"])(view)
    return blueprint


def _form_documented(
    blueprint: _Blueprint,
    view: View,
    form: type[Schema],
    examples: dict[str, dict[str, str]],
    problems: tuple[int, ...],
    **described: Any,
) -> View:
    codes = (*problems, *_FAILURES)
    for code in codes:
        view = blueprint.alt_response(code, HTTPStatus(code).name)(view)
    shown = {name: {"value": posted} for name, posted in examples.items()}
    body = {"required": True, "content": {FORM: {"schema": form, "examples": shown}}}
    stated = {"x-problems": problem_codes.of_tokens(codes), "requestBody": body, "security": []}
    documented: View = blueprint.doc(**described, **stated)(view)
    return documented
