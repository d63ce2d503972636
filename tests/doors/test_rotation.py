"""One secret takes the place of another, replica by replica, and nobody is signed out: what the runbook promises."""

from dataclasses import replace

import pytest

from chassis.process.clock import SystemClock
from chassis.process.settings import Settings
from chassis.wire.errors import SettingsError
from chassis.wire.ids import new_id
from chassis.work.executor import Executor
from contracts.gateway.dealer import RegisterDealer
from contracts.roles import ADMINISTRATOR
from gateway.account.principal import Credentials
from gateway.http.app import build_app
from gateway.http.tokens import BadToken, Tokens
from gateway.service import GatewayService
from tests.doors.house import BEIJING, ROWS, House, problem, token

OLD, NEW, OTHER = (f"a secret of {when}, and long enough to sign with" for when in ("yesterday", "today", "somebody"))
STEPS = {
    "as it was": (OLD, None),
    "the new one is believed": (OLD, NEW),
    "the new one signs": (NEW, OLD),
    "the old one is gone": (NEW, None),
}
NEIGHBOURS = [*zip(STEPS, [*STEPS][1:], strict=False)]
LIN = Credentials("account:1", "Lin", "", 1, active=True, locale="zh", dealers={}, group_roles=[])


def tokens(step: str) -> Tokens:
    """What a replica at this step believes and signs with."""
    secret, previous = STEPS[step]
    return Tokens(secret, previous=previous)


@pytest.mark.parametrize(("before", "after"), NEIGHBOURS)
def test_replicas_of_two_steps_believe_one_another(before: str, after: str) -> None:
    """While one step is rolled out, whoever is answered by one replica is let in by the other."""
    one, other = tokens(before), tokens(after)
    for signs, reads in ((one, other), (other, one)):
        assert reads.read(signs.issue(LIN, SystemClock().now())).principal == "account:1"


def test_the_new_secret_signs_and_nothing_is_signed_with_the_previous() -> None:
    """Or the previous one could never be taken away."""
    token = tokens("the new one signs").issue(LIN, SystemClock().now())
    assert tokens("the old one is gone").read(token).principal == "account:1"
    with pytest.raises(BadToken):
        tokens("as it was").read(token)


def test_nobody_elses_secret_is_believed() -> None:
    """Two are no more than two."""
    with pytest.raises(BadToken):
        tokens("the new one signs").read(Tokens(OTHER).issue(LIN, SystemClock().now()))


def test_a_previous_secret_too_short_stops_the_start() -> None:
    """By its own name."""
    with pytest.raises(SettingsError, match=r"^JWT_SECRET_PREVIOUS must have at least 32 bytes$"):
        Tokens(NEW, previous="too short")


def test_the_gateway_looks_at_it_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at everything else it is told."""
    monkeypatch.setenv("ATTACHMENT_STORE", "/var/lib/attachments")
    told = {"AMQP_URI": "embedded://", "DATABASE_URL": "sqlite://", "JWT_SECRET": NEW, "JWT_SECRET_PREVIOUS": "too short"}
    with pytest.raises(SettingsError, match="JWT_SECRET_PREVIOUS"):
        GatewayService.check(Settings.read("gateway", told))


def at(house: House, step: str) -> None:
    """Every replica of the house is at this step by now."""
    secret, previous = STEPS[step]
    settings = replace(house.executor.settings, jwt_secret=secret, jwt_secret_previous=previous)
    house.app = build_app(replace(house.interior, executor=Executor(settings)))


@pytest.mark.parametrize(("before", "after"), [*NEIGHBOURS, *((after, before) for before, after in NEIGHBOURS)])
def test_a_request_that_is_repeated_at_the_next_step_is_known_again(house: House, before: str, after: str) -> None:
    """Its hash, which the secret keys, is told by both secrets: one of them is the one that was kept."""
    register = next(row for row in ROWS if row.route.request is RegisterDealer)
    under_one_key: dict[str, str | None] = {"Idempotency-Key": new_id(), "If-Match": None}
    named = {**BEIJING, "dealer": f"bj-{new_id()[-8:]}"}
    answers = []
    for step in (before, after):
        at(house, step)
        admin = token(group=[ADMINISTRATOR], secret=str(STEPS[step][0]))
        answers.append(house.ask(register, token=admin, change=named, headers=under_one_key))
        other = house.ask(register, token=admin, change={**named, "name": "上海店"}, headers=under_one_key)
        problem(other, 422, "idempotency_key_reused")
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
