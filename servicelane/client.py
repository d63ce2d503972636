"""A small HTTP client of the gateway: tokens, idempotency keys, entity tags, and repeats that are safe.

What the demo, the welcome of the embedded suite and the journeys use; another program needs no more than this.
"""

import time
from collections.abc import Callable
from typing import Any, Self

import requests

from chassis.wire.ids import new_id

REPEATABLE = (429, 502, 503, 504)
PATIENCE_SECONDS = 20.0


class ProblemError(Exception):
    """The gateway refused: `problem` is the RFC 9457 document."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        self.status: int = problem["status"]
        self.type: str = problem["type"]
        super().__init__(
            f"{problem['status']} {problem['type']}: {problem.get('detail') or problem.get('title')} {problem.get('errors', '')}"
        )


class Client:
    """One signed-in person or program; `dealer` puts every path below `/v1/dealers/{dealer}`."""

    def __init__(self, base_url: str, token: str, *, dealer: str | None = None) -> None:
        self._base = f"{base_url}/v1" + (f"/dealers/{dealer}" if dealer else "")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Authorization": f"Bearer {token}", "Accept-Language": "en"})

    @classmethod
    def sign_in(cls, base_url: str, login: str, password: str, *, dealer: str | None = None) -> Self:
        """Sign in with a password."""
        body = {"grant_type": "password", "username": login, "password": password}
        answer = requests.post(f"{base_url}/v1/tokens", json=body, timeout=30)
        return cls(base_url, _checked(answer)["access_token"], dealer=dealer)

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

    def _request(self, method: str, path: str, **how: Any) -> Any:
        # A repeat under the same key or entity tag is safe, so an unknown outcome is simply asked for again.
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._session.request(method, self._base + path, timeout=30, **how)
            except requests.ConnectionError:
                if time.monotonic() > end:
                    raise
            else:
                if answer.status_code not in REPEATABLE or time.monotonic() > end:
                    return _checked(answer)
            time.sleep(0.2)


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
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)


def _if_match(of: dict[str, Any] | None) -> dict[str, str]:
    return {} if of is None else {"If-Match": f'"{of["version"]}"'}


def _checked(answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json() if answer.content else {}
    raise ProblemError(answer.json())
