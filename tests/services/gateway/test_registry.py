"""The dealer registry and the accounts on a real database (Rules G0, G1)."""

import pytest

from chassis.wire.call import Call
from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from contracts.gateway.account import (
    ChangeAccount,
    ChangeApiClient,
    CreateAccount,
    CreateApiClient,
    GetAccount,
    GetApiClient,
    ListAccounts,
    ListApiClients,
    Membership,
    SetClientSecret,
    SetPassword,
)
from contracts.gateway.dealer import ChangeDealer, GetDealer, ListDealerNames, ListDealers, NamedDealer, RegisterDealer
from contracts.gateway.events import AccountRecorded, DealerRecorded
from gateway.account import queries, secret
from gateway.service import GatewayService
from tests.services.desk import Desk

PASSWORD = "correct horse battery"
SECRET = "a client's secret of more than 32 characters"


@pytest.fixture
def desk(open_desk) -> Desk:
    """The gateway on a new database; no dealer is registered yet."""
    return open_desk(GatewayService)


def register(desk: Desk, dealer: str = "sh-pudong", **more):
    facts = {
        "name": "上海浦东店",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "locale": "zh",
        "tax_mode": "inclusive",
        **more,
    }
    return desk.do(RegisterDealer(dealer=dealer, **facts), dealer=None)


def create(desk: Desk, login: str = "wang", **more):
    facts = {"name": "王强", "password": PASSWORD, "locale": "zh", **more}
    return desk.do(CreateAccount(login=login, **facts), dealer=None)


def works_at(dealer: str, *roles: str) -> Membership:
    return Membership(dealer=dealer, roles=list(roles))


def test_a_registered_dealer_is_announced_to_every_service(desk: Desk) -> None:
    """The envelope is the dealer's: its id as dealer and subject, its version as sequence."""
    answer = register(desk)
    assert (answer.id, answer.version, answer.time_zone) == ("sh-pudong", 1, "Asia/Shanghai")
    assert desk.announced() == [
        DealerRecorded(
            dealer="sh-pudong", name="上海浦东店", time_zone="Asia/Shanghai", currency="CNY", locale="zh", tax_mode="inclusive"
        )
    ]
    (envelope,) = desk.envelopes()
    assert (envelope["dealerid"], envelope["subject"], envelope["sequence"]) == ("sh-pudong", "sh-pudong", 1)
    assert envelope["actor"] == "wang"


def test_a_changed_registration_is_announced_whole(desk: Desk) -> None:
    """With the next version; the currency stays."""
    register(desk)
    change = ChangeDealer(dealer="sh-pudong", name="浦东旗舰店", time_zone="Asia/Urumqi", locale="en", tax_mode="exclusive")
    answer = desk.do(change, dealer=None, if_match=1)
    assert (answer.version, answer.name, answer.currency) == (2, "浦东旗舰店", "CNY")
    assert desk.announced()[-1].time_zone == "Asia/Urumqi"
    assert [one["sequence"] for one in desk.envelopes()] == [1, 2]
    with pytest.raises(PreconditionFailed):
        desk.do(change, dealer=None, if_match=1)
    assert len(desk.envelopes()) == 2


def test_a_dealer_is_registered_once(desk: Desk) -> None:
    """A repeat under its key answers as before; another request for the same code is refused."""
    assert desk.do(_pudong(), dealer=None, key="k") == desk.do(_pudong(), dealer=None, key="k")
    with pytest.raises(Refused, match="dealer_registered"):
        desk.do(_pudong(), dealer=None, key="another")
    assert len(desk.envelopes()) == 1


def _pudong() -> RegisterDealer:
    return RegisterDealer(
        dealer="sh-pudong", name="浦东店", time_zone="Asia/Shanghai", currency="CNY", locale="zh", tax_mode="inclusive"
    )


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("time_zone", "../etc/passwd"), ("currency", "XXY"), ("currency", "cny")]
)
def test_a_registration_must_make_sense(desk: Desk, field: str, value: str) -> None:
    """The field is named; nothing is stored or announced."""
    with pytest.raises(Invalid) as refused:
        register(desk, **{field: value})
    assert set(refused.value.details["errors"]) == {field}
    assert desk.envelopes() == []
    with pytest.raises(NotFound):
        desk.ask(GetDealer(dealer="sh-pudong"), dealer=None)


def test_dealers_are_listed_page_by_page(desk: Desk) -> None:
    """In the order of their codes; a cursor of another list is refused."""
    for dealer in ("c", "a", "b"):
        register(desk, dealer)
    first = desk.ask(ListDealers(limit=2), dealer=None)
    assert [one.id for one in first.items] == ["a", "b"]
    second = desk.ask(ListDealers(limit=2, cursor=first.next_cursor), dealer=None)
    assert ([one.id for one in second.items], second.next_cursor) == (["c"], None)
    for query in (ListAccounts(cursor=first.next_cursor), ListDealers(cursor="RGVhbGVyOgA="), ListDealers(cursor="%%%")):
        with pytest.raises(Invalid):
            desk.ask(query, dealer=None)


def test_whoever_works_at_a_dealer_reads_what_the_others_are_called(desk: Desk) -> None:
    """Rule G0: code and name of each, and nothing else of it."""
    for dealer, name in (("sh", "浦东店"), ("bj", "朝阳店"), ("gz", "天河店")):
        register(desk, dealer, name=name)
    first = desk.ask(ListDealerNames(limit=2), dealer="sh")
    assert first.items == [NamedDealer(dealer="bj", name="朝阳店"), NamedDealer(dealer="gz", name="天河店")]
    assert desk.ask(ListDealerNames(limit=2, cursor=first.next_cursor), dealer="sh").items == [
        NamedDealer(dealer="sh", name="浦东店")
    ]


def test_an_account_works_at_several_dealers(desk: Desk) -> None:
    """With roles of its own at each; the password is kept as a hash and told to nobody."""
    register(desk)
    register(desk, "bj-chaoyang")
    account = create(desk, dealers=[works_at("sh-pudong", "technician", "technician"), works_at("bj-chaoyang", "cashier")])
    assert account.dealers == [works_at("bj-chaoyang", "cashier"), works_at("sh-pudong", "technician")]
    assert desk.ask(GetAccount(account_id=account.id), dealer=None) == account
    credentials = desk.executor.read(lambda work: queries.credentials_of_account(work, "wang"), Call())
    assert credentials.dealers == {"sh-pudong": ["technician"], "bj-chaoyang": ["cashier"]}
    assert credentials.secret_hash.startswith("$argon2id$")
    assert PASSWORD not in credentials.secret_hash
    assert secret.matches(credentials.secret_hash, PASSWORD)
    assert not secret.matches(credentials.secret_hash, PASSWORD + "!")
    assert not secret.matches("no hash at all", PASSWORD)


def test_a_login_is_somebodys_only_once(desk: Desk) -> None:
    """And nothing is stored of the second."""
    create(desk)
    with pytest.raises(Refused, match="login_taken"):
        create(desk)
    assert len(desk.ask(ListAccounts(), dealer=None).items) == 1


def test_roles_are_given_at_registered_dealers_once_each(desk: Desk) -> None:
    """The place in the list is named."""
    register(desk)
    with pytest.raises(Invalid) as refused:
        create(desk, dealers=[works_at("sh-pudong", "cashier"), works_at("nowhere", "cashier"), works_at("sh-pudong")])
    assert refused.value.details["errors"] == {
        "dealers.1.dealer": ["not_a_registered_dealer"],
        "dealers.2.dealer": ["named_twice"],
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": "Wang Fang!"}, "login"),
        ({"login": ""}, "login"),
        ({"login": None}, "login"),
        ({"password": "short"}, "password"),
        ({"dealers": [{"dealer": "sh-pudong", "roles": ["king"]}]}, "dealers.0.roles.0"),
        ({"group_roles": ["cashier"]}, "group_roles.0"),
        ({"locale": "fr"}, "locale"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_by_field(changes: dict, field: str) -> None:
    """Before anyone asks the database."""
    with pytest.raises(Invalid) as refused:
        CreateAccount.load({"login": "wang", "name": "王强", "password": PASSWORD, **changes})
    assert set(refused.value.details["errors"]) == {field}


def test_changing_an_account_replaces_its_roles(desk: Desk) -> None:
    """What is not named any more is gone; the version counts, also when only roles changed."""
    register(desk)
    register(desk, "bj-chaoyang")
    account = create(desk, dealers=[works_at("sh-pudong", "technician"), works_at("bj-chaoyang", "cashier")])
    change = ChangeAccount(
        account_id=account.id,
        name="王强",
        locale="zh",
        active=True,
        group_roles=["analyst"],
        dealers=[works_at("sh-pudong", "team_leader")],
    )
    changed = desk.do(change, dealer=None, if_match=1)
    assert changed.version == 2
    assert (changed.dealers, changed.group_roles) == ([works_at("sh-pudong", "team_leader")], ["analyst"])
    with pytest.raises(PreconditionFailed):
        desk.do(change, dealer=None, if_match=1)


def test_who_may_work_where_is_announced_and_nothing_of_how_they_sign_in(desk: Desk) -> None:
    """Rule G1: the group's fact, of no dealer; a locked account says so."""
    register(desk)
    account = create(desk, dealers=[works_at("sh-pudong", "technician")])
    desk.do(
        ChangeAccount(account_id=account.id, name="Wang", active=False, locale="en", dealers=[], group_roles=[]),
        dealer=None,
        if_match=account.version,
    )
    first, second = desk.announced(AccountRecorded)
    assert [(one.dealer, one.roles) for one in first.dealers] == [("sh-pudong", ["technician"])]
    assert (first.login, first.active, second.active, second.dealers) == ("wang", True, False, [])
    envelopes = [one for one in desk.envelopes() if one["type"] == AccountRecorded.type]
    assert [(one["subject"], one["sequence"], one.get("dealerid")) for one in envelopes] == [
        (account.id, 1, None),
        (account.id, 2, None),
    ]
    assert {name for one in envelopes for name in one["data"]} == {"login", "name", "staff_number", "active", "dealers"}


def test_the_last_administrator_cannot_be_locked_out(desk: Desk) -> None:
    """Nor lose the role, nor be locked keeping it; with a second active one they can."""
    first = create(desk, "first", group_roles=["administrator"])
    locked = create(desk, "locked", group_roles=["administrator"])
    desk.do(_dismissed(locked), dealer=None)
    for change in (_dismissed(first), _dismissed(first, active=True), _dismissed(first, group_roles=["administrator"])):
        with pytest.raises(Refused, match="last_administrator"):
            desk.do(change, dealer=None)
    create(desk, "second", group_roles=["administrator"])
    assert desk.do(_dismissed(first), dealer=None).active is False


def _dismissed(account, **more) -> ChangeAccount:
    facts = {"name": account.name, "locale": "zh", "active": False, "dealers": [], "group_roles": [], **more}
    return ChangeAccount(account_id=account.id, **facts)


def test_a_new_password_replaces_the_old_one(desk: Desk) -> None:
    """And only the new one opens."""
    account = create(desk)
    assert desk.do(SetPassword(account_id=account.id, password="another password"), dealer=None, if_match=1).version == 2
    credentials = desk.executor.read(lambda work: queries.credentials_of_account(work, "wang"), Call())
    assert secret.matches(credentials.secret_hash, "another password")
    assert not secret.matches(credentials.secret_hash, PASSWORD)


def test_a_program_is_let_in_changed_and_locked(desk: Desk) -> None:
    """Like an account, with a secret instead of a password."""
    register(desk)
    client = desk.do(
        CreateApiClient(client_id="portal", name="Portal", secret=SECRET, dealers=[works_at("sh-pudong", "booking_agent")]),
        dealer=None,
    )
    with pytest.raises(Refused, match="client_id_taken"):
        desk.do(CreateApiClient(client_id="portal", name="Portal", secret=SECRET), dealer=None)
    desk.do(SetClientSecret(api_client_id=client.id, secret=SECRET[::-1]), dealer=None, if_match=1)
    changed = desk.do(
        ChangeApiClient(api_client_id=client.id, name="Portal", active=False, dealers=[], group_roles=["analyst"]),
        dealer=None,
        if_match=2,
    )
    assert (changed.version, changed.active, changed.dealers, changed.group_roles) == (3, False, [], ["analyst"])
    assert desk.ask(GetApiClient(api_client_id=client.id), dealer=None) == changed
    assert desk.ask(ListApiClients(), dealer=None).items == [changed]
    credentials = desk.executor.read(lambda work: queries.credentials_of_client(work, "portal"), Call())
    assert (credentials.principal, credentials.active) == ("client:portal", False)
    assert secret.matches(credentials.secret_hash, SECRET[::-1])


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    """Read or changed."""
    nobody = "0190a0a0-0000-7000-8000-00000000abcd"
    for query in (GetAccount(account_id=nobody), GetApiClient(api_client_id=nobody), GetDealer(dealer="nowhere")):
        with pytest.raises(NotFound):
            desk.ask(query, dealer=None)
    with pytest.raises(NotFound):
        desk.do(SetPassword(account_id=nobody, password=PASSWORD), dealer=None)
