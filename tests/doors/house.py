"""The gateway with real doors and a painted backdrop: the HTTP application on its own database, services that only take notes."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from werkzeug.test import TestResponse

from chassis.process.settings import Settings
from chassis.store.migrations import migrate
from chassis.wire.call import Call
from chassis.wire.ids import derived_id, new_id
from chassis.work.executor import Executor
from chassis.work.unit_of_work import Work
from contracts.roles import ADMINISTRATOR, DEALER_ROLES, GROUP_ROLES, SERVICE_MANAGER
from gateway.account import queries
from gateway.account.principal import Credentials
from gateway.evidence.folder import FolderStore
from gateway.evidence.store import content_key, thumbnail_key
from gateway.http.app import Interior, build_app
from gateway.http.settings import HttpSettings
from gateway.http.table import Row, Table
from gateway.http.tokens import ALGORITHM, AUDIENCE, ISSUER
from gateway.service import GatewayService
from tests.doors.examples import SOME_ID, example

SECRET = "only the doors' tests know this secret, and it has the sixty-four bytes HS512 wants"
BEIJING = {
    "dealer": "bj",
    "name": "北京店",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "locale": "zh",
    "tax_mode": "inclusive",
}
"""A dealer to register."""
OWN, OTHER, ABSENT = "sh-pudong", "bj-chaoyang", "nowhere"

TABLE = Table.of_contracts()
ROWS = TABLE.rows
DEALER_ROWS = [row for row in ROWS if row.route.scope == "dealer"]
GROUP_ROWS = [row for row in ROWS if row.route.scope == "group"]
OWN_ROWS = [row for row in ROWS if row.route.scope == "own"]
LINK_ROWS = [row for row in ROWS if row.route.scope == "link"]
SIGNED_IN = [row for row in ROWS if row.route.scope != "link"]
ROLE_ROWS = [*DEALER_ROWS, *GROUP_ROWS]
COMMANDS = [row for row in ROWS if row.is_command]
REMOTE = [row for row in ROWS if row.service != "gateway"]


def name(row: Row) -> str:
    """How a route is called in a test's name."""
    return f"{row.route.method} {row.path}"


@dataclass(frozen=True)
class Noted:
    """One call that reached a service."""

    service: str
    method: str
    payload: dict[str, Any]
    call: Call
    timeout: float


class NotingServices:
    """Stands in for the bus: notes every call and answers what it is told to, else a versioned object."""

    def __init__(self) -> None:
        self.calls: list[Noted] = []
        self.answer: Callable[[Noted], Any] = plain_answer

    def call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
        """Note the call."""
        noted = Noted(service, method, payload, call, timeout)
        self.calls.append(noted)
        return self.answer(noted)


def plain_answer(noted: Noted) -> Any:
    """What a service that does nothing answers."""
    answered = {"id": SOME_ID, "version": 7, "visit_id": SOME_ID, "events": [], "items": [], "groups": [], "dead": 0, "held": 0}
    return answered | OF_ATTACHMENTS.get(noted.method, {}) | OF_A_DAY.get(noted.method, {})


STORED = b"\xff\xd8\xff what a photo is made of, in the store of the house"
ATTACHED = {
    "work_order_id": SOME_ID,
    "kind": "walk_around",
    "medium": "photo",
    "name": "门 front.jpg",
    "sha256": hashlib.sha256(STORED).hexdigest(),
    "content_type": "image/jpeg",
    "size": len(STORED),
    "thumbnail": True,
    "attached_by": "wang",
    "attached_at": "2026-03-02T04:00:00+00:00",
}
TERMS = {"open": True, "photo_bytes": 20_000_000, "video_bytes": 150_000_000, "video_seconds": 60, "stored_bytes": 0}
OF_ATTACHMENTS: dict[str, dict[str, Any]] = {
    "get_upload_terms": TERMS,
    "get_attachment": ATTACHED,
    "get_linked_picture": ATTACHED,
    "record_attachment": ATTACHED,
    "get_leg_upload_terms": TERMS,
    "get_leg_attachment": ATTACHED,
    "record_leg_attachment": ATTACHED,
}
"""What workshop says of attachments, besides what everything answers."""

_NONE = {"count": 0, "items": []}
_NOTHING = {"amount": "0.00", "currency": "CNY"}
OF_A_DAY: dict[str, dict[str, Any]] = {
    "get_shop_day": {
        "day": "2026-03-02",
        "as_of": "2026-03-02T04:00:00+00:00",
        **dict.fromkeys(("comebacks", "delivered"), _NONE),
        "arrivals": {**_NONE, "without_order": []},
    },
    "get_revenue_day": {"day": "2026-03-02", "payers": [], **dict.fromkeys(("net", "tax", "total"), _NOTHING)},
}
"""What workshop and billing say of a day."""


class House:
    """The application with its services; asks it as anyone."""

    def __init__(self, folder: str, table: Table = TABLE, **environ: str) -> None:
        url = f"sqlite:///{folder}/{new_id()}.sqlite"
        migrate(GatewayService, url)
        settings = Settings.read("gateway", {"AMQP_URI": "embedded://", "DATABASE_URL": url, "JWT_SECRET": SECRET})
        self.executor = Executor(settings)
        self.services = NotingServices()
        self.service = GatewayService
        self.store = FolderStore(Path(folder).absolute() / "attachments")
        content = Path(folder) / "stored"
        content.write_bytes(STORED)
        for key in (content_key, thumbnail_key):
            self.store.put(key(OWN, str(ATTACHED["sha256"])), content, "image/jpeg")
        settled = HttpSettings.read(environ)
        self.interior = Interior(self.executor, self.service, self.services, settled, self.store, 1_000_000_000, _found)
        self.app = build_app(self.interior, table)

    def ask(
        self,
        row: Row,
        *,
        dealer: str = OWN,
        token: str | None = None,
        path: str | None = None,
        change: dict[str, Any] | None = None,
        headers: dict[str, str | None] | None = None,
        body: str | None = None,
    ) -> TestResponse:
        """One well-formed request of a route, but for what is said otherwise; a header set to None is left out."""
        made, values = example(row)
        values |= change or {}
        sent = {"Idempotency-Key": new_id(), "If-Match": '"7"', "Authorization": f"Bearer {token}" if token else None}
        sent |= headers or {}
        return self.app.test_client().open(
            (path or made).replace("{dealer}", dealer),
            method=row.route.method,
            headers={header: value for header, value in sent.items() if value is not None},
            **self._given(row, values, body),
        )

    def _given(self, row: Row, values: dict[str, Any], body: str | None) -> dict[str, Any]:
        if body is not None:
            return {"data": body, "content_type": "application/json"}
        return {"json": values} if row.is_command else {"query_string": values}


STRANGERS: dict[str, Credentials] = {}
"""Whom the doors' tests let in without an account: whoever has a token of `token`."""


def _found(work: Work, principal: str, session_id: str | None) -> Credentials | None:
    if principal in STRANGERS and session_id is None:
        return STRANGERS[principal]
    return queries.credentials_of(work, principal, session_id)


LINK_TOKEN = "one-time-link_0123456789-of-256-random-bits"
"""The token of a one-time link."""


def token_for(row: Row, *, dealer: str = OWN) -> str:
    """A token of someone who may call this route and nothing else but what everybody may."""
    if row.route.scope == "link":
        return LINK_TOKEN
    if row.route.scope == "own":
        return token()
    if row.route.scope == "group":
        return token(group=[row.route.roles[0]])
    return token(dealers={dealer: [row.route.roles[0]]})


def token_without(row: Row) -> str | None:
    """A token of someone at the same place whose role does not allow this route; None when every role does."""
    everyone = GROUP_ROLES if row.route.scope == "group" else DEALER_ROLES
    others = [role for role in everyone if role not in row.route.roles and role != SERVICE_MANAGER]
    if not others:
        return None
    return token(group=others) if row.route.scope == "group" else token(dealers={OWN: others}, group=[ADMINISTRATOR])


def token(
    *,
    dealers: dict[str, list[str]] | None = None,
    group: list[str] | None = None,
    secret: str = SECRET,
    algorithm: str | None = ALGORITHM,
    age: timedelta = timedelta(),
    leave_out: str | None = None,
    locale: str = "en",
    active: bool = True,
    **changes: Any,
) -> str:
    """A token as the gateway issues it, but for what is said otherwise; and whoever has it may do that."""
    issued = datetime.now(UTC) - age
    rights = {"dealers": dealers or {}, "group_roles": group or [], "locale": locale, "active": active}
    who = changes.get("sub") or f"account:{derived_id('stranger', json.dumps(rights))}"
    known = {"principal": who, "actor": "wang", "secret_hash": "", "secret_number": 1}
    STRANGERS[who] = Credentials(**known, **rights)  # type: ignore[arg-type]  # of many types
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + timedelta(hours=1),
        "jti": new_id(),
        "sub": who,
        "sec": 1,
        **changes,
    }
    if leave_out is not None:
        claims.pop(leave_out)
    return jwt.encode(claims, "" if algorithm == "none" else secret, algorithm=algorithm)


def problem(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document of a response, checked to be one in every respect (RFC 9457)."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body = response.get_json()
    assert body["type"] == f"/problems/{code.replace('_', '-')}"
    assert body["status"] == status
    assert body["code"] == code
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == response.request.path
    assert set(body) <= {"type", "title", "status", "detail", "instance", "code", "errors", "details"}
    assert "Traceback" not in response.get_data(as_text=True)
    return body
