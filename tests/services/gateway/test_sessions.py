"""Sessions on a real database: what happens at the same time, what is purged, and what a list costs."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from sqlalchemy import select, text

from chassis.events import retention
from chassis.service.runtime import PURGE, Runtime
from chassis.service.schedule import latest_due
from contracts.gateway.account import ChangeAccount, CreateAccount, ListStaff, Membership, SetPassword
from contracts.gateway.dealer import RegisterDealer
from contracts.gateway.session import GetMe, ListSessions
from gateway.account import admitting, queries
from gateway.account.session import Session
from gateway.service import GatewayService
from tests.services.desk import Desk
from tests.services.gateway.signing import LIFETIMES, exchange, sign_in
from tests.services.history import Reading
from tests.waiting import awaited

PASSWORD = "correct horse battery"
DEALER = "sh-pudong"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def database(migrated_database: Callable[[Any], Any]) -> Any:
    """The gateway's."""
    return migrated_database(GatewayService)


@pytest.fixture
def desk(database: Any) -> Desk:
    """The gateway with one dealer and one person."""
    desk = Desk(GatewayService, url=database.url)
    registration = {"name": "浦东店", "time_zone": "Asia/Shanghai", "currency": "CNY", "locale": "zh", "tax_mode": "inclusive"}
    desk.do(RegisterDealer(dealer=DEALER, **registration), dealer=None)
    at = [Membership(dealer=DEALER, roles=["technician"])]
    desk.wang = desk.do(CreateAccount(login="wang", name="王强", password=PASSWORD, dealers=at), dealer=None).id
    return desk


def lock_out(desk: Desk) -> None:
    desk.do(ChangeAccount(account_id=desk.wang, name="王强", active=False, locale="zh", dealers=[], group_roles=[]), dealer=None)


def kept(desk: Desk) -> list[str]:
    return list(desk.rows(lambda session: session.scalars(select(Session.id).order_by(Session.created_at)).all()))


def meanwhile(desk: Desk, first: Callable[[Any], Any], second: Callable[[], object]) -> Any:
    """What `first` answers, while `second` waits for its transaction to end."""
    thread = Thread(target=second)

    def work_on(work):
        answer = first(work)
        thread.start()
        awaited(lambda: waits_for_a_lock(desk), "the second to wait for the first")
        return answer

    answer = desk.executor.keep(work_on)
    thread.join(10)
    assert not thread.is_alive()
    return answer


def waits_for_a_lock(desk: Desk) -> bool:
    return bool(desk.rows(lambda session: session.scalar(WAITING)))


@pytest.mark.parametrize("change", ["lock", "password"])
def test_a_sign_in_at_the_same_time_as_a_lock_out_leaves_no_session(desk: Desk, change: str) -> None:
    """Whoever locks an account or sets its password waits for a sign-in that has begun, and ends its session, too."""
    replace = SetPassword(account_id=desk.wang, password=PASSWORD)
    end = (lambda: lock_out(desk)) if change == "lock" else (lambda: desk.do(replace, dealer=None))

    def begin(work):
        return admitting.begin(work, queries.credentials_of_account(work, "wang"), "a handle", LIFETIMES)

    assert meanwhile(desk, begin, end) is not None
    assert kept(desk) == []


def test_an_exchange_at_the_same_time_as_a_sign_out_revives_nothing(desk: Desk) -> None:
    """It waits, and finds the session gone."""
    handle, _ = sign_in(desk, "wang")
    desk.clock.advance(timedelta(seconds=1))
    exchanged: list[Any] = []
    meanwhile(desk, lambda work: admitting.end_by_handle(work, handle), lambda: exchanged.append(exchange(desk, handle)))
    assert exchanged == [None]
    assert kept(desk) == []


def test_two_replicas_exchange_one_handle_at_the_same_time(desk: Desk) -> None:
    """One waits for the other, and both get the session."""
    handle, begun = sign_in(desk, "wang")
    desk.clock.advance(timedelta(seconds=1))
    exchanged: list[Any] = []

    def resume(work):
        resumed = admitting.resume(work, handle, LIFETIMES)
        work.session.flush()
        return resumed

    first = meanwhile(desk, resume, lambda: exchanged.append(exchange(desk, handle)))
    assert {first.session_id, exchanged[0].session_id} == {begun.session_id}


def test_the_daily_purge_takes_sessions_that_ended_by_themselves(desk: Desk) -> None:
    """Those that were over at the purge before; what lives stays."""
    runtime = Runtime(desk.executor.settings, GatewayService, clock=desk.clock)
    unused, used = sign_in(desk, "wang").session, sign_in(desk, "wang")

    def day_passes() -> None:
        runtime.run_job(PURGE, latest_due(PURGE, desk.clock.now()))
        for _ in range(2):
            desk.clock.advance(timedelta(hours=11, minutes=59))
            assert exchange(desk, used.handle) is not None

    day_passes()
    day_passes()
    assert set(kept(desk)) == {unused.session_id, used.session.session_id}
    day_passes()
    assert kept(desk) == [used.session.session_id]


def test_what_is_outdated_is_deleted_and_nothing_else(desk: Desk) -> None:
    """By the time it ended at."""
    old = sign_in(desk, "wang").session
    desk.clock.advance(timedelta(hours=1))
    young = sign_in(desk, "wang").session
    retention.purge(desk.executor, desk.clock.now(), GatewayService.outdated(old.expires_at))
    assert kept(desk) == [old.session_id, young.session_id]
    retention.purge(desk.executor, desk.clock.now(), GatewayService.outdated(young.expires_at))
    assert kept(desk) == [young.session_id]


def grow(database: Any, people: int) -> None:
    """So many more people at other dealers, five at each, everybody with ten sessions; the planner knows of them."""
    connection = psycopg2.connect(database.admin_url.replace("+psycopg2", ""))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO dealer SELECT (jsonb_populate_record(one, jsonb_build_object('id', 'd' || n))).*
                   FROM dealer AS one, generate_series(0, %(people)s / 5) AS n WHERE one.id = 'sh-pudong'""",
                {"people": people},
            )
            cursor.execute(
                """INSERT INTO account SELECT (jsonb_populate_record(one, jsonb_build_object(
                       'id', md5(n::text)::uuid, 'login', 'a' || n))).*
                   FROM account AS one, generate_series(1, %(people)s) AS n WHERE one.login = 'wang'""",
                {"people": people},
            )
            cursor.execute(
                """INSERT INTO account_membership SELECT md5(n::text)::uuid, 'd' || n / 5, '["technician"]'
                   FROM generate_series(1, %(people)s) AS n""",
                {"people": people},
            )
            cursor.execute(
                """INSERT INTO session SELECT md5(account.id::text || n)::uuid, account.id, md5(account.id::text || n),
                       now() - n * interval '1 hour', now(), now() + interval '1 hour'
                   FROM account, generate_series(1, 10) AS n WHERE account.login <> 'wang'"""
            )
            cursor.execute("VACUUM (ANALYZE)")
    finally:
        connection.close()


def test_what_one_asks_of_oneself_and_of_a_dealer_costs_the_same_in_a_large_group(desk: Desk, database: Any) -> None:
    """A thousand dealers with five people each, and fifty thousand sessions: my own are read, and my dealer's staff."""
    sign_in(desk, "wang")

    def read() -> list[Reading]:
        return [
            Reading(desk, GetMe(), dealer=None, actor=desk.wang),
            Reading(desk, ListSessions(), dealer=None, actor=desk.wang),
            Reading(desk, ListStaff(role="technician"), dealer=DEALER),
        ]

    few = read()
    grow(database, 5_000)
    many = read()
    assert [(one.answer, one.statements) for one in many] == [(one.answer, one.statements) for one in few]
    assert [one.rows < 20 for one in many] == [True] * 3, [one.rows for one in many]


def test_a_token_and_a_handle_are_looked_up_by_keys(desk: Desk, database: Any) -> None:
    """With every request (after two seconds) and every exchange: by the rows they need, however many sessions there are."""
    handle, begun = sign_in(desk, "wang")
    grow(database, 5_000)
    sent: list[tuple[str, Any]] = []

    def asked(find: Callable[[Any], object]) -> int:
        sent.clear()
        reading: Any = SimpleNamespace(executor=desk.executor, ask=lambda query: desk.executor.keep(find))
        return Reading(reading, GetMe()).rows

    assert asked(lambda work: queries.credentials_of(work, f"account:{desk.wang}", begun.session_id)) < 20
    assert asked(lambda work: admitting.resume(work, handle, LIFETIMES) is not None) < 20


def test_who_asks_is_known_by_one_statement(desk: Desk, database: Any) -> None:
    """Every open page asks for it before it is told of a change."""
    _, begun = sign_in(desk, "wang")

    def asked(find: Callable[[Any], object]) -> int:
        reading: Any = SimpleNamespace(executor=desk.executor, ask=lambda query: desk.executor.keep(find))
        return Reading(reading, GetMe()).statements

    assert asked(lambda work: queries.credentials_of(work, f"account:{desk.wang}", begun.session_id)) == 1
    assert Reading(desk, GetMe(), dealer=None, actor=desk.wang).statements == 1
