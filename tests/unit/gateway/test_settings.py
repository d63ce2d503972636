"""Settings of the HTTP interface: defaults, and errors that name the variable."""

import pytest

from chassis.wire.errors import SettingsError
from gateway.http.settings import HttpSettings


def test_everything_has_a_default() -> None:
    """Generous ones."""
    settings = HttpSettings.read({})
    assert settings.connections == 1000
    assert settings.trusted_proxies == 0
    assert (settings.login_failures.amount, settings.login_failures.get_expiry()) == (10, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_PER_DEALER", "many"), ("LOGIN_FAILURES", "10 per fortnight"), ("HTTP_CONNECTIONS", "0"), ("TRUSTED_PROXIES", "-1")],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    """One clear line."""
    with pytest.raises(SettingsError, match=name):
        HttpSettings.read({name: value})
