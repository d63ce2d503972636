"""A small HTTP client of the gateway: tokens, idempotency keys, entity tags, and repeats that are safe.

What the demo, the welcome of the embedded suite and the journeys use; another program needs no more than this.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from chassis.wire.ids import new_id
from servicelane.texts import text

TOKENS = "/v1/tokens"
REPEATABLE = (429, 502, 503, 504)
PATIENCE_SECONDS = 20.0
ATTEMPT_SECONDS = 30.0
PAUSE_SECONDS = 0.2
CONNECTIONS = 100
"""So many green threads may use one client at once."""


class ProblemError(Exception):
    """The gateway refused: `problem` is the RFC 9457 document."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        self.status: int = problem["status"]
        self.type: str = problem["type"]
        super().__init__(
            f"{problem['status']} {problem['type']}: {problem.get('detail') or problem.get('title')} {problem.get('errors', '')}"
        )


class InSession(AuthBase):
    """Signs a person's requests with an access token of their session, and gets the next one when most of its time is over."""

    def __init__(self, addresses: Iterator[str], refresh_token: str, now: Callable[[], float]) -> None:
        self._addresses = addresses
        self._now = now
        self._refresh_token = refresh_token
        self._token = ""
        self._renew_at = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """As requests asks. Raises RequestException when the gateway cannot answer now, ProblemError for an ended session."""
        if not self._token or self._now() >= self._renew_at:
            self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _renew(self) -> None:
        body = {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        answer = requests.post(f"{next(self._addresses)}{TOKENS}", data=body, timeout=ATTEMPT_SECONDS)
        if answer.status_code in REPEATABLE:
            raise requests.ConnectionError(f"no access token now: {answer.status_code}")
        granted = _checked(answer)
        self._token, self._renew_at = granted["access_token"], self._now() + granted["expires_in"] * 0.9


class Client:
    """One person who is signed in, or has a link; `dealer` puts every path below `/v1/dealers/{dealer}`.

    `addresses` are one gateway or several replicas of it, asked in turn. A request that is not answered is repeated for
    `patience` seconds under the same key or entity tag, each attempt for at most `attempt` seconds. `now` is by which clock the
    session's access tokens get old.
    """

    def __init__(
        self,
        addresses: str | Sequence[str],
        refresh_token: str,
        *,
        dealer: str | None = None,
        patience: float = PATIENCE_SECONDS,
        attempt: float = ATTEMPT_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        path = "/v1" + (f"/dealers/{dealer}" if dealer else "")
        addresses = [addresses] if isinstance(addresses, str) else addresses
        self._bases = cycle([f"{address}{path}" for address in addresses])
        self._patience, self._attempt = patience, attempt
        self._session = requests.Session()
        self._session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._session.trust_env = False
        self._session.headers["Accept-Language"] = "en"
        self._session.auth = InSession(cycle(addresses), refresh_token, now)

    @classmethod
    def sign_in(
        cls,
        address: str,
        login: str,
        password: str,
        *,
        dealer: str | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Sign in with a password."""
        return cls(address, signed_in(address, login, password)["refresh_token"], dealer=dealer, now=now)

    @classmethod
    def by_link(cls, address: str, token: str, *, dealer: str) -> Self:
        """Whoever has a one-time link, who signs in nowhere."""
        client = cls(address, "", dealer=dealer)
        client._session.auth = None
        client._session.headers["Authorization"] = f"Bearer {token}"
        return client

    def get(self, path: str, **query: Any) -> Any:
        """Ask."""
        return self._request("GET", path, params=query)

    def post(
        self, path: str, body: dict[str, Any] | None = None, *, of: dict[str, Any] | None = None, key: str | None = None
    ) -> Any:
        """Have something done once; `of` is the thing it is done to, as it was last seen."""
        headers = {"Idempotency-Key": key or new_id(), **_if_match(of)}
        return self._request("POST", path, json=body or {}, headers=headers)

    def put(self, path: str, body: dict[str, Any], *, of: dict[str, Any] | None = None) -> Any:
        """Replace something; `of` is what it replaces, as it was last seen."""
        return self._request("PUT", path, json=body, headers=_if_match(of))

    def once(self, method: str, path: str, **how: Any) -> requests.Response:
        """Ask one gateway once; whatever it answers."""
        return self._session.request(method, next(self._bases) + path, timeout=self._attempt, **how)

    def _request(self, method: str, path: str, **how: Any) -> Any:
        # A repeat under the same key or entity tag is safe, so an unknown outcome is simply asked for again.
        end = time.monotonic() + self._patience
        repeats = 0
        while True:
            try:
                answer = self.once(method, path, **how)
            except requests.RequestException:
                if time.monotonic() > end:
                    raise
            else:
                if answer.status_code not in REPEATABLE or time.monotonic() > end:
                    return _checked(answer)
            repeats += 1
            self._before_repeat(repeats)

    def _before_repeat(self, repeats: int) -> None:
        """Give the gateway a moment; the request is about to be repeated for the `repeats`-th time."""
        time.sleep(PAUSE_SECONDS)


def signed_in(address: str, login: str, password: str) -> dict[str, Any]:
    """What a password is answered: an `access_token` for ten minutes, and the `refresh_token` of the session."""
    body = {"grant_type": "password", "username": login, "password": password}
    answer = requests.post(f"{address}{TOKENS}", data=body, timeout=ATTEMPT_SECONDS)
    granted: dict[str, Any] = _checked(answer)
    return granted


def awaited(look: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """Look again until there is something to see. Raises TimeoutError that says what was awaited."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except ProblemError as error:
            if error.status != 404:  # what is awaited may not be there yet
                raise
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(text("cli.demo.not_within", seconds=round(seconds), what=what))
        time.sleep(0.05)


def _if_match(of: dict[str, Any] | None) -> dict[str, str]:
    return {} if of is None else {"If-Match": f'"{of["version"]}"'}


def _checked(answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json() if answer.content else {}
    raise ProblemError(answer.json())
