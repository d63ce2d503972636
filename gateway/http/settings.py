"""Settings of the HTTP interface that no other service has; read once from the environment, errors name the variable."""

from collections.abc import Mapping
from dataclasses import dataclass

from limits import RateLimitItem, parse

from chassis.wire.errors import SettingsError


@dataclass(frozen=True)
class HttpSettings:
    """Rates are written as `300/second` or `10/minute`.

    `trusted_proxies` is how many proxies stand before the gateway and pass the client's address on in X-Forwarded-For.
    """

    dealer_rate: RateLimitItem
    principal_rate: RateLimitItem
    login_failures: RateLimitItem
    address_failures: RateLimitItem
    connections: int
    trusted_proxies: int

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "HttpSettings":
        """Read the settings. Raises SettingsError naming the variable that is wrong."""
        return cls(
            dealer_rate=_rate(environ, "RATE_PER_DEALER", "2000/second"),
            principal_rate=_rate(environ, "RATE_PER_PRINCIPAL", "1000/second"),
            login_failures=_rate(environ, "LOGIN_FAILURES", "10/minute"),
            address_failures=_rate(environ, "ADDRESS_FAILURES", "100/minute"),
            connections=_number(environ, "HTTP_CONNECTIONS", "1000", least=1),
            trusted_proxies=_number(environ, "TRUSTED_PROXIES", "0", least=0),
        )


def _rate(environ: Mapping[str, str], name: str, default: str) -> RateLimitItem:
    text = environ.get(name, default)
    try:
        return parse(text)
    except ValueError:
        raise SettingsError(f"{name} must be a rate such as {default}, not {text!r}") from None


def _number(environ: Mapping[str, str], name: str, default: str, *, least: int) -> int:
    text = environ.get(name, default)
    if not text.isdecimal() or int(text) < least:
        raise SettingsError(f"{name} must be a whole number of at least {least}, not {text!r}")
    return int(text)
