"""A clock that is set forward and back again: nobody is locked out until the later time, and no token is good until then."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from chassis.process.clock import ManualClock
from gateway.account.principal import Credentials
from gateway.http.problems import Problem
from gateway.http.rates import Rates
from gateway.http.settings import HttpSettings
from gateway.http.standing import Identity
from gateway.http.tokens import LIFETIME, BadToken, Tokens

DAY = 86_400.0
SOMEBODY = Identity("account:li", "li", "zh", {}, frozenset())


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """`set_clock(DAY)`: the machine's clock is put a day forward, a negative number puts it back."""
    right = time.time

    def ahead(by: float) -> None:
        monkeypatch.setattr(time, "time", lambda: right() + by)

    return ahead


def test_failed_sign_ins_are_not_held_against_anybody_until_the_later_time(set_clock: Callable[[float], None]) -> None:
    """Nor are requests counted in a window that lasts until then."""
    rates = Rates(HttpSettings.read({}))
    set_clock(DAY)
    for _ in range(1000):
        rates.count_failed_sign_in("li", "10.0.0.1")
    with pytest.raises(Problem):
        rates.check_sign_in("li", "10.0.0.1")
    rates.count_request(SOMEBODY, "sh-pudong")
    set_clock(0)
    rates.check_sign_in("li", "10.0.0.1")
    window = rates.count_request(SOMEBODY, "sh-pudong")["RateLimit"]
    assert all(int(one.rpartition("t=")[2]) <= 3600 for one in window.split(", "))


def issued() -> tuple[ManualClock, Tokens, str]:
    """A token, by a clock of its own: not the machine's, of which nothing of a token depends."""
    clock = ManualClock(datetime(2026, 3, 2, 1, tzinfo=UTC))
    tokens = Tokens("a secret for tests only, long enough to sign with", clock=clock)
    return clock, tokens, tokens.issue(Credentials("account:li", "li", "hash", 3, True, "zh", {}, []), clock.now())


def test_a_token_issued_while_the_clock_was_ahead_is_good_for_no_longer_than_any() -> None:
    """Though the gateway has read it before and remembers it."""
    clock, tokens, token = issued()
    claim = tokens.read(token)
    assert (claim.principal, claim.secret_number) == ("account:li", 3)
    clock.advance(-timedelta(days=1))
    with pytest.raises(BadToken):
        tokens.read(token)


@pytest.mark.parametrize("later", [timedelta(hours=-1), LIFETIME, timedelta(days=365)])
def test_a_token_is_good_by_the_gateways_clock_whatever_the_machines_says(later: timedelta) -> None:
    """Not before it was issued and not after it has ended, read for the first time then or not."""
    clock, tokens, token = issued()
    clock.advance(LIFETIME - timedelta(seconds=1))
    assert tokens.read(token).principal == "account:li"
    clock, tokens, token = issued()
    clock.advance(later)
    with pytest.raises(BadToken):
        tokens.read(token)
