"""The Flask application: what stands before and after every view, and how every error ends."""

import re
import secrets
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.contextvars import bind_contextvars

from chassis import Service
from chassis.process import tracing
from chassis.process.metrics import HttpMetrics
from chassis.process.peers import RealClient
from chassis.process.server import CLOSE
from chassis.wire import traces
from chassis.wire.errors import ServiceError
from chassis.work.executor import Executor
from gateway.account import queries
from gateway.evidence.attaching import Attacher
from gateway.evidence.delivering import Deliverer
from gateway.evidence.store import Store
from gateway.feed.feed import Feed
from gateway.http import docs, explaining
from gateway.http.api import Views, tokens_blueprint
from gateway.http.dispatch import Dispatcher
from gateway.http.evidence import Files
from gateway.http.guard import Guard
from gateway.http.openapi import SECURITY, Api
from gateway.http.problems import Problem
from gateway.http.rates import Rates
from gateway.http.settings import HttpSettings
from gateway.http.signin import SignIn
from gateway.http.standing import Find, Standing
from gateway.http.streaming import Streams
from gateway.http.table import Table
from gateway.http.tokens import Tokens
from gateway.suite.caller import Caller

log = structlog.get_logger()

_REQUEST_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_SMALL_REST = 64 * 1024

INTRODUCTION = """The after-sales side of a group of car dealers: booking, workshop, parts, billing and customer care.

**Signing in.** `POST /v1/tokens` gives a token for a login and password, or for a client id and secret; send it as
`Authorization: Bearer …`. A person's is good for ten minutes; the `refresh_token` that came with it gets the next one until the
session ends. `GET /v1/me` says who one is, and what one may do at which dealers. A dealer's things are below
`/v1/dealers/{dealer}`. `x-roles` of an operation says who may call it; where it is empty, everybody who is signed in.

**Doing things once.** Every POST carries an `Idempotency-Key` of your choice: repeat a request under the same key and it is
done once and answered the same, with `Idempotency-Replayed: true`. Keys are kept for {days} days. What overwrites or removes
something carries `If-Match` with the `ETag` of the answer you last saw; an action may carry it, and is then refused (412) if
the object has changed meanwhile.

**Values.** Money is an amount and a currency, amounts, quantities and hours are decimal strings. Instants are RFC 3339 with a
time zone, answered in UTC; days and times of day are the dealer's local ones. An answer has all its properties: what is unknown
or does not apply is null. Answers may gain properties; ignore those you do not know. Requests refuse unknown ones. Control
characters are refused in every text.

**Saying no.** Refusals are problem documents (RFC 9457) whose `type` and `code` are stable; the `type` is the address of a page
that says what to do. `x-problems` of an operation lists the codes it may answer, by status. `/problems` has them all. Send an
`X-Request-Id` of your own, or keep the one that is answered: it leads us to your request.
"""

_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

_CONFIG = {
    "API_TITLE": "ServiceLane",
    "API_VERSION": version("servicelane"),
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "PROVIDE_AUTOMATIC_OPTIONS": False,
}


@dataclass(frozen=True)
class Interior:
    """What the application stands on: the gateway's executor and service, the line to the other services, the store of files."""

    executor: Executor
    service: type[Service]
    caller: Caller
    settings: HttpSettings
    store: Store
    dealer_bytes: int
    find: Find = queries.credentials_of

    @cached_property
    def feed(self) -> Feed:
        """What was heard of changes; nothing, unless somebody has it listen."""
        return Feed(self.executor.metrics)

    @cached_property
    def streams(self) -> Streams:
        """Who reads of them."""
        return Streams(self.feed, self.settings, self.executor.metrics)


def build_app(interior: Interior, table: Table | None = None) -> Flask:
    """The application. Raises SettingsError for a secret too short, ValueError for a route table that contradicts itself."""
    table = table or Table.of_contracts()
    settings = interior.executor.settings
    tokens = Tokens(settings.jwt_secret, previous=settings.jwt_secret_previous, clock=interior.executor.clock)
    rates = Rates(interior.settings)
    guard = Guard(
        tokens,
        Standing(interior.executor, interior.find),
        rates,
        secrets=[one for one in (settings.jwt_secret, settings.jwt_secret_previous) if one],
        usual_seconds=settings.rpc_timeout,
    )

    app = Flask("gateway", static_folder=None, template_folder=None)
    app.config.update(_CONFIG, API_SPEC_OPTIONS=_described(settings.inbox_retention_days))
    app.url_map.merge_slashes = False  # would answer with a redirect, in HTML
    app.extensions["metrics"] = HttpMetrics("gateway")
    app.before_request(_open)
    app.after_request(_close)
    app.register_error_handler(Problem, Problem.response)
    app.register_error_handler(ServiceError, _service_error)
    app.register_error_handler(Exception, _defect)

    api = Api(app, table.rows)
    api.register_blueprint(tokens_blueprint(SignIn(interior.executor, tokens, rates, interior.settings.sessions)))
    dispatcher = Dispatcher(interior.caller, interior.executor, interior.service)
    files = Files(
        Attacher(interior.caller, interior.executor, interior.store, dealer_bytes=interior.dealer_bytes),
        Deliverer(interior.caller, interior.store),
    )
    Views(api, table, guard, dispatcher, streams=interior.streams, files=files).register()
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(explaining.blueprint(table.rows))
    app.wsgi_app = RealClient(app.wsgi_app, interior.settings.trusted_proxies)  # type: ignore[method-assign]  # as Flask has it
    return app


def _described(days: int) -> dict[str, Any]:
    return {
        "info": {
            "description": INTRODUCTION.replace("{days}", str(days)),
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            "contact": {"name": "The administrators of your ServiceLane"},
        },
        "servers": [{"url": "/", "description": "Where this document came from."}],
        "security": SECURITY,
    }


def _open() -> None:
    g.started = time.perf_counter()
    g.identity = None
    g.dealer = None
    g.rates = {}
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    given = request.headers.get(traces.NAME, "")
    cause = given if traces.read_traceparent(given) else None
    name, facts = f"{request.method} {_route() or 'none'}", {"http.request.method": request.method}
    g.span = tracing.begin("server", "gateway", name, cause, facts=facts)
    g.traceparent = g.span.traceparent or cause or traces.new_traceparent()
    bind_contextvars(trace_id=traces.trace_id(g.traceparent))


def _close(response: Response) -> Response:
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers[traces.NAME] = g.traceparent
    response.headers["X-Request-Id"] = g.request_id
    response.headers.update(g.rates)
    if (response.status_code >= 400 and (request.content_length or 0) > _SMALL_REST) or "Transfer-Encoding" in request.headers:
        # Nobody reads the rest of a body that was refused.
        request.environ.get(CLOSE, _nothing)()
    route = _route()
    current_app.extensions["metrics"].answered(route or "none", response.status_code, time.perf_counter() - g.started)
    if tracing.on():
        _tell(g.span, route, response.status_code)
    log.info(
        "http_answered",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round((time.perf_counter() - g.started) * 1000, 1),
        dealer=g.dealer,
        principal=g.identity.principal if g.identity else None,
        request_id=g.request_id,
    )
    return response


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None


def _tell(span: tracing.Span, route: str | None, status: int) -> None:
    known = {"http.route": route, "http.response.status_code": status, "servicelane.dealer": g.dealer}
    span.tell({**known, "servicelane.request_id": g.request_id})
    span.end(ServiceError(str(status)) if status >= 500 else None)


def _nothing() -> None:
    """Without our server there is no connection to close."""


def _service_error(error: ServiceError) -> Response:
    problem = Problem.of_service(error)
    if problem.status >= 500:
        log.warning("service_failed", code=error.code, details=error.details, request_id=g.request_id)
    return problem.response()


def _defect(error: Exception) -> Any:
    log.exception("http_request_failed", request_id=g.request_id, error=type(error).__name__)
    return Problem(500, "internal_error").response()
