"""Access tokens: signed with our secret, good for an hour, and read with one algorithm only.

A token carries its principal's roles. Roles that are taken away, and accounts that are locked, take effect when it expires.
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
class Identity:
    """Who asks: `principal` is unique and permanent, `actor` the name that documents and events carry."""

    principal: str
    actor: str
    locale: str
    dealers: dict[str, frozenset[str]]
    group_roles: frozenset[str]


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
            "actor": credentials.actor,
            "locale": credentials.locale,
            "dealers": credentials.dealers,
            "group": credentials.group_roles,
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str) -> Identity:
        """Who the token was issued to. Raises BadToken for anything but an unexpired token of ours."""
        identity, expires_at = self._checked(token)
        left = expires_at - time.time()
        if left <= 0:
            raise BadToken("expired")
        if left > (LIFETIME + SKEW).total_seconds():  # issued, and checked, while the clock was ahead
            raise BadToken("not yet valid")
        return identity

    def _check(self, token: str) -> tuple[Identity, float]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                options={"require": _REQUIRED},
            )
            identity = Identity(
                principal=claims["sub"],
                actor=claims["actor"],
                locale=claims["locale"],
                dealers={dealer: frozenset(roles) for dealer, roles in claims["dealers"].items()},
                group_roles=frozenset(claims["group"]),
            )
            return identity, float(claims["exp"])
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadToken(str(error)) from None
