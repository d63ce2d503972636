"""How HTTP says no: RFC 9457 problem documents with stable types, titled in the caller's language. Never HTML, never a trace."""

import json
from collections.abc import Iterable
from datetime import datetime
from string import Formatter
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from chassis import Invalid, NotFound, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.errors import DeadlineExceeded, Forbidden, KeyReused, PreconditionRequired, ServiceError, Unavailable
from chassis.wire.rules import read_rule
from locales import CATALOGUES, KINDS, SOURCE, knows, languages, sentence

CONTENT_TYPE = "application/problem+json"

_STATUS: dict[type[ServiceError], int] = {
    NotFound: 404,
    Refused: 409,
    Invalid: 422,
    NotYetKnown: 422,
    PreconditionFailed: 412,
    PreconditionRequired: 428,
    Forbidden: 403,
    KeyReused: 422,
    Unavailable: 503,
    DeadlineExceeded: 504,
}

_OF_HTTP = {
    400: "malformed_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "request_too_large",
    415: "unsupported_media_type",
}

RETRY_SECONDS = 1
ADDRESS = "/problems"

ROLE_NEEDED, OR = "role_needed", " / "


class Problem(Exception):
    """An answer that is not a result: `errors` maps each field to the codes of the rules it broke, `details` are the facts."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: dict[str, list[str]] | None = None,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = errors or {}
        self.details = details or {}
        self.headers = headers or {}

    @classmethod
    def of_service(cls, error: ServiceError) -> "Problem":
        """What a service's error is over HTTP."""
        status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
        if status == 500:  # a defect of ours; the service has logged it, and its text is nobody else's business
            return cls(500, "internal_error")
        if isinstance(error, NotFound):
            return cls.nothing_here()
        if isinstance(error, NotYetKnown):
            return cls(status, "not_yet_known", errors={str(error.details.get("field", "body")): ["not_yet_known"]})
        if isinstance(error, Invalid):
            return cls(status, "invalid", errors=error.details.get("errors", {}))
        headers = {"Retry-After": str(RETRY_SECONDS)} if status in (503, 504) else {}
        return cls(status, error.code, details=error.details, headers=headers)

    @classmethod
    def of_http(cls, error: HTTPException) -> "Problem":
        """What an error of the web framework is in our words."""
        status = error.code if error.code is not None and error.code >= 400 else 500
        allow = error.get_response().headers.get("Allow")
        return cls(
            status,
            _OF_HTTP.get(status, "internal_error" if status >= 500 else "malformed_request"),
            headers={"Allow": allow} if allow else {},
        )

    @classmethod
    def role_missing(cls, roles: Iterable[str]) -> "Problem":
        """None of the roles that would do is the caller's."""
        return cls(403, "forbidden", details={ROLE_NEEDED: OR.join(sorted(roles))})

    @classmethod
    def nothing_here(cls) -> "Problem":
        """What does not exist, and what is another dealer's: the same to the letter."""
        return cls(404, "not_found")

    def response(self) -> Response:
        """The problem document."""
        spoken = language()
        title = title_of(self.code, spoken, g.get("service"))
        errors = {field: [said(broken, spoken) for broken in rules] for field, rules in self.errors.items()}
        body: dict[str, Any] = {
            "type": type_of(self.code),
            "title": title,
            "status": self.status,
            "detail": _in_fields(errors) or case_of(self.code, self.details, spoken, g.get("service")) or title,
            "instance": request.path,
            "code": self.code,
        }
        if errors:
            body["errors"] = errors
        if self.details:
            body["details"] = self.details
        headers = {**self.headers, "Content-Language": spoken}
        return Response(json.dumps(body, ensure_ascii=False), self.status, headers=headers, content_type=CONTENT_TYPE)


def type_of(code: str) -> str:
    """The stable type of a problem: where it is explained (gateway/http/explaining.py), relative to the gateway's own address."""
    return f"{ADDRESS}/{code.replace('_', '-')}"


def title_of(code: str, wanted: str, service: str | None) -> str:
    """One sentence in the language wanted: the words of the service that says no, else ours."""
    for known in (f"refusal.{service}.{code}", f"problem.{code}"):
        if knows(known):
            return sentence(known, wanted)
    return code.replace("_", " ")


def case_of(code: str, facts: dict[str, Any], wanted: str, service: str | None) -> str:
    """The sentence for this case, with its facts; nothing for a code without one, or where a fact is missing."""
    for known in (f"case.{service}.{code}", f"case.{code}"):
        if knows(known):
            told = {name: _roles(value, wanted) if name == ROLE_NEEDED else _on_the_wall(value) for name, value in facts.items()}
            places = {name for _, name, _, _ in Formatter().parse(CATALOGUES.template(known, wanted)) if name is not None}
            return sentence(known, wanted, **told) if places <= told.keys() else ""
    return ""


def said(broken: str, wanted: str) -> str:
    """A broken rule in the language wanted; one that no catalogue knows as it came."""
    code, values = read_rule(broken)
    if "choices" in values:
        kind = CATALOGUES.kind_of(tuple(str(one) for one in values["choices"]))
        values["choices"] = [_choice(one, wanted, kind) for one in values["choices"]]
    return sentence(f"rule.{code}", wanted, **values) if knows(f"rule.{code}") else broken


def _choice(choice: Any, wanted: str, kind: str | None) -> Any:
    """What may be chosen, as the language calls it, with the code that is sent; English reads the codes."""
    known = next((key for key in (f"role.{choice}", f"word.{choice}", f"{KINDS}{kind}.{choice}") if knows(key)), None)
    return choice if known is None or wanted == SOURCE else f"{sentence(known, wanted)} ({choice})"


def language() -> str:
    """The caller's language: what the request asks for, else the account's, else English."""
    asked = request.accept_languages.best_match(languages())
    if asked is not None:
        return asked
    identity = g.get("identity")
    return identity.locale if identity is not None and identity.locale in languages() else SOURCE


def _in_fields(errors: dict[str, list[str]]) -> str:
    return " ".join(f"{field}: {' '.join(rules)}" for field, rules in errors.items())


def _on_the_wall(fact: Any) -> Any:
    """A dealer's service tells moments by the dealer's clock: no zone is to be named, in London in winter either."""
    if "dealer" not in (request.view_args or {}) or not isinstance(fact, str) or "T" not in fact:
        return fact
    try:
        return datetime.fromisoformat(fact).replace(tzinfo=None)
    except ValueError:
        return fact


def _roles(needed: str, wanted: str) -> str:
    return OR.join(sentence(f"role.{role}", wanted) for role in needed.split(OR))
