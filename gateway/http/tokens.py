"""Access tokens: signed with our secret, good for an hour, and read with one algorithm only.

A token says who was let in and by which secret; what they may do is asked with every request (standing.py). So roles that are
taken away, accounts that are locked and secrets that are replaced are seen within seconds.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt

from chassis import new_id
from chassis.wire.errors import SettingsError
from gateway.account.principal import Credentials

ALGORITHM = "HS256"
ISSUER = "servicelane"
AUDIENCE = "servicelane"
LIFETIME = timedelta(hours=1)
SKEW = timedelta(minutes=1)
"""So much may the clocks of two gateways differ."""
LEAST_SECRET_BYTES = 32

_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti"]


class BadToken(Exception):
    """The token is not ours, or no longer good."""


@dataclass(frozen=True)
class Claim:
    """Whom a token was issued to, and for which of their secrets."""

    principal: str
    secret_number: int


class Tokens:
    """Issues and reads access tokens. Raises SettingsError for a secret too short to sign with."""

    def __init__(self, secret: str | None) -> None:
        if secret is None:
            raise SettingsError("JWT_SECRET is not set")
        if len(secret.encode()) < LEAST_SECRET_BYTES:
            raise SettingsError(f"JWT_SECRET must have at least {LEAST_SECRET_BYTES} bytes")
        self._secret = secret
        # A caller shows the same token with every request: its signature is checked once, its expiry each time.
        self._checked = lru_cache(maxsize=4096)(self._check)

    def issue(self, credentials: Credentials, now: datetime) -> str:
        """A token for someone whose secret was checked."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": new_id(),
            "sub": credentials.principal,
            "sec": credentials.secret_number,
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str) -> Claim:
        """Who the token was issued to. Raises BadToken for anything but an unexpired token of ours."""
        claim, expires_at = self._checked(token)
        left = expires_at - time.time()
        if left <= 0:
            raise BadToken("expired")
        if left > (LIFETIME + SKEW).total_seconds():  # issued, and checked, while the clock was ahead
            raise BadToken("not yet valid")
        return claim

    def _check(self, token: str) -> tuple[Claim, float]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                options={"require": _REQUIRED},
            )
            return Claim(principal=claims["sub"], secret_number=int(claims["sec"])), float(claims["exp"])
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
            raise BadToken(str(error)) from None
