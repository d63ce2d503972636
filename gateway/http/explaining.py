"""`/problems`: every code with which the gateway says no, explained; a problem's `type` is the address of its page here.

Open to everybody, in the caller's language, as HTML or (Accept) as JSON.
"""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from markupsafe import Markup, escape

from contracts.problems import PROBLEMS, REFUSED
from gateway.http.problem_codes import refusals
from gateway.http.problems import ADDRESS, Problem, language, type_of
from gateway.http.table import Row, modules
from locales import knows, sentence

LABELS = ("catalogue", "code", "status", "service", "cause", "remedy", "operations")
_FORMS = ("text/html", "application/json")
_SECONDS = 3600


def blueprint(rows: Iterable[Row]) -> Blueprint:
    """The pages; `rows` are the operations that they name."""
    operations: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for code in refusals()[f"{row.route.request.service}.{row.route.request.method}"]:
            operations.setdefault((row.service, code), []).append(row.operation)
    pages = Blueprint("problems", __name__, url_prefix=ADDRESS)

    @pages.get("", provide_automatic_options=False)
    def every() -> Response:
        """All codes."""
        spoken = language()
        known = [one for code in codes() for one in explained(code, spoken, operations)]
        items = Markup("").join(Markup('<li><a href="{}">{}</a> {}</li>').format(*_line(one)) for one in known)
        heading = sentence("problems.catalogue", spoken)
        return _answered(heading, Markup("<ul>{}</ul>").format(items), {"problems": known}, spoken)

    @pages.get("/<name>", provide_automatic_options=False)
    def one_code(name: str) -> Response:
        """One code; where several services say no for the same reason, each in its own words."""
        spoken = language()
        code = name.replace("-", "_")
        known = explained(code, spoken, operations)
        if not known or "_" in name:
            raise Problem.nothing_here()
        told = Markup("").join(_told(one, spoken) for one in known)
        return _answered(code, told, {"type": type_of(code), "code": code, "problems": known}, spoken)

    return pages


def codes() -> list[str]:
    """Every code, those of the HTTP interface first."""
    return [*PROBLEMS, *sorted({code for _, module in modules("refusals") for code in module.REFUSALS})]


def explained(code: str, wanted: str, operations: dict[tuple[str, str], list[str]]) -> list[dict[str, Any]]:
    """What a code means to each that says it: `service` is null for the HTTP interface itself; empty for no code of ours."""
    services = [service for service, module in modules("refusals") if code in module.REFUSALS]
    keys = [(None, code, f"problem.{code}", PROBLEMS[code])] if code in PROBLEMS else []
    keys += [(service, f"{service}.{code}", f"refusal.{service}.{code}", REFUSED) for service in services]  # type: ignore[misc]  # the first says None
    return [
        {
            "type": type_of(code),
            "code": code,
            "service": service,
            "status": status,
            "title": sentence(title, wanted),
            "cause": sentence(f"cause.{key}", wanted) if knows(f"cause.{key}") else None,
            "remedy": sentence(f"remedy.{key}", wanted),
            "operations": sorted(operations.get((service or "", code), [])),
        }
        for service, key, title, status in keys
    ]


def _line(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["type"], one["code"], one["title"]


def _told(one: dict[str, Any], spoken: str) -> Markup:
    facts = ((label, one[label]) for label in LABELS[1:])
    rows = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(
            sentence(f"problems.{label}", spoken), ", ".join(fact) if isinstance(fact, list) else fact
        )
        for label, fact in facts
        if fact
    )
    return Markup("<h2>{}</h2><dl>{}</dl>").format(one["title"], rows)


def _answered(heading: str, told: Markup, facts: dict[str, Any], spoken: str) -> Response:
    if request.accept_mimetypes.best_match(_FORMS, default=_FORMS[0]) == _FORMS[1]:
        response: Response = jsonify(facts)
    else:
        head = Markup('<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>').format(
            spoken, heading
        )
        body = Markup('<body><h1>{}</h1>{}<p><a href="{}">{}</a></p></body></html>\n').format(
            escape(heading), told, ADDRESS, sentence("problems.catalogue", spoken)
        )
        response = Response(head + body, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = spoken
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    response.vary.update(("Accept", "Accept-Language"))
    return response
