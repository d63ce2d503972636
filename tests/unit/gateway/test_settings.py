"""Settings of the HTTP interface: defaults, and errors that name the variable."""

from datetime import timedelta

import pytest

from chassis.wire.errors import SettingsError
from gateway.http.settings import HttpSettings


def test_everything_has_a_default() -> None:
    """Generous ones."""
    settings = HttpSettings.read({})
    assert settings.connections == 1000
    assert settings.trusted_proxies == ()
    assert (settings.sessions.idle, settings.sessions.longest) == (timedelta(hours=12), timedelta(days=30))
    assert settings.password_memory_mib == 64
    assert (settings.login_failures.amount, settings.login_failures.get_expiry()) == (10, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATE_PER_DEALER", "many"),
        ("LOGIN_FAILURES", "10 per fortnight"),
        ("HTTP_CONNECTIONS", "0"),
        ("TRUSTED_PROXIES", "1"),
        ("TRUSTED_PROXIES", "10.0.0.7, the console"),
        ("TRUSTED_PROXIES", "10.0.0.7/8"),
        ("SESSION_IDLE_HOURS", "0"),
        ("SESSION_IDLE_HOURS", "1.5"),
        ("SESSION_LONGEST_DAYS", "1000000000000"),
        ("HTTP_STREAMS", "none"),
        ("PASSWORD_MEMORY_MIB", "11"),
        ("PASSWORD_MEMORY_MIB", "plenty"),
        ("HTTP_STREAMS_PER_PRINCIPAL", "0"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """One clear line."""
    with pytest.raises(SettingsError, match=name):
        HttpSettings.read({name: value})
