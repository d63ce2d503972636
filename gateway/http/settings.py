"""Settings of the HTTP interface that no other service has; read once from the environment, errors name the variable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from limits import RateLimitItem, parse

from chassis.process.peers import Networks, networks
from chassis.wire.errors import SettingsError
from gateway.account import secret
from gateway.account.session import Lifetimes

MOST = 1_000_000
_LONGEST_DAYS = 366


@dataclass(frozen=True)
class HttpSettings:
    """Rates are written as `300/second` or `10/minute`; the visitors' is that of one address where one-time links lead to.

    `trusted_proxies` are the peers whose X-Forwarded-For is believed (peers.py); `sessions` is how long a sign-in lasts;
    `password_memory_mib` is what hashing a password takes.
    """

    dealer_rate: RateLimitItem
    principal_rate: RateLimitItem
    visitor_rate: RateLimitItem
    login_failures: RateLimitItem
    address_failures: RateLimitItem
    connections: int
    streams: int
    streams_of_one: int
    trusted_proxies: Networks
    sessions: Lifetimes
    password_memory_mib: int

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "HttpSettings":
        """Read the settings. Raises SettingsError naming the variable that is wrong."""
        return cls(
            dealer_rate=_rate(environ, "RATE_PER_DEALER", "2000/second"),
            principal_rate=_rate(environ, "RATE_PER_PRINCIPAL", "1000/second"),
            visitor_rate=_rate(environ, "RATE_PER_VISITOR", "600/minute"),
            login_failures=_rate(environ, "LOGIN_FAILURES", "10/minute"),
            address_failures=_rate(environ, "ADDRESS_FAILURES", "100/minute"),
            connections=_number(environ, "HTTP_CONNECTIONS", "1000", least=1),
            streams=_number(environ, "HTTP_STREAMS", "500", least=1),
            streams_of_one=_number(environ, "HTTP_STREAMS_PER_PRINCIPAL", "20", least=1),
            trusted_proxies=networks("TRUSTED_PROXIES", environ.get("TRUSTED_PROXIES", "")),
            sessions=_lifetimes(environ),
            password_memory_mib=secret.memory_mib(environ),
        )


def _rate(environ: Mapping[str, str], name: str, default: str) -> RateLimitItem:
    text = environ.get(name, default)
    try:
        return parse(text)
    except ValueError:
        raise SettingsError(f"{name} must be a rate such as {default}, not {text!r}") from None


def _lifetimes(environ: Mapping[str, str]) -> Lifetimes:
    idle = timedelta(hours=_number(environ, "SESSION_IDLE_HOURS", "12", least=1, most=_LONGEST_DAYS * 24))
    longest = timedelta(days=_number(environ, "SESSION_LONGEST_DAYS", "30", least=1, most=_LONGEST_DAYS))
    return Lifetimes(idle=idle, longest=longest)


def _number(environ: Mapping[str, str], name: str, default: str, *, least: int, most: int = MOST) -> int:
    text = environ.get(name, default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}, not {text!r}")
    return int(text)
