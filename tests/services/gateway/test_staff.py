"""A dealer's staff: who works there, and who is only named there any more (Rule G1)."""

import pytest

from contracts.gateway.account import ChangeAccount, GetAccount, ListStaff
from gateway.service import GatewayService
from tests.services.desk import Desk
from tests.services.gateway.test_registry import create, register, works_at


@pytest.fixture
def desk(open_desk) -> Desk:
    """The gateway on a new database."""
    return open_desk(GatewayService)


def test_a_dealers_staff_is_listed_with_its_roles_there_and_nothing_of_elsewhere(desk: Desk) -> None:
    """Rule G1: who works at two dealers shows each of them the roles there; who is locked is listed only if asked for."""
    register(desk)
    register(desk, "bj-chaoyang")
    create(desk, dealers=[works_at("sh-pudong", "technician", "team_leader"), works_at("bj-chaoyang", "cashier")])
    create(desk, "li", dealers=[works_at("bj-chaoyang", "technician")])
    create(desk, "zhao", dealers=[works_at("sh-pudong", "cashier")])

    def staff(**asked):
        return [(one.login, one.roles) for one in desk.ask(ListStaff(**asked)).items]

    assert staff() == [("wang", ["team_leader", "technician"]), ("zhao", ["cashier"])]
    assert staff(role="team_leader") == [("wang", ["team_leader", "technician"])]
    assert [one.login for one in desk.ask(ListStaff(), dealer="bj-chaoyang").items] == ["li", "wang"]
    assert staff(active=False) == []


def test_who_left_a_dealer_is_still_named_there(desk: Desk) -> None:
    """Rule G1: by whoever reads its papers; of who never worked there nothing is said, and who comes back works there again."""
    register(desk)
    register(desk, "bj-chaoyang")
    both = [works_at("bj-chaoyang", "cashier"), works_at("sh-pudong", "technician")]
    wang = create(desk, dealers=both)
    create(desk, "li", dealers=[works_at("bj-chaoyang", "technician")])

    def gone(dealer="sh-pudong", **asked):
        found = desk.ask(ListStaff(active=False, **asked), dealer=dealer).items
        return [(one.login, one.name, one.roles, one.active) for one in found]

    def works(*dealers, active=True):
        found = desk.ask(GetAccount(account_id=wang.id), dealer=None)
        facts = {"name": "王伟", "active": active, "group_roles": [], "locale": "zh", "dealers": list(dealers)}
        desk.do(ChangeAccount(account_id=wang.id, **facts), dealer=None, if_match=found.version)

    works(both[0])
    assert gone() == [("wang", "王伟", [], False)]
    assert (gone(role="technician"), gone(dealer="bj-chaoyang")) == ([], [])
    works(*both)
    assert gone() == []
    works(both[0])
    works(*both, active=False)
    assert gone() == [("wang", "王伟", ["technician"], False)]
