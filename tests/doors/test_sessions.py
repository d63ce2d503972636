"""Sessions at the door: one sign-in, a handle that gets access tokens, and every way for it to end."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from chassis.process.clock import ManualClock
from chassis.store.tables import idempotency
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from contracts.gateway.account import ChangeAccount, CreateAccount, SetPassword
from contracts.gateway.session import ListSessions
from gateway.account.session import Session
from gateway.http import standing
from gateway.http.table import Table
from tests.doors.house import ROWS, House, problem
from tests.doors.test_tokens import ACCOUNT, CLIENT_SECRET, ORDERS, PASSWORD, _sign_in, _tell, furnished

HERE = Table([row for row in ROWS if row.path.startswith(("/v1/sessions", "/v1/me")) or row.path.endswith("/work-orders")])


@pytest.fixture
def house(tmp_path) -> House:
    """A house that knows one dealer, two people and one program."""
    house = furnished(House(str(tmp_path), HERE, LOGIN_FAILURES="3/minute", RATE_PER_PRINCIPAL="80/minute"))
    _tell(house, CreateAccount, {**ACCOUNT, "login": "li", "name": "李娜"})
    return house


@pytest.fixture
def clock(house: House) -> ManualClock:
    """The house's clock, to be set."""
    house.executor.clock = ManualClock(house.executor.clock.now())
    return house.executor.clock


def _begin(house: House, login: str = "wang") -> dict:
    answer = _sign_in(house, grant_type="password", username=login, password=PASSWORD)
    assert answer.status_code == 200
    return answer.get_json()


def _exchange(house: House, handle: str):
    return _sign_in(house, grant_type="refresh_token", refresh_token=handle)


def _revoke(house: House, handle: str, **more: str):
    return house.app.test_client().post("/v1/tokens/revoke", data={"token": handle, **more})


def _get(house: House, token: str, path: str = ORDERS, **query: str):
    return house.app.test_client().get(path, headers={"Authorization": f"Bearer {token}"}, query_string=query)


def _post(house: House, token: str, path: str):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_id()}
    return house.app.test_client().post(path, headers=headers)


def _everything_kept(house: House) -> str:
    """All that the gateway's database holds, as text."""
    with house.executor.engine.connect() as connection:
        tables = [name for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return repr([connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables])


def test_a_sign_in_gets_a_handle_that_gets_access_tokens(house: House) -> None:
    """The handle stays the same and is not sent again; each token opens the own dealer, for ten minutes."""
    begun = _begin(house)
    again = _exchange(house, begun["refresh_token"])
    assert (again.status_code, again.headers["Cache-Control"]) == (200, "no-store")
    assert again.get_json().keys() == {"access_token", "token_type", "expires_in", "session_id"}
    assert (again.get_json()["session_id"], again.get_json()["expires_in"]) == (begun["session_id"], 600)
    for token in (begun["access_token"], again.get_json()["access_token"]):
        assert _get(house, token).status_code == 200
    assert _exchange(house, begun["refresh_token"]).status_code == 200


def test_a_handle_is_kept_only_as_a_hash(house: House) -> None:
    """Whoever reads the database can sign in as nobody: neither table, nor record of requests, nor outbox has it."""
    handle = _begin(house)["refresh_token"]
    _exchange(house, handle)
    assert len(handle) >= 43  # 256 bits
    kept = _everything_kept(house)
    assert "wang" in kept
    assert handle not in kept


def test_a_handle_is_made_anew_at_each_sign_in_and_never_taken_from_the_caller(house: House) -> None:
    """Nobody can have somebody else sign in to a session they know."""
    known = _begin(house)["refresh_token"]
    asked = {"grant_type": "password", "username": "wang", "password": PASSWORD, "refresh_token": known}
    begun = _sign_in(house, **asked).get_json()
    mine = "x" * 43
    chosen = _sign_in(house, **{**asked, "refresh_token": mine}).get_json()
    assert len({known, begun["refresh_token"], chosen["refresh_token"], mine}) == 4
    problem(_exchange(house, mine), 401, "session_ended")


def test_signing_out_ends_the_session_and_its_tokens_at_once(house: House) -> None:
    """RFC 7009: nothing is answered, a stolen handle is worth nothing, and the other sessions go on."""
    mine, stolen_from, others = _begin(house), _begin(house), _begin(house, "li")
    assert _get(house, stolen_from["access_token"]).status_code == 200
    answer = _revoke(house, stolen_from["refresh_token"], token_type_hint="refresh_token")
    assert (answer.status_code, answer.data) == (200, b"")
    problem(_get(house, stolen_from["access_token"]), 401, "not_authenticated")
    problem(_exchange(house, stolen_from["refresh_token"]), 401, "session_ended")
    for one in (mine, others):
        assert _get(house, one["access_token"]).status_code == 200
        assert _exchange(house, one["refresh_token"]).status_code == 200


def test_what_is_no_handle_is_signed_out_alike(house: House) -> None:
    """Nobody learns which handles there are; what is no form of ours is refused by name."""
    gone = _begin(house)["refresh_token"]
    assert [_revoke(house, one).status_code for one in (gone, gone, "never was one", "")] == [200] * 4
    assert "token" in problem(_revoke(house, "x" * 201), 422, "invalid")["errors"]
    assert "token_type_hint" in problem(_revoke(house, gone, token_type_hint="access_token"), 422, "invalid")["errors"]
    assert "cookie" in problem(_revoke(house, gone, cookie="1"), 422, "invalid")["errors"]
    client = house.app.test_client()
    problem(client.post("/v1/tokens/revoke", json={"token": gone}), 415, "unsupported_media_type")
    problem(client.post("/v1/tokens/revoke"), 415, "unsupported_media_type")


def test_an_access_token_is_no_handle(house: House) -> None:
    """It gets no further token, and ends nothing."""
    begun = _begin(house)
    problem(_exchange(house, begun["access_token"][:200]), 401, "session_ended")
    _revoke(house, begun["access_token"][:200])
    assert _get(house, begun["access_token"]).status_code == 200
    problem(_get(house, begun["refresh_token"]), 401, "not_authenticated")


def test_one_sees_ones_own_sessions_and_ends_one_of_them(house: House) -> None:
    """The newest first, page by page; another person's is not there, neither to see nor to end."""
    first, second, others = _begin(house), _begin(house), _begin(house, "li")
    page = _get(house, second["access_token"], "/v1/sessions", limit="1").get_json()
    rest = _get(house, second["access_token"], "/v1/sessions", cursor=page["next_cursor"]).get_json()
    assert [one["id"] for one in page["items"] + rest["items"]] == [second["session_id"], first["session_id"]]
    assert rest["next_cursor"] is None
    assert page["items"][0].keys() == {"id", "created_at", "last_used_at", "expires_at"}
    problem(_post(house, second["access_token"], f"/v1/sessions/{others['session_id']}/end"), 404, "not_found")
    assert _exchange(house, others["refresh_token"]).status_code == 200
    ended = _post(house, second["access_token"], f"/v1/sessions/{first['session_id']}/end")
    assert (ended.status_code, ended.get_json()["id"]) == (200, first["session_id"])
    problem(_get(house, first["access_token"]), 401, "not_authenticated")
    problem(_exchange(house, first["refresh_token"]), 401, "session_ended")
    problem(_post(house, second["access_token"], f"/v1/sessions/{first['session_id']}/end"), 404, "not_found")
    assert _get(house, second["access_token"]).status_code == 200


def test_signing_out_everywhere_ends_ones_own_and_nobody_elses(house: House) -> None:
    """The session that asks, too."""
    mine, also_mine, others = _begin(house), _begin(house), _begin(house, "li")
    answer = _post(house, mine["access_token"], "/v1/sessions/end-all")
    assert (answer.status_code, answer.get_json()) == (200, {"ended": 2})
    for one in (mine, also_mine):
        problem(_get(house, one["access_token"]), 401, "not_authenticated")
        problem(_exchange(house, one["refresh_token"]), 401, "session_ended")
    assert _exchange(house, others["refresh_token"]).status_code == 200
    assert _get(house, _begin(house)["access_token"]).status_code == 200


def test_a_program_has_no_session(house: House) -> None:
    """Its list is empty, and signing out everywhere ends nothing of anybody's."""
    person = _begin(house)
    asked = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": CLIENT_SECRET}
    token = _sign_in(house, **asked).get_json()["access_token"]
    assert _get(house, token, "/v1/sessions").get_json()["items"] == []
    problem(_post(house, token, f"/v1/sessions/{person['session_id']}/end"), 404, "not_found")
    assert _post(house, token, "/v1/sessions/end-all").get_json() == {"ended": 0}
    assert _get(house, person["access_token"]).status_code == 200


@pytest.mark.parametrize("change", ["locked", "another password"])
def test_a_locked_account_and_another_password_end_all_sessions_for_good(house: House, change: str) -> None:
    """Rule G1: unlocked, or with the same password set again, one signs in anew; other people are not touched."""
    sessions, others = [_begin(house), _begin(house)], _begin(house, "li")
    facts = {name: ACCOUNT[name] for name in ("name", "locale", "dealers", "group_roles")}
    account = {"account_id": house.wang["id"]}
    if change == "locked":
        _tell(house, ChangeAccount, {**account, **facts, "active": False})
        problem(_exchange(house, sessions[0]["refresh_token"]), 401, "session_ended")
        _tell(house, ChangeAccount, {**account, **facts, "active": True})
    else:
        _tell(house, SetPassword, {**account, "password": PASSWORD})
    for one in sessions:
        problem(_get(house, one["access_token"]), 401, "not_authenticated")
        problem(_exchange(house, one["refresh_token"]), 401, "session_ended")
    assert _exchange(house, others["refresh_token"]).status_code == 200
    assert _exchange(house, _begin(house)["refresh_token"]).status_code == 200


def test_roles_that_change_end_no_session(house: House) -> None:
    """They are read with every request."""
    begun = _begin(house)
    facts = {name: ACCOUNT[name] for name in ("name", "locale", "group_roles")}
    _tell(house, ChangeAccount, {"account_id": house.wang["id"], "active": True, **facts, "dealers": []})
    assert _exchange(house, begun["refresh_token"]).status_code == 200


def test_a_session_lasts_while_it_is_used_and_thirty_days_at_most(house: House, clock: ManualClock) -> None:
    """Twelve hours unused end it; used again and again it ends after thirty days, and so does its last access token."""
    unused, used = _begin(house), _begin(house)
    began = clock.now()
    clock.set(began + timedelta(hours=12, seconds=-1))
    assert _exchange(house, used["refresh_token"]).status_code == 200
    clock.set(began + timedelta(hours=12, seconds=1))
    problem(_exchange(house, unused["refresh_token"]), 401, "session_ended")
    assert [one["id"] for one in _listed(house)] == [used["session_id"]]
    late = began + timedelta(days=30, minutes=-5)
    while clock.now() < late:
        clock.set(min(clock.now() + timedelta(hours=11, minutes=59), late))
        last = _exchange(house, used["refresh_token"])
        assert last.status_code == 200, clock.now() - began
    assert last.get_json()["expires_in"] == 300
    assert _listed(house)[0]["expires_at"] == (began + timedelta(days=30)).isoformat()
    clock.set(began + timedelta(days=30, seconds=1))
    problem(_exchange(house, used["refresh_token"]), 401, "session_ended")


def test_an_access_token_does_not_outlive_its_session(house: House) -> None:
    """A session that ended by its age opens nothing, whatever its tokens say; and is not there to be ended."""
    begun, other = _begin(house), _begin(house)
    with house.executor.engine.begin() as connection:
        connection.execute(update(Session).values(expires_at=house.executor.clock.now()).where(Session.id == begun["session_id"]))
    problem(_get(house, begun["access_token"]), 401, "not_authenticated")
    problem(_post(house, other["access_token"], f"/v1/sessions/{begun['session_id']}/end"), 404, "not_found")
    assert _post(house, other["access_token"], "/v1/sessions/end-all").get_json() == {"ended": 1}


def test_another_gateway_refuses_an_ended_sessions_token_within_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with everything that is known of who asks: nothing is told to the others, so they ask again after a moment."""
    begun = _begin(house)
    now = 1000.0
    monkeypatch.setattr(standing.time, "monotonic", lambda: now)
    assert _get(house, begun["access_token"]).status_code == 200
    monkeypatch.setattr(house.executor, "committed", lambda: None)  # as if another gateway had done it
    _revoke(house, begun["refresh_token"])
    now += standing.SECONDS + 0.1
    problem(_get(house, begun["access_token"]), 401, "not_authenticated")
    assert standing.SECONDS <= 2


def test_who_gets_in_while_being_locked_out_has_no_session(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password was right, but was replaced, or the account locked, before the session began: refused like a wrong one."""
    keep = house.executor.keep
    facts = {name: ACCOUNT[name] for name in ("name", "locale", "dealers", "group_roles")}
    account = {"account_id": house.wang["id"]}
    for meanwhile, said in (
        (SetPassword, {**account, "password": PASSWORD}),
        (ChangeAccount, {**account, **facts, "active": False}),
    ):

        def changed_before(change, meanwhile=meanwhile, said=said):
            _tell(house, meanwhile, said)
            return keep(change)

        monkeypatch.setattr(house.executor, "keep", changed_before)
        asked = {"grant_type": "password", "username": "wang", "password": PASSWORD}
        problem(_sign_in(house, **asked), 401, "invalid_credentials")
    with house.executor.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Session)) == 0


def test_failed_exchanges_lock_nobody_out_but_are_counted(house: House) -> None:
    """A handle cannot be guessed: a shop whose sessions ended overnight signs in at once. Who asks without end waits."""
    for _ in range(10):
        problem(_exchange(house, "not one"), 401, "session_ended")
    begun = _begin(house)
    answers = [_revoke(house, "not one").status_code for _ in range(90)]
    assert (answers[0], answers[-1]) == (200, 429)
    response = _exchange(house, begun["refresh_token"])
    problem(response, 429, "too_many_requests")
    assert int(response.headers["Retry-After"]) >= 1


def test_an_exchange_leaves_no_record_that_grows(house: House) -> None:
    """It is its own record: nothing is kept of it but when the session was used last."""
    begun = _begin(house)
    with house.executor.sessions() as session:
        before = session.scalar(select(func.count()).select_from(idempotency))
    for _ in range(3):
        _exchange(house, begun["refresh_token"])
    with house.executor.sessions() as session:
        assert session.scalar(select(func.count()).select_from(idempotency)) == before
        assert session.scalar(select(func.count()).select_from(Session)) == 1


def _listed(house: House) -> list[dict]:
    """Wang's sessions by the house's clock, which may have been set; tokens are read by the machine's."""
    call = Call(principal=f"account:{house.wang['id']}")
    return house.executor.ask(ListSessions, house.service.use_case(ListSessions), {}, call)["items"]
