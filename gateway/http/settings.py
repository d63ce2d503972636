"""Settings of the HTTP interface that no other service has; read once from the environment, errors name the variable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from limits import RateLimitItem, parse

from chassis.process.peers import Networks, networks
from chassis.process.settings import Source
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
        source = Source("gateway", environ)
        return cls(
            dealer_rate=_rate(source, "RATE_PER_DEALER", "2000/second"),
            principal_rate=_rate(source, "RATE_PER_PRINCIPAL", "1000/second"),
            visitor_rate=_rate(source, "RATE_PER_VISITOR", "600/minute"),
            login_failures=_rate(source, "LOGIN_FAILURES", "10/minute"),
            address_failures=_rate(source, "ADDRESS_FAILURES", "100/minute"),
            connections=source.number("HTTP_CONNECTIONS", int, 1000, least=1, most=MOST),
            streams=source.number("HTTP_STREAMS", int, 500, least=1, most=MOST),
            streams_of_one=source.number("HTTP_STREAMS_PER_PRINCIPAL", int, 20, least=1, most=MOST),
            trusted_proxies=networks("TRUSTED_PROXIES", source.text("TRUSTED_PROXIES", "")),
            sessions=_lifetimes(source),
            password_memory_mib=secret.memory_mib(environ),
        )


def _rate(source: Source, name: str, default: str) -> RateLimitItem:
    text = source.text(name, default)
    try:
        return parse(text)
    except ValueError:
        raise SettingsError(f"{name} must be a rate such as {default}, not {text!r}") from None


def _lifetimes(source: Source) -> Lifetimes:
    idle = timedelta(hours=source.number("SESSION_IDLE_HOURS", int, 12, least=1, most=_LONGEST_DAYS * 24))
    longest = timedelta(days=source.number("SESSION_LONGEST_DAYS", int, 30, least=1, most=_LONGEST_DAYS))
    return Lifetimes(idle=idle, longest=longest)
