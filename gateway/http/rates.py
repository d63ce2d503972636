"""Rate limits, kept in this process: each replica of the gateway counts for itself."""

import math
import time

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from gateway.http.problems import Problem
from gateway.http.settings import HttpSettings
from gateway.http.standing import Identity


class Rates:
    """Counts requests per dealer and principal, and failed sign-ins per login and address."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._windows = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._windows)

    def count_request(self, identity: Identity, dealer: str | None) -> dict[str, str]:
        """Count one request. Raises Problem 429 when the principal, or all of the dealer's together, ask too much.

        What is left is returned as the RateLimit headers of the IETF draft.
        """
        policies = [(self._settings.principal_rate, "principal", identity.principal)]
        if dealer is not None:
            policies.append((self._settings.dealer_rate, "dealer", dealer))
        return self._count(policies)

    def _count(self, policies: list[tuple[RateLimitItem, str, str]]) -> dict[str, str]:
        for rate, kind, name in policies:
            if not self._set_right(rate, kind, name).hit(rate, kind, name):
                raise self._too_many(rate, kind, name, headers=self._left(policies))
        return self._left(policies)

    def count_address(self, address: str) -> None:
        """Count a request of whoever has not said who they are, as those of a principal are. Raises Problem 429 for too many."""
        rate = self._settings.principal_rate
        if not self._set_right(rate, "anyone", address).hit(rate, "anyone", address):
            raise self._too_many(rate, "anyone", address)

    def count_visitor(self, address: str) -> dict[str, str]:
        """Count a request of whoever holds a link, or tries whether they do. Raises Problem 429 for too many from one address."""
        return self._count([(self._settings.visitor_rate, "visitor", address)])

    def _left(self, policies: list[tuple[RateLimitItem, str, str]]) -> dict[str, str]:
        told, left = [], []
        for rate, kind, name in policies:
            window = self._limiter.get_window_stats(rate, kind, name)
            seconds = max(0, math.ceil(window.reset_time - time.time()))
            told.append(f'"{kind}";q={rate.amount};w={rate.get_expiry()}')
            left.append(f'"{kind}";r={window.remaining};t={seconds}')
        return {"RateLimit-Policy": ", ".join(told), "RateLimit": ", ".join(left)}

    def check_sign_in(self, login: str, address: str) -> None:
        """Raises Problem 429 when too many sign-ins of this login from this address, or of anyone from it, have failed."""
        for rate, names in self._failures(login, address):
            if not self._set_right(rate, *names).test(rate, *names):
                raise self._too_many(rate, *names)

    def count_failed_sign_in(self, login: str, address: str) -> None:
        """Remember that a sign-in failed."""
        for rate, names in self._failures(login, address):
            self._set_right(rate, *names).hit(rate, *names)

    def _set_right(self, rate: RateLimitItem, *names: str) -> FixedWindowRateLimiter:
        """The limiter, without a window that ends later than any can: a clock that has been set back since had begun it."""
        key = rate.key_for(*names)
        if self._windows.get_expiry(key) > time.time() + rate.get_expiry() + 1:
            self._windows.clear(key)
        return self._limiter

    def _failures(self, login: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        return [
            (self._settings.login_failures, ("login", login, address)),
            (self._settings.address_failures, ("address", address)),
        ]

    def _too_many(self, rate: RateLimitItem, *names: str, headers: dict[str, str] | None = None) -> Problem:
        reset = self._limiter.get_window_stats(rate, *names).reset_time
        wait = {"Retry-After": str(max(1, math.ceil(reset - time.time())))}
        return Problem(429, "too_many_requests", headers={**wait, **(headers or {})})
