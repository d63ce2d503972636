"""Settings of the console: read once from the environment, errors name the variable. It has no secret of its own."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from limits import RateLimitItem, parse

from chassis.process.peers import Networks, networks
from chassis.process.settings import LOG_LEVELS, Source
from chassis.wire.errors import SettingsError

NAME = "console"


@dataclass(frozen=True)
class Demo:
    """The logins a demonstration offers at sign-in, by what each is for, and the password that all of them have."""

    logins: Mapping[str, str]
    password: str


@dataclass(frozen=True)
class ConsoleSettings:
    """What the console needs to know.

    `secure_cookie` is off only where the browser comes over plain HTTP. `trusted_proxies` are the peers whose X-Forwarded-For is
    believed. `client_rate` is how much one address may ask. `streams` are the tabs that may be live at once, `streams_of_one` the
    same of one session.
    """

    gateway_url: str
    http_address: str = "127.0.0.1:8080"
    probe_address: str | None = None
    secure_cookie: bool = True
    trusted_proxies: Networks = ()
    client_rate: RateLimitItem = field(default_factory=lambda: parse("100/second"))
    connections: int = 1000
    streams: int = 1000
    streams_of_one: int = 20
    gateway_seconds: float = 15.0
    drain_seconds: float = 20.0
    log_level: str = "INFO"
    log_file: str | None = None
    demo: Demo | None = None
    span_collector: str | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> "ConsoleSettings":
        """Read the settings. Raises SettingsError naming the variable that is missing or wrong."""
        source = Source(NAME, os.environ if environ is None else environ)
        return cls(
            gateway_url=source.web_address("GATEWAY_URL", source.required("GATEWAY_URL"), example="http://gateway:8000"),
            http_address=source.address("HTTP_ADDRESS", cls.http_address),
            probe_address=source.address("PROBE_ADDRESS", "") or None,
            secure_cookie=source.one_of("SECURE_COOKIE", ("YES", "NO"), "YES") == "YES",
            trusted_proxies=networks("TRUSTED_PROXIES", source.text("TRUSTED_PROXIES", "")),
            client_rate=_rate(source, "RATE_PER_CLIENT", "100/second"),
            connections=source.number("HTTP_CONNECTIONS", int, cls.connections, least=1),
            streams=source.number("HTTP_STREAMS", int, cls.streams, least=1),
            streams_of_one=source.number("HTTP_STREAMS_PER_SESSION", int, cls.streams_of_one, least=1),
            gateway_seconds=source.number("GATEWAY_SECONDS", float, cls.gateway_seconds, least=1),
            drain_seconds=source.number("DRAIN_SECONDS", float, cls.drain_seconds, least=0),
            log_level=source.one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
            log_file=source.text("LOG_FILE", "") or None,
            span_collector=source.span_collector(),
        )


def _rate(source: Source, name: str, default: str) -> RateLimitItem:
    text = source.text(name, default)
    try:
        return parse(text)
    except ValueError:
        raise SettingsError(f"{name} must be a rate such as {default}, not {text!r}") from None
