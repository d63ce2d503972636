"""A clock that is set forward and back again: nobody is locked out until the later time, and no token is good until then."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway.account.principal import Credentials
from gateway.http.problems import Problem
from gateway.http.rates import Rates
from gateway.http.settings import HttpSettings
from gateway.http.standing import Identity
from gateway.http.tokens import BadToken, Tokens

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


def test_a_token_issued_while_the_clock_was_ahead_is_good_for_no_longer_than_any(set_clock: Callable[[float], None]) -> None:
    """Though the gateway has read it before and remembers it."""
    tokens = Tokens("a secret for tests only, long enough to sign with")
    token = tokens.issue(Credentials("account:li", "li", "hash", 3, True, "zh", {}, []), datetime.now(UTC))
    claim = tokens.read(token)
    assert (claim.principal, claim.secret_number) == ("account:li", 3)
    set_clock(-DAY)
    with pytest.raises(BadToken):
        tokens.read(token)
