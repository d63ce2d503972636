"""Rule W9: an order's lines go to one or more technicians; an order goes to a technician or a team."""

from datetime import date
from typing import Any

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.values import Hours
from contracts.workshop.agreement import DeclineLines
from contracts.workshop.attendance import DisbandTeam, FormTeam, Team
from contracts.workshop.board import GetBoard, GetMyWork
from contracts.workshop.certificate import IssueCertificate
from contracts.workshop.dispatch_proposal import ProposeDispatch
from contracts.workshop.events import WorkOrderDispatched
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import OperationEntry, PublishOperations, SetWorkshopSettings
from contracts.workshop.shop_floor import AssignLine, DispatchWorkOrder
from contracts.workshop.team_events import LineAssigned
from tests.services.workshop.shop import Shop, cny, labour, line_id, part, signed


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    """Brakes and oil, given to zhang."""
    return shop.dispatched(shop.approved(labour=[labour(), labour("OIL")], parts=[part()]))


def assigned(shop: Shop, order: WorkOrder, number: int, technician: str | None, **more: Any) -> WorkOrder:
    asked = AssignLine(work_order_id=order.id, line_id=line_id(order, number), technician=technician)
    return shop.desk.do(asked, actor="foreman", **more)


def to_team(shop: Shop, order: WorkOrder, team: Team, **more: Any) -> WorkOrder:
    return shop.desk.do(DispatchWorkOrder(work_order_id=order.id, team_id=team.id, bay="B1", **more))


def mine(shop: Shop, technician: str) -> list[str]:
    return [one.id for one in shop.desk.ask(GetMyWork(), actor=technician).orders]


def hours(shop: Shop) -> dict[str, Hours]:
    return {one.technician: one.hours_left for one in shop.desk.ask(GetBoard()).technicians}


@pytest.fixture
def team(shop: Shop) -> Team:
    shop.desk.employ("boss", "workshop_manager")
    return shop.desk.do(FormTeam(team_name="早班", leader="boss", members=["zhang", "chen"]))


@pytest.fixture
def skilled(shop: Shop) -> Shop:
    """Traction batteries need HV."""
    battery = {"operation_code": "HV-BAT", "name_zh": "动力电池检修", "name_en": "Traction battery", "hours": Hours.of("2.00")}
    shop.desk.do(PublishOperations(operations=[OperationEntry(**battery, skills=["HV"])]), dealer=None)
    return shop


def certify(shop: Shop, holder: str) -> None:
    days = {"issued_on": date(2026, 3, 2), "expires_on": date(2027, 3, 1)}
    shop.desk.do(IssueCertificate(holder=holder, skill="HV", **days))


def test_only_whose_line_it_is_clocks_on_to_it_and_sees_it(shop: Shop, order: WorkOrder) -> None:
    """The others stay with who leads the order, or who helps out; both have the order in their work, the board their hours."""
    given = assigned(shop, order, 2, "chen")
    assert [line.technician for line in given.lines] == [None, "chen", None]
    with pytest.raises(Refused) as refused:
        shop.clock_on(order, 2)
    assert (refused.value.code, refused.value.details) == ("line_of_colleague", {"line": 2, "name": "chen"})
    assert (mine(shop, "zhang"), mine(shop, "chen"), mine(shop, "li")) == ([order.id], [order.id], [])
    assert hours(shop) == {"zhang": Hours.of("1.50"), "chen": Hours.of("0.50")}
    [card] = shop.desk.ask(GetBoard()).orders
    assert [(line.technician, line.technician_name) for line in card.lines] == [(None, None), ("chen", "chen")]
    shop.clock_on(order, 2, technician="chen")
    shop.clock_off(order, 2, technician="chen")
    assert (mine(shop, "chen"), hours(shop)["chen"]) == ([], Hours.of("0.00"))
    [told] = shop.desk.announced(LineAssigned)
    assert (told.line_id, told.technician) == (line_id(order, 2), "chen")


def test_a_line_goes_back_to_who_leads_the_order(shop: Shop, order: WorkOrder) -> None:
    assigned(shop, order, 2, "chen")
    assert assigned(shop, order, 2, None).lines[1].technician is None
    assert shop.clock_on(order, 2).status == "in_progress"
    assert mine(shop, "chen") == []


def test_what_is_not_given_to_others(shop: Shop, order: WorkOrder) -> None:
    """Not while somebody is at it, what is done, declined, a part or of a car that has left; and to nobody but technicians."""
    extra = shop.quoted(shop.open(), labour=[labour()])
    declined = DeclineLines(work_order_id=extra.id, line_ids=[line_id(extra, 1)], reason="太贵", decision=signed())
    with pytest.raises(Refused, match="line_not_approved"):
        assigned(shop, shop.desk.do(declined), 1, "chen")
    with pytest.raises(Refused, match="not_a_labour_line"):
        assigned(shop, order, 3, "chen")
    shop.desk.employ("qin", "quality_inspector")
    with pytest.raises(Refused, match="not_a_technician"):
        assigned(shop, order, 1, "qin")
    shop.clock_on(order, 1)
    with pytest.raises(Refused, match="still_clocked_on"):
        assigned(shop, order, 1, "chen")
    assert assigned(shop, order, 2, "chen").lines[1].technician == "chen", "the line beside it may be"
    shop.clock_off(order, 1)
    with pytest.raises(Refused, match="line_already_done"):
        assigned(shop, order, 1, "chen")
    with pytest.raises(NotFound):
        assigned(shop, order, 2, "chen", dealer="bj-chaoyang")


def test_a_delivered_order_gives_nothing_away(shop: Shop) -> None:
    left = shop.deliver(shop.ready())
    with pytest.raises(Refused, match="not_in_this_status"):
        assigned(shop, left, 1, "chen")


def test_certificates_are_asked_for_line_by_line(skilled: Shop) -> None:
    """Who leads the order needs none for what others do; who gets the line does, and who gets it back."""
    order = skilled.approved(labour=[labour(), labour("HV-BAT")])
    with pytest.raises(Refused, match="not_certified"):
        skilled.dispatched(order)
    with pytest.raises(Refused, match="not_certified"):
        assigned(skilled, order, 2, "chen")
    certify(skilled, "chen")
    assigned(skilled, order, 2, "chen")
    assert skilled.dispatched(order).status == "dispatched"
    with pytest.raises(Refused, match="not_certified"):
        assigned(skilled, order, 2, None)


def test_a_team_gets_an_order_and_each_of_it_may_begin(shop: Shop, order: WorkOrder, team: Team) -> None:
    """Who leads the team leads the order; it is in everybody's work; a technician or a team, and no team that is disbanded."""
    given = to_team(shop, order, team)
    assert (given.technician, given.team_name) == ("boss", "早班")
    assert (mine(shop, "zhang"), mine(shop, "chen"), mine(shop, "li")) == ([order.id], [order.id], [])
    assert shop.desk.announced(WorkOrderDispatched)[-1].team_id == team.id
    [card] = shop.desk.ask(GetBoard()).orders
    assert card.team_name == "早班"
    assert shop.clock_on(order, 1, technician="chen").status == "in_progress"
    for wrong in ({"technician": "zhang"}, {"team_id": None}):
        with pytest.raises(Invalid) as refused:
            shop.desk.do(DispatchWorkOrder(**{"work_order_id": order.id, "team_id": team.id, "bay": "B1", **wrong}))
        assert list(refused.value.details["errors"]) == ["technician"]
    shop.clock_off(order, 1, technician="chen", done=False)
    again = shop.dispatched(order, "zhang")
    assert (again.technician, again.team_name, mine(shop, "chen")) == ("zhang", None, [])
    shop.desk.do(DisbandTeam(team_id=team.id))
    with pytest.raises(Refused, match="team_disbanded"):
        to_team(shop, order, team)


def test_of_a_team_somebody_is_certified_for_each_line(skilled: Shop, team: Team) -> None:
    order = skilled.approved(labour=[labour(), labour("HV-BAT")])
    with pytest.raises(Refused) as refused:
        to_team(skilled, order, team)
    assert (refused.value.code, refused.value.details) == ("team_not_certified", {"team": "早班", "skill": "HV", "line": 2})
    certify(skilled, "chen")
    assert to_team(skilled, order, team).team_name == "早班"
    with pytest.raises(Refused, match="not_certified"):
        skilled.clock_on(order, 2)


def test_a_proposal_counts_what_lies_on_each(skilled: Shop) -> None:
    """A line that was given away asks nothing of who is proposed, and keeps whom it was given to busy."""
    settings = SetWorkshopSettings(labour_rate=cny("180.00"), call_threshold=cny("300.00"), bays=["B1", "B2"])
    skilled.desk.do(settings)
    certify(skilled, "zhang")
    order = skilled.approved(labour=[labour(), labour("HV-BAT")])
    assigned(skilled, order, 2, "zhang")
    skilled.desk.pass_time(minutes=1)
    skilled.approved(labour=[labour("OIL")])
    first, second = skilled.desk.ask(ProposeDispatch()).items
    assert (first.work_order_id, first.technician, first.skills, first.hours) == (order.id, "chen", [], Hours.of("1.50"))
    assert (second.technician, second.hours_before) == ("chen", Hours.of("1.50")), "zhang has two hours to do"
