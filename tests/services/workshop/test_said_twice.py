"""What is there already is refused by name: a team, an absence, a wash; and an order that is not (Rules W9, W12, W21)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.signing import Signing
from contracts.workshop.attendance import CancelAbsence, ChangeTeam, DisbandTeam, FormTeam, RecordAbsence
from contracts.workshop.equipment import LendTool, RegisterEquipment
from contracts.workshop.wash import BeginWash, EndWash
from services.workshop.service import WorkshopService
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_wash import passed, to_check, wanted


@pytest.fixture
def shop(open_desk):
    shop = Shop(open_desk(WorkshopService))
    shop.desk.employ("boss", "team_leader")
    return shop


def test_two_teams_have_two_names_however_they_are_written(shop):
    """Rule W9: codes and names are one when they read the same."""
    first = shop.desk.do(FormTeam(team_name="A", leader="boss", members=["zhang"]))
    with pytest.raises(Refused) as refused:
        shop.desk.do(FormTeam(team_name=" a", leader="boss", members=["chen"]))
    assert (refused.value.code, refused.value.details["field"]) == ("team_name_taken", "team_name")
    second = shop.desk.do(FormTeam(team_name="B", leader="boss", members=["chen"]))
    with pytest.raises(Refused, match="team_name_taken"):
        shop.desk.do(ChangeTeam(team_id=second.id, team_name="a", leader="boss", members=["chen"]))
    assert shop.desk.do(ChangeTeam(team_id=first.id, team_name="a", leader="boss", members=["zhang"])).team_name == "a"
    shop.desk.do(DisbandTeam(team_id=first.id))
    assert shop.desk.do(ChangeTeam(team_id=second.id, team_name="A", leader="boss", members=["chen"])).team_name == "A"


def test_an_absence_is_recorded_once(shop):
    """Rule W9: until it is cancelled."""
    begins = shop.desk.clock.now() + timedelta(days=1)
    told = RecordAbsence(technician="zhang", absence_kind="leave", from_at=begins, until_at=begins + timedelta(days=1))
    one = shop.desk.do(told)
    with pytest.raises(Refused, match="absence_recorded"):
        shop.desk.do(told)
    shop.desk.do(CancelAbsence(absence_id=one.id))
    assert shop.desk.do(told).cancelled_at is None


def test_a_wash_that_somebody_has_begun_says_so(shop):
    """Rule W12."""
    order = wanted(shop)
    to_check(shop, order)
    passed(shop, order)
    shop.desk.do(BeginWash(work_order_id=order.id), actor="he")
    with pytest.raises(Refused) as refused:
        shop.desk.do(BeginWash(work_order_id=order.id), actor="hu")
    assert (refused.value.code, refused.value.details) == ("wash_begun", {"name": "he"})
    shop.desk.do(EndWash(work_order_id=order.id, parking_place="P-1"), actor="he")
    with pytest.raises(Refused, match="wash_over"):
        shop.desk.do(BeginWash(work_order_id=order.id), actor="hu")


def test_a_tool_is_lent_for_no_order_that_is_not_there(shop):
    """Rule W21: refused by field."""
    tool = shop.desk.do(RegisterEquipment(kind="tool", code="T-1", name="Torque wrench"))
    told = LendTool(
        equipment_id=tool.id, borrower="zhang", work_order_id=new_id(), signature=Signing(means="typed", name="Zhang")
    )
    with pytest.raises(Invalid) as refused:
        shop.desk.do(told)
    assert refused.value.details["errors"] == {"work_order_id": ["nothing_has_it"]}
