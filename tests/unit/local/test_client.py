"""The HTTP client among several gateways: asked in turn, under one key, until one answers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from servicelane.client import Client, ProblemError

ADDRESSES = ["http://one", "http://two"]


class Gateways:
    """Stands in for the network: each attempt gets the next of these outcomes."""

    def __init__(self, outcomes: list[int | Exception]) -> None:
        self._outcomes: Iterator[int | Exception] = iter(outcomes)
        self.asked: list[tuple[str, str]] = []
        """Address and idempotency key of each attempt."""

    def request(self, method: str, url: str, headers: dict[str, str], **_: Any) -> requests.Response:
        """What a session is asked for."""
        self.asked.append((url.partition("/v1")[0], headers["Idempotency-Key"]))
        outcome = next(self._outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        answer = requests.Response()
        answer.status_code = outcome
        problem = {"status": outcome, "type": "about:blank", "title": "no"}
        answer._content = json.dumps({"id": "1"} if answer.ok else problem).encode()
        return answer


def asked(outcomes: list[int | Exception], monkeypatch: pytest.MonkeyPatch, **how: Any) -> tuple[Gateways, Client]:
    client = Client(ADDRESSES, "a token", dealer="sh-pudong", **how)
    gateways = Gateways(outcomes)
    monkeypatch.setattr(client, "_session", gateways)
    monkeypatch.setattr("servicelane.client.PAUSE_SECONDS", 0.001)
    return gateways, client


def test_the_replicas_are_asked_in_turn_under_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that died, one that took too long, and one that is busy: the repeats are one request."""
    gateways, client = asked([requests.ConnectionError(), requests.ReadTimeout(), 503, 200], monkeypatch)
    assert client.post("/work-orders", {}) == {"id": "1"}
    assert [address for address, _ in gateways.asked] == [*ADDRESSES, *ADDRESSES]
    assert len({key for _, key in gateways.asked}) == 1


def test_a_refusal_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be the same."""
    gateways, client = asked([409], monkeypatch)
    with pytest.raises(ProblemError):
        client.post("/work-orders", {})
    assert len(gateways.asked) == 1


@pytest.mark.parametrize(("outcome", "raised"), [(503, ProblemError), (requests.ConnectionError(), requests.ConnectionError)])
def test_patience_ends(outcome: Any, raised: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """With what it came to last."""
    _, client = asked([outcome] * 1000, monkeypatch, patience=0.05)
    with pytest.raises(raised):
        client.post("/work-orders", {})
