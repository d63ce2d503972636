"""Rule W11: self-check, team leader's check, final inspection; damage against the walk-around; what goes back, and why."""

from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import derived_id
from contracts.gateway.events import AccountRecorded, StaffRoles
from contracts.workshop.attendance import FormTeam
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.damage import Damage
from contracts.workshop.events import QualityChecked
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import SetWorkshopSettings
from contracts.workshop.quality import CheckTeamWork, ListTeamChecks, ReportOwnFault
from contracts.workshop.readiness_events import WorkChecked
from contracts.workshop.shop_floor import (
    AcceptCar,
    CheckQuality,
    DispatchWorkOrder,
    Inspection,
    ListInspections,
    RequestQualityCheck,
    ReturnToWork,
)
from services.workshop.shop_floor.inspection import Inspection as InspectionRow
from tests.services.workshop.shop import DEALER, Shop, cny, labour, line_id, part
from tests.services.workshop.test_walk_around import walked

FAILED: dict[str, Any] = {"passed": False, "findings": "Squeals", "rework_cause": "workmanship"}


def worked(shop: Shop, order: WorkOrder | None = None, technician: str = "zhang") -> WorkOrder:
    """An order whose labour is done, and nobody has looked at it yet."""
    order = order or shop.dispatched(shop.approved(labour=[labour()]))
    for line in order.lines:
        if line.kind == "labour" and line.done_at is None:
            shop.clock_on(order, line.number, technician)
            shop.desk.pass_time(minutes=30)
            shop.clock_off(order, line.number, technician)
    return shop.now(order)


def handed_in(shop: Shop, order: WorkOrder | None = None, technician: str = "zhang") -> WorkOrder:
    """It is sent to the checks by whoever did the work."""
    order = worked(shop, order, technician)
    return shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor=technician)


def of_a_team(shop: Shop) -> WorkOrder:
    """Work of a team that tian leads, done by zhang."""
    for login in ("tian", "boss"):
        shop.desk.employ(login, "team_leader", "technician")
    team = shop.desk.do(FormTeam(team_name="One", leader="tian", members=["zhang"], shifts=[]), actor="boss")
    order = shop.approved(labour=[labour()])
    order = shop.desk.do(DispatchWorkOrder(work_order_id=order.id, team_id=team.id, bay="B1"), actor="boss")
    return handed_in(shop, order)


def final(shop: Shop, order: WorkOrder, actor: str = "qin", **found: Any) -> WorkOrder:
    return shop.desk.do(CheckQuality(work_order_id=order.id, **{"passed": True, **found}), actor=actor)


def as_leader(shop: Shop, order: WorkOrder, actor: str = "tian", **found: Any) -> WorkOrder:
    return shop.desk.do(CheckTeamWork(work_order_id=order.id, **{"passed": True, **found}), actor=actor)


def checks(shop: Shop, order: WorkOrder) -> list[Inspection]:
    return shop.desk.ask(ListInspections(work_order_id=order.id)).items


def test_who_did_the_work_signs_a_self_check_and_nobody_else_hands_the_car_in(shop: Shop) -> None:
    order = worked(shop)
    with pytest.raises(Refused) as refused:
        shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="foreman")
    assert (refused.value.code, refused.value.details) == ("self_check_missing", {"names": "zhang"})
    order = shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    [own] = checks(shop, order)
    assert (own.stage, own.passed, own.inspector, [line.number for line in own.lines]) == ("self", True, "zhang", [1])
    assert (own.signature.name, own.signature.verified) == ("zhang", True)


def test_a_dealer_without_self_checks_has_the_foreman_hand_cars_in(shop: Shop) -> None:
    usual = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    kept = shop.desk.do(SetWorkshopSettings(**usual, self_check=False, team_check="never"), dealer=DEALER)
    assert (kept.self_check, kept.team_check) == (False, "never")
    order = shop.desk.do(RequestQualityCheck(work_order_id=worked(shop).id), actor="foreman")
    assert (order.status, checks(shop, order)) == ("quality_check", [])


def test_whoever_leads_the_order_now_hands_in_what_somebody_did_who_has_gone(shop: Shop) -> None:
    order = worked(shop)
    order = shop.dispatched(order, technician="chen")
    assert handed_in(shop, order, technician="chen").status == "quality_check"


def fault(order: WorkOrder) -> dict[str, Any]:
    return {"findings": "torque", "rework_cause": "workmanship", "rework_line_ids": [line_id(order, 1)]}


def test_what_a_technician_finds_of_their_own_work_is_open_again_signed_and_no_rework(shop: Shop) -> None:
    order = worked(shop)
    with pytest.raises(Refused, match="not_your_work"):
        shop.desk.do(ReportOwnFault(work_order_id=order.id, **fault(order)), actor="chen")
    order = shop.desk.do(ReportOwnFault(work_order_id=order.id, **fault(order)), actor="zhang")
    assert (order.status, order.rework_count, order.lines[0].done_at) == ("in_progress", 0, None)
    with pytest.raises(Refused, match="line_not_done"):
        shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    assert [(one.stage, one.passed, one.rework) for one in checks(shop, handed_in(shop, order))] == [
        ("self", False, [1]),
        ("self", True, []),
    ]


def test_a_teams_car_passes_its_final_inspection_after_the_leaders_check_only(shop: Shop) -> None:
    order = of_a_team(shop)
    assert shop.desk.ask(ListInspections(work_order_id=order.id)).team_check_due
    assert [one.id for one in shop.desk.ask(ListTeamChecks()).items] == [order.id]
    with pytest.raises(Refused, match="team_check_missing"):
        final(shop, order)
    assert as_leader(shop, order).team_checked_by == "tian"
    assert shop.desk.ask(ListTeamChecks()).items == []
    assert final(shop, order).quality_passed_by == "qin"
    assert [one.stage for one in checks(shop, order)] == ["self", "team_leader", "final"]
    assert [(one.stage, one.passed) for one in shop.desk.announced(WorkChecked)] == [("team_leader", True)]


def test_what_has_passed_is_not_checked_again_and_what_is_open_is_no_fault_of_what_is_done(shop: Shop) -> None:
    """Rule W11: each stage is passed once, by who signed it; what is found later brings the car back to work."""
    order = of_a_team(shop)
    as_leader(shop, order)
    for verdict in ({}, FAILED):
        with pytest.raises(Refused, match=r"team_check_passed .*tian"):
            as_leader(shop, order, "boss", **verdict)
    assert final(shop, order).quality_passed_by == "qin"
    for verdict in ({}, FAILED):
        with pytest.raises(Refused, match=r"inspection_passed .*qin"):
            final(shop, order, "he", **verdict)
    order = shop.desk.do(ReturnToWork(work_order_id=order.id, reason="squeals", rework_line_ids=[line_id(order, 1)]))
    with pytest.raises(Refused, match="line_not_done"):
        shop.desk.do(ReportOwnFault(work_order_id=order.id, **fault(order)), actor="zhang")


def test_a_failed_team_check_sends_the_car_back_to_who_did_it_and_counts_as_rework(shop: Shop) -> None:
    order = of_a_team(shop)
    for missing in ("findings", "rework_cause"):
        with pytest.raises(Invalid) as invalid:
            as_leader(shop, order, **{**FAILED, missing: None})
        assert [*invalid.value.details["errors"]] == [missing]
    order = as_leader(shop, order, **FAILED, rework_line_ids=[line_id(order, 1)])
    assert (order.status, order.rework_count, order.lines[0].done_at) == ("dispatched", 1, None)
    order = handed_in(shop, order)
    with pytest.raises(Refused, match="team_check_missing"):
        final(shop, order)


def test_what_did_not_pass_is_done_again_by_somebody_who_can_clock_on_to_it(shop: Shop) -> None:
    """Rule W11: a failed check, of the leader or the inspector, names a line to redo; work without labour has none to name."""
    order = of_a_team(shop)
    for checked in (as_leader, final):
        with pytest.raises(Invalid) as refused:
            checked(shop, order, **FAILED)
        assert refused.value.details["errors"] == {"rework_line_ids": ["needs_line_to_redo"]}
    assert shop.now(order).status == "quality_check"
    order = as_leader(shop, order, **FAILED, rework_line_ids=[line_id(order, 1)])
    assert shop.clock_on(order).status == "in_progress"
    parts = handed_in(shop, shop.dispatched(shop.approved(parts=[part()]), bay="B2"))
    assert final(shop, parts, **FAILED).status == "dispatched"


def test_a_failed_final_inspection_has_the_leader_check_again(shop: Shop) -> None:
    order = of_a_team(shop)
    as_leader(shop, order)
    order = final(shop, order, **FAILED, rework_line_ids=[line_id(order, 1)])
    assert (order.team_checked_by, order.rework_count) == (None, 1)
    order = handed_in(shop, order)
    with pytest.raises(Refused, match="team_check_missing"):
        final(shop, order)
    as_leader(shop, order)
    order = final(shop, order)
    order = shop.desk.do(ReturnToWork(work_order_id=order.id, reason="squeals"))
    assert (order.team_checked_by, order.quality_passed_by) == (None, None)


def test_a_leader_who_worked_on_the_car_does_not_check_it(shop: Shop) -> None:
    order = of_a_team(shop)
    with pytest.raises(Refused, match="inspector_did_the_work"):
        as_leader(shop, order, actor="zhang")


def test_every_order_or_none_is_checked_by_a_team_leader_as_the_dealer_says(shop: Shop) -> None:
    usual = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(**usual, team_check="always"), dealer=DEALER)
    order = handed_in(shop)
    with pytest.raises(Refused, match="team_check_missing"):
        final(shop, order)
    shop.desk.do(SetWorkshopSettings(**usual, team_check="never"), dealer=DEALER)
    assert final(shop, order).quality_passed_by == "qin"


def test_nobody_inspects_under_another_account_what_they_did(shop: Shop) -> None:
    """Rule W11: who has several accounts has one staff number; the newest fact of an account counts."""
    order = handed_in(shop)
    for login, number, sequence in (
        ("zhang", "0077", 3),
        ("zhang.qc", "0078", 2),
        ("zhang.qc", "0077", 3),
        ("zhang.qc", None, 1),
    ):
        roles = [StaffRoles(dealer=DEALER, roles=["quality_inspector", "technician"])]
        shop.desk.hear(
            AccountRecorded(login=login, name="Zhang", staff_number=number, active=True, dealers=roles),
            subject=derived_id("account", login),
            sequence=sequence,
            dealer=None,
        )
    with pytest.raises(Refused) as refused:
        final(shop, order, actor="zhang.qc")
    assert (refused.value.code, refused.value.details) == ("inspector_did_the_work", {"inspector": "zhang.qc"})
    assert final(shop, order).quality_passed_by == "qin"


def walked_around(shop: Shop) -> WorkOrder:
    """A car with a scratched door and a dent that the team told of; its work is handed in."""
    order = shop.approved(labour=[labour()])
    walked(shop, order, damages=[Damage(panel="left_front_door", damage="scratch")])
    order = shop.dispatched(order)
    told = [Damage(panel="roof", damage="dent")]
    shop.desk.do(AcceptCar(work_order_id=order.id, new_damages=told), actor="zhang")
    return handed_in(shop, order)


def test_a_pass_compares_each_panel_that_was_damaged_with_the_walk_around(shop: Shop) -> None:
    order = walked_around(shop)
    assert order.to_compare == ["left_front_door", "roof"]
    with pytest.raises(Invalid) as invalid:
        final(shop, order, as_before=["roof"])
    assert "left_front_door" in str(invalid.value.details["errors"]["as_before"])
    order = final(shop, order, as_before=["left_front_door", "roof"])
    assert (order.quality_passed_by, order.new_damages) == ("qin", [])
    assert checks(shop, order)[-1].as_before == ["left_front_door", "roof"]


def test_new_damage_is_told_and_shown_until_the_car_is_delivered(shop: Shop) -> None:
    order = walked_around(shop)
    new = [Damage(panel="roof", damage="scratch", note="long")]
    with pytest.raises(Invalid, match="invalid"):
        final(shop, order, as_before=["left_front_door", "roof"], new_damages=new)
    order = final(shop, order, as_before=["left_front_door"], new_damages=new)
    assert (order.new_damages, order.to_compare) == (new, ["left_front_door", "roof"])
    assert shop.desk.announced(QualityChecked)[-1].new_damages == new

    def told() -> list[str | None]:
        groups = shop.desk.ask(FindWorkshopConcerns()).groups
        return [one.work_order_id for group in groups if group.kind == "new_damage" for one in group.items]

    assert told() == [order.id]


def test_no_check_is_ever_changed(shop: Shop) -> None:
    handed_in(shop)

    def alter(session: Any) -> None:
        session.execute(InspectionRow.__table__.update().values(passed=False))

    with pytest.raises(DatabaseError, match="never changed or deleted"):
        shop.desk.rows(alter, dealer=DEALER)


def test_a_part_alone_is_handed_in_by_anybody(shop: Shop) -> None:
    order = shop.dispatched(shop.approved(parts=[part()]))
    assert shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="foreman").status == "quality_check"
