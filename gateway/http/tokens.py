"""Access tokens: signed with our secret, good for a program's hour or ten minutes of a person's session, read with one algorithm.

A token says who was let in, by which secret and in which session; what they may do is asked with every request (standing.py).
So roles taken away, accounts locked, secrets replaced and sessions ended are seen within seconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt

from chassis import new_id
from chassis.process.clock import Clock, SystemClock
from chassis.wire.errors import SettingsError
from gateway.account.principal import Credentials

ALGORITHM = "HS256"
ISSUER = "servicelane"
AUDIENCE = "servicelane"
LIFETIME = timedelta(hours=1)
"""Of a program's token: it has no session, and gets the next one by its secret."""
SESSION_LIFETIME = timedelta(minutes=10)
"""Of a person's token, who gets the next one by the session's refresh token."""
SKEW = timedelta(minutes=1)
"""So much may the clocks of two gateways differ."""
LEAST_SECRET_BYTES = 32

_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti"]


class BadToken(Exception):
    """The token is not ours, or no longer good."""


class _OtherSecret(BadToken):
    """It was signed with another secret."""


@dataclass(frozen=True)
class Claim:
    """Whom a token was issued to, for which of their secrets, when it ends, and in which session if it is a person's."""

    principal: str
    secret_number: int
    ends_at: float
    session_id: str | None = None


class Tokens:
    """Issues and reads access tokens. Raises SettingsError for a secret too short to sign with.

    Those of `previous` are read, too: while one secret takes the place of the other, nobody is signed out.
    """

    def __init__(self, secret: str | None, *, previous: str | None = None, clock: Clock | None = None) -> None:
        if secret is None:
            raise SettingsError("JWT_SECRET is not set")
        self._secrets = [secret] if previous is None else [secret, previous]
        for name, value in zip(("JWT_SECRET", "JWT_SECRET_PREVIOUS"), self._secrets, strict=False):
            if len(value.encode()) < LEAST_SECRET_BYTES:
                raise SettingsError(f"{name} must have at least {LEAST_SECRET_BYTES} bytes")
        self._clock = clock or SystemClock()
        # A caller shows the same token with every request: its signature is checked once, its expiry each time.
        self._checked = lru_cache(maxsize=4096)(self._check)

    def issue(
        self, credentials: Credentials, now: datetime, *, lifetime: timedelta = LIFETIME, session_id: str | None = None
    ) -> str:
        """A token for someone whose secret, or whose session's handle, was checked."""
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lifetime,
            "jti": new_id(),
            "sub": credentials.principal,
            "sec": credentials.secret_number,
        }
        if session_id is not None:
            claims["sid"] = session_id
        return jwt.encode(claims, self._secrets[0], algorithm=ALGORITHM)

    def read(self, token: str) -> Claim:
        """Who the token was issued to. Raises BadToken for anything but an unexpired token of ours."""
        claim = self._checked(token)
        left = claim.ends_at - self._clock.now().timestamp()
        if left <= 0:
            raise BadToken("expired")
        if left > (LIFETIME + SKEW).total_seconds():  # issued, and checked, while the clock was ahead
            raise BadToken("not yet valid")
        return claim

    def _check(self, token: str) -> Claim:
        *earlier, last = self._secrets
        for secret in earlier:
            try:
                return self._signed_with(secret, token)
            except _OtherSecret:
                continue
        return self._signed_with(last, token)

    def _signed_with(self, secret: str, token: str) -> Claim:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                # By the machine's clock, which need not be ours: `read` looks at the end, here at the beginning.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
            if int(claims["iat"]) > self._clock.now().timestamp():
                raise BadToken("not yet valid")
            return Claim(
                principal=claims["sub"],
                secret_number=int(claims["sec"]),
                ends_at=int(claims["exp"]),
                session_id=claims.get("sid"),
            )
        except jwt.InvalidSignatureError as error:
            raise _OtherSecret(str(error)) from None
        except (jwt.InvalidTokenError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise BadToken(str(error)) from None
