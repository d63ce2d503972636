"""The console's settings: read once, a wrong one is named."""

import pytest

from chassis.wire.errors import SettingsError
from console.settings import ConsoleSettings

LEAST = {"GATEWAY_URL": "http://gateway:8000/"}


def test_it_needs_no_more_than_the_gateways_address() -> None:
    """Everything else has a safe default."""
    settings = ConsoleSettings.read(LEAST)
    assert (settings.gateway_url, settings.http_address, settings.secure_cookie) == (
        "http://gateway:8000",
        "127.0.0.1:8080",
        True,
    )
    assert settings.demo is None


def test_its_own_variable_beats_the_common_one() -> None:
    """So one environment may serve several processes."""
    settings = ConsoleSettings.read({**LEAST, "HTTP_ADDRESS": "0.0.0.0:8000", "CONSOLE_HTTP_ADDRESS": "0.0.0.0:8080"})
    assert settings.http_address == "0.0.0.0:8080"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_URL", ""),
        ("GATEWAY_URL", "gateway:8000"),
        ("GATEWAY_URL", "ftp://gateway"),
        ("GATEWAY_URL", "http://gateway/v1"),
        ("GATEWAY_URL", "http://gateway:eighty"),
        ("HTTP_ADDRESS", "8080"),
        ("SECURE_COOKIE", "perhaps"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, nobody"),
        ("RATE_PER_CLIENT", "many"),
        ("HTTP_CONNECTIONS", "0"),
        ("HTTP_STREAMS", "0"),
        ("HTTP_STREAMS_PER_SESSION", "several"),
        ("GATEWAY_SECONDS", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """In one line."""
    with pytest.raises(SettingsError, match=name):
        ConsoleSettings.read({**LEAST, name: value})
