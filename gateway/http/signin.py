"""`POST /v1/tokens`: an access token for a login and password, or for a client id and secret (OAuth 2 grants of those names)."""

from collections.abc import Callable
from typing import Any

from eventlet.semaphore import Semaphore
from flask import Response, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis import Work
from chassis.wire.call import Call
from chassis.wire.codec import CodedSchema, flatten
from chassis.wire.keys import small
from chassis.work.executor import Executor
from gateway.account import queries, secret
from gateway.account.principal import Credentials
from gateway.http import reading
from gateway.http.problems import Problem
from gateway.http.rates import Rates
from gateway.http.tokens import LIFETIME, Tokens

Find = Callable[[Work, str], Credentials | None]

FORM = "application/x-www-form-urlencoded"
BODY_LIMIT = 16 * 1024
_AT_ONCE = 2


def _posted(longest: int, description: str, **more: str) -> fields.String:
    return fields.String(validate=validate.Length(max=longest), metadata={"description": description, **more})


class TokenRequest(CodedSchema):
    """What is posted; `username` and `password` for the password grant, `client_id` and `client_secret` for the other."""

    class Meta:
        unknown = RAISE
        description = "`username` and `password` for the password grant, `client_id` and `client_secret` for the other."

    grant_type = fields.String(
        required=True,
        validate=validate.OneOf(["password", "client_credentials"]),
        metadata={"description": "`password` for a person, `client_credentials` for a program."},
    )
    username = _posted(64, "The account's login, in any case.")
    password = _posted(200, "The account's password.", format="password")
    client_id = _posted(50, "The API client's id.")
    client_secret = _posted(200, "The API client's secret.", format="password")
    scope = fields.String(
        validate=validate.Equal(""),
        metadata={"description": "Empty: there are no scopes, what one may do follows from one's roles."},
    )


class TokenAnswer(Schema):
    """An access token; `expires_in` in seconds."""

    class Meta:
        description = "An access token."

    access_token = fields.String(required=True, metadata={"description": "The token: a signed JWT; treat it as a secret."})
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"), metadata={"description": "Always `Bearer`."})
    expires_in = fields.Integer(
        required=True, strict=True, metadata={"description": "For how many seconds it is good.", "examples": [3600]}
    )


class SignIn:
    """Checks a login or client and issues the token. A wrong name and a wrong secret are refused alike, in the same time."""

    def __init__(self, executor: Executor, tokens: Tokens, rates: Rates) -> None:
        self._executor = executor
        self._tokens = tokens
        self._rates = rates
        # Checked and counted one after the other, or a burst of guesses would pass before the first is counted.
        self._turn = Semaphore(_AT_ONCE)
        secret.nobodys()

    def answer(self) -> Response:
        """The token, or the problem that says no."""
        asked = _read()
        find: Find
        if asked["grant_type"] == "password":
            find, name, given = queries.credentials_of_account, small(_given(asked, "username")), _given(asked, "password")
        else:
            find, name, given = queries.credentials_of_client, small(_given(asked, "client_id")), _given(asked, "client_secret")
        credentials = self._proven(find, name, given, request.remote_addr or "")
        token = self._tokens.issue(credentials, self._executor.clock.now())
        body = {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())}
        answer = Response(status=200, content_type="application/json", headers={"Pragma": "no-cache"})
        answer.set_data(TokenAnswer().dumps(body))
        return answer

    def _proven(self, find: Find, name: str, given: str, address: str) -> Credentials:
        with self._turn:
            self._rates.check_sign_in(name, address)
            credentials = self._executor.read(lambda work: find(work, name), Call())
            right = secret.matches(credentials.secret_hash if credentials else secret.nobodys(), given)
            if credentials is not None and right and credentials.active:
                return credentials
            self._rates.count_failed_sign_in(name, address)
        raise Problem(401, "invalid_credentials", headers={"WWW-Authenticate": 'Basic realm="servicelane"'})


def _read() -> dict[str, Any]:
    request.max_content_length = BODY_LIMIT
    reading.check_type(FORM)
    reading.check_query({}, is_command=True)
    reading.check_once(request.form)
    posted: dict[str, Any] = request.form.to_dict()
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        if twice := posted.keys() & {"client_id", "client_secret"}:
            raise Problem(422, "invalid", errors={name: ["given_twice"] for name in sorted(twice)})
        posted |= {"client_id": basic.username, "client_secret": basic.password}
    try:
        asked: dict[str, Any] = TokenRequest().load(posted)
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
