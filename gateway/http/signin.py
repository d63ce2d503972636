"""`POST /v1/tokens`: an access token for a login and password, a session's refresh token, or a client id and secret (OAuth 2).

`POST /v1/tokens/revoke` ends a session by its refresh token (RFC 7009).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from eventlet.semaphore import Semaphore
from flask import Response, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis import Work
from chassis.wire.call import Call
from chassis.wire.codec import CodedSchema, flatten
from chassis.wire.keys import small
from chassis.work.executor import Executor
from gateway.account import admitting, queries, secret
from gateway.account.admitting import SignedIn
from gateway.account.principal import Credentials
from gateway.account.session import Lifetimes, new_handle
from gateway.http import reading
from gateway.http.problems import Problem
from gateway.http.rates import Rates
from gateway.http.tokens import LIFETIME, SESSION_LIFETIME, Tokens

Find = Callable[[Work, str], Credentials | None]

FORM = "application/x-www-form-urlencoded"
BODY_LIMIT = 16 * 1024
_AT_ONCE = 2
_LONGEST_HANDLE = 200


def _posted(longest: int, description: str, **more: str) -> fields.String:
    return fields.String(validate=validate.Length(max=longest), metadata={"description": description, **more})


class TokenRequest(CodedSchema):
    """What is posted; each grant takes its own two fields, `refresh_token` the one of that name."""

    class Meta:
        unknown = RAISE
        description = (
            "`username` and `password` for the grant `password`, `refresh_token` for the grant of that name, "
            "`client_id` and `client_secret` for `client_credentials`."
        )

    grant_type = fields.String(
        required=True,
        validate=validate.OneOf(["password", "refresh_token", "client_credentials"]),
        metadata={
            "description": "`password` signs a person in, `refresh_token` keeps them so, `client_credentials` is a program's."
        },
    )
    username = _posted(64, "The account's login, in any case.")
    password = _posted(200, "The account's password.", format="password")
    refresh_token = _posted(_LONGEST_HANDLE, "What the sign-in was answered with; it stays the same.", format="password")
    client_id = _posted(50, "The API client's id.")
    client_secret = _posted(200, "The API client's secret.", format="password")
    scope = fields.String(
        validate=validate.Equal(""),
        metadata={"description": "Empty: there are no scopes, what one may do follows from one's roles."},
    )


_HANDLE = "9rVLbm0cJ0T4Rkq0vT5pZ3nK7sYbq1uW2xHc8dEfGhI"
TOKEN_EXAMPLES = {
    "person": {"grant_type": "password", "username": "sh-pudong.advisor", "password": "showroom-2026"},
    "session": {"grant_type": "refresh_token", "refresh_token": _HANDLE},
    "program": {"grant_type": "client_credentials", "client_id": "erp", "client_secret": "at random, of at least 32 characters"},
}
REVOCATION_EXAMPLES = {"session": {"token": _HANDLE}}


class RevocationRequest(CodedSchema):
    """What is posted to sign out (RFC 7009)."""

    class Meta:
        unknown = RAISE
        description = "The refresh token of the session that is to end."

    token = fields.String(
        required=True,
        validate=validate.Length(max=_LONGEST_HANDLE),
        metadata={"description": "The session's refresh token.", "format": "password"},
    )
    token_type_hint = fields.String(
        validate=validate.Equal("refresh_token"), metadata={"description": "`refresh_token`, or left out."}
    )


class TokenAnswer(Schema):
    """An access token; `expires_in` in seconds. Absent is what does not apply, as OAuth 2 has it."""

    class Meta:
        description = "An access token. `session_id` is there for a person, `refresh_token` when they have signed in."

    access_token = fields.String(required=True, metadata={"description": "The token: a signed JWT; treat it as a secret."})
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"), metadata={"description": "Always `Bearer`."})
    expires_in = fields.Integer(
        required=True, strict=True, metadata={"description": "For how many seconds it is good.", "examples": [600]}
    )
    refresh_token = fields.String(
        metadata={
            "description": "The session's refresh token: it gets the next access tokens until the session ends. Keep it secret."
        }
    )
    session_id = fields.String(metadata={"description": "The session, as `GET /v1/sessions` lists it.", "format": "uuid"})


class SignIn:
    """Checks a login or client and issues the token. A wrong name and a wrong secret are refused alike, in the same time."""

    def __init__(self, executor: Executor, tokens: Tokens, rates: Rates, lifetimes: Lifetimes) -> None:
        self._executor = executor
        self._tokens = tokens
        self._rates = rates
        self._lifetimes = lifetimes
        # Checked and counted one after the other, or a burst of guesses would pass before the first is counted.
        self._turn = Semaphore(_AT_ONCE)
        secret.nobodys()

    def answer(self) -> Response:
        """The token, or the problem that says no."""
        asked = _read(TokenRequest(), _with_basic(_form()))
        if asked["grant_type"] == "password":
            return self._begun(small(_given(asked, "username")), _given(asked, "password"))
        if asked["grant_type"] == "refresh_token":
            return self._resumed(_given(asked, "refresh_token"))
        name, given = small(_given(asked, "client_id")), _given(asked, "client_secret")
        return self._granted(self._proven(queries.credentials_of_client, name, given), LIFETIME)

    def revoke(self) -> Response:
        """Sign out: nothing is answered, whether there was such a session or not."""
        handle = _read(RevocationRequest(), _form())["token"]
        self._rates.count_address(request.remote_addr or "")
        self._executor.keep(lambda work: admitting.end_by_handle(work, handle))
        self._executor.committed()  # tokens of the session are refused here at once
        return Response(status=200)

    def _begun(self, name: str, given: str) -> Response:
        credentials, handle = self._proven(queries.credentials_of_account, name, given), new_handle()
        begun = self._executor.keep(lambda work: admitting.begin(work, credentials, handle, self._lifetimes))
        if begun is None:
            raise _not_proven()
        return self._in_session(begun, refresh_token=handle)

    def _resumed(self, handle: str) -> Response:
        self._rates.count_address(request.remote_addr or "")
        resumed = self._executor.keep(lambda work: admitting.resume(work, handle, self._lifetimes))
        if resumed is None:
            raise Problem(401, "session_ended", headers={"WWW-Authenticate": 'Bearer realm="servicelane", error="invalid_token"'})
        return self._in_session(resumed)

    def _in_session(self, signed_in: SignedIn, **more: str) -> Response:
        lifetime = min(SESSION_LIFETIME, signed_in.expires_at - self._executor.clock.now())
        return self._granted(signed_in.credentials, lifetime, session_id=signed_in.session_id, **more)

    def _granted(self, credentials: Credentials, lifetime: timedelta, session_id: str | None = None, **more: str) -> Response:
        token = self._tokens.issue(credentials, self._executor.clock.now(), lifetime=lifetime, session_id=session_id)
        body = {"access_token": token, "token_type": "Bearer", "expires_in": int(lifetime.total_seconds()), **more}
        if session_id is not None:
            body["session_id"] = session_id
        answer = Response(status=200, content_type="application/json", headers={"Pragma": "no-cache"})
        answer.set_data(TokenAnswer().dumps(body))
        return answer

    def _proven(self, find: Find, name: str, given: str) -> Credentials:
        address = request.remote_addr or ""
        with self._turn:
            self._rates.check_sign_in(name, address)
            credentials = self._executor.read(lambda work: find(work, name), Call())
            right = secret.matches(credentials.secret_hash if credentials else secret.nobodys(), given)
            if credentials is not None and right and credentials.active:
                return credentials
            self._rates.count_failed_sign_in(name, address)
        raise _not_proven()


def _not_proven() -> Problem:
    return Problem(401, "invalid_credentials", headers={"WWW-Authenticate": 'Basic realm="servicelane"'})


def _form() -> dict[str, Any]:
    request.max_content_length = BODY_LIMIT
    reading.check_type(FORM)
    reading.check_query({}, is_command=True)
    reading.check_once(request.form)
    posted: dict[str, Any] = request.form.to_dict()
    return posted


def _with_basic(posted: dict[str, Any]) -> dict[str, Any]:
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        if twice := posted.keys() & {"client_id", "client_secret"}:
            raise Problem(422, "invalid", errors={name: ["given_twice"] for name in sorted(twice)})
        posted |= {"client_id": basic.username, "client_secret": basic.password}
    return posted


def _read(schema: Schema, posted: dict[str, Any]) -> dict[str, Any]:
    try:
        asked: dict[str, Any] = schema.load(posted)
    except ValidationError as error:
        raise Problem(422, "invalid", errors=flatten(error.normalized_messages())) from None  # type: ignore[no-untyped-call]
    return asked


def _given(asked: dict[str, Any], name: str) -> str:
    if name not in asked:
        raise Problem(422, "invalid", errors={name: ["required"]})
    value = str(asked[name])
    if "\0" in value:
        raise Problem(422, "invalid", errors={name: ["control_characters"]})
    return value
