"""The Flask application: what stands before and after every page, and how every error ends."""

import gzip
import time
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, render_template, request, url_for
from jinja2 import StrictUndefined
from structlog.contextvars import bind_contextvars
from werkzeug.exceptions import HTTPException

from chassis.process import tracing
from chassis.process.clock import Clock, SystemClock
from chassis.process.metrics import HttpMetrics
from chassis.process.server import CLOSE
from chassis.wire import traces
from console import entrance, files, finding, page, security, shell, showing, speaking, static, visited, watching
from console.desk import Parts
from console.filled import Form
from console.gateway import Gateway, Refusal
from console.live.tabs import Live
from console.people import Names, dealers, staff
from console.roles import Roles
from console.screens import SCREENS
from console.session import Sessions, SignedOut
from console.settings import NAME, ConsoleSettings

log = structlog.get_logger()

COMPRESSION = 7
"""A board of 200 cars is 1 % larger than with 9, in 0.8 instead of 1.3 ms; with 5 it is 4 % larger."""
WORTH_COMPRESSING = 1000
KEEPS_TYPING = (403, 404, 500, 502, 503, 504)
"""Error pages that show what was typed into the form they answer; of what was too large nothing is read."""


def build_app(settings: ConsoleSettings, metrics: HttpMetrics, *, clock: Clock | None = None) -> Flask:
    """The application."""
    app = Flask("console", static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(showing.FILTERS)
    app.jinja_env.globals.update(showing.GLOBALS | page.GLOBALS | shell.GLOBALS | static.GLOBALS)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = security.BODY_LIMIT
    app.url_map.strict_slashes = False
    gateway = Gateway(settings.gateway_url, seconds=settings.gateway_seconds)
    sessions, roles = Sessions(gateway), Roles(gateway)
    live = Live(gateway, sessions, roles, metrics, most=settings.streams, most_of_one=settings.streams_of_one)
    app.extensions |= {
        "settings": settings,
        "metrics": metrics,
        "crowd": security.Crowd(settings.client_rate),
        "parts": Parts(gateway, sessions, roles, live, Names(staff), Names(dealers), clock or SystemClock()),
        "screens": tuple(sorted(SCREENS, key=lambda screen: screen.place)),
    }
    app.before_request(_open)
    app.after_request(_close)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _defect)
    app.register_blueprint(shell.blueprint)
    app.register_blueprint(finding.blueprint)
    app.register_blueprint(files.blueprint)
    app.register_blueprint(visited.blueprint)
    app.register_blueprint(static.blueprint)
    app.register_blueprint(watching.blueprint)
    for screen in SCREENS:
        screen.register(app)
    return app


def _open() -> Response | None:
    bind_contextvars(service=NAME)  # embedded, others log in this process, too
    g.started = time.perf_counter()
    given = request.headers.get(traces.NAME)
    facts = {"http.request.method": request.method}
    g.span = tracing.begin("server", NAME, f"{request.method} {_route()}", given, facts=facts)
    if tracing.on():
        bind_contextvars(trace_id=traces.trace_id(g.span.traceparent))
    wait = _extension("crowd").seconds_to_wait(entrance.client())
    if wait:
        return _error_page(429, "too_many_requests", headers={"Retry-After": str(wait)})
    security.refuse_strangers()
    return None


def _close(response: Response) -> Response:
    security.protect(response)
    response.headers["X-Request-Id"] = entrance.request_id()
    _compress(response)
    if response.status_code >= 400:
        request.environ.get(CLOSE, lambda: None)()  # nobody reads the rest of a body that was refused
    seconds = time.perf_counter() - g.started
    waited = g.get("waited", 0.0) + (g.desk.waited if "desk" in g else 0.0)
    route = _route()
    g.span.tell({"http.route": route, "http.response.status_code": response.status_code})
    g.span.end()
    _extension("metrics").answered(route, response.status_code, seconds, waited)
    log.info(
        "page_answered",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        gateway_ms=round(waited * 1000, 1),
        request_id=entrance.request_id(),
    )
    return response


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "none"


def _compress(response: Response) -> None:
    response.vary.add("Accept-Encoding")
    response.vary.add("Cookie")
    response.vary.add(shell.AGAIN)
    if response.direct_passthrough or response.is_streamed or not (response.mimetype or "").startswith("text/"):
        return
    body = response.get_data()
    if len(body) >= WORTH_COMPRESSING and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, compresslevel=COMPRESSION, mtime=0))
        response.content_encoding = "gzip"


def _signed_out(error: SignedOut) -> Response:
    """A page that was asked for is asked for again after the sign-in; a form that was sent is kept in it."""
    if request.method == "POST" and request.view_args and "dealer" in request.view_args:
        response = page.sign_in_page(None, request.form)
    else:
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        response = page.gone_to(url_for("shell.sign_in", next=here if here != "/" else None))
    if request.cookies.get(entrance.cookie_name()):
        entrance.forget(response)
        del response.headers["Clear-Site-Data"]  # what was typed into other tabs stays
    return response


def _refused(refusal: Refusal) -> Response:
    return _error_page(refusal.status, refusal.code, refusal.sentence)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    return _error_page(status, {403: "forbidden", 404: "not_found", 413: "too_large"}.get(status, "bad_request"))


def _defect(error: Exception) -> Response:
    log.exception("page_failed", request_id=entrance.request_id(), error=type(error).__name__)
    return _error_page(500, "defect")


def _error_page(status: int, code: str, sentence: str = "", headers: dict[str, str] | None = None) -> Response:
    said = sentence or speaking.t(f"problem.{code}")
    if request.method == "POST" and status in KEEPS_TYPING and "returned" not in g and (status != 403 or "desk" in g):
        sent = Form.read(request.form)  # whoever may not see the page any more still has what they typed
        g.returned = sent if sent.labels else None
    text = render_template("error.html", title=speaking.t(f"error.{shell.kind_of(status)}"), said=said, status=status)
    return Response(text, status, headers=headers)


def _extension(name: str) -> Any:
    return current_app.extensions[name]
