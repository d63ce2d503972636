"""Rule W9: teams, attendance, the order of the queue, and who is proposed to do what where and when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Hours
from contracts.workshop import attendance, certificate
from contracts.workshop.attendance import Absence, Attendance, Shift, Team, TechnicianDay
from contracts.workshop.board import GetBoard
from contracts.workshop.dispatch_proposal import DispatchProposal, DispatchProposals, ProposeDispatch
from contracts.workshop.equipment import RegisterEquipment
from contracts.workshop.order import WorkOrder
from contracts.workshop.pricing import OperationEntry, PublishOperations, SetWorkshopSettings
from tests.services.desk import NOON
from tests.services.history import Reading, grow, grow_orders
from tests.services.workshop.shop import Shop, cny, labour

MORNINGS = [Shift(weekday="monday", begins="08:00", ends="12:00"), Shift(weekday="tuesday", begins="08:00", ends="12:00")]


@pytest.fixture
def floor(shop: Shop) -> Shop:
    """A dealer with two bays; zhang and chen are its technicians."""
    shop.desk.do(SetWorkshopSettings(labour_rate=cny("180.00"), call_threshold=cny("300.00"), bays=["B1", "B2"]))
    return shop


def proposals(shop: Shop, **asked: Any) -> DispatchProposals:
    return shop.desk.ask(ProposeDispatch(**asked))


def only(shop: Shop, order: WorkOrder) -> DispatchProposal:
    [one] = proposals(shop, work_order_id=order.id).items
    return one


def today(shop: Shop, **asked: Any) -> Attendance:
    return shop.desk.ask(attendance.GetAttendance(**asked))


def day_of(shop: Shop, technician: str, **asked: Any) -> TechnicianDay:
    return next(one for one in today(shop, **asked).technicians if one.technician == technician)


def absent(shop: Shop, technician: str, hours: float = 8, **more: Any) -> Absence:
    now = shop.desk.clock.now()
    asked = {"absence_kind": "sick", "from_at": now, "until_at": now + timedelta(hours=hours), **more}
    return shop.desk.do(attendance.RecordAbsence(technician=technician, **asked))


def formed(shop: Shop, *members: str, name: str = "一班", leader: str = "zhang", **more: Any) -> Team:
    return shop.desk.do(attendance.FormTeam(team_name=name, leader=leader, members=list(members), **more))


def test_a_technician_is_in_one_team_whose_shifts_are_theirs_unless_they_have_their_own(floor: Shop) -> None:
    team = formed(floor, "zhang", shifts=MORNINGS)
    with pytest.raises(Invalid, match="in_another_team"):
        formed(floor, "chen", "zhang", name="二班", leader="chen")
    with pytest.raises(Invalid, match="named_twice"):
        formed(floor, "chen", "chen", name="二班", leader="chen")
    floor.desk.employ("wang", "service_advisor")
    with pytest.raises(Refused, match="not_a_technician"):
        formed(floor, "wang", name="二班", leader="chen")
    zhang, chen = day_of(floor, "zhang"), day_of(floor, "chen")
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert (zhang.planned, zhang.team_name, [(one.from_at, one.until_at) for one in zhang.stretches]) == (
        "team",
        "一班",
        [(noon - timedelta(hours=4), noon)],
    )
    assert (zhang.present, chen.present, chen.planned, chen.stretches) == (False, True, "none", [])
    floor.desk.do(attendance.PlanShifts(technician="zhang", shifts=[Shift(weekday="monday", begins="11:00", ends="02:00")]))
    zhang = day_of(floor, "zhang")
    assert (zhang.planned, zhang.present, [one.until_at for one in zhang.stretches]) == (
        "own",
        True,
        [datetime(2026, 3, 2, 18, tzinfo=UTC)],
    )
    assert [one.until_at for one in day_of(floor, "zhang", day=date(2026, 3, 3)).stretches] == [
        datetime(2026, 3, 2, 18, tzinfo=UTC)
    ]
    floor.desk.do(attendance.PlanShifts(technician="zhang"))
    assert day_of(floor, "zhang").planned == "team"
    changed = {"team_id": team.id, "team_name": "早班", "leader": "chen", "members": ["chen", "zhang"]}
    assert floor.desk.do(attendance.ChangeTeam(**changed), if_match=team.version).members == ["chen", "zhang"]
    floor.desk.do(attendance.DisbandTeam(team_id=team.id))
    assert (today(floor).teams, day_of(floor, "zhang").team_name) == ([], None)
    with pytest.raises(Refused, match="team_disbanded"):
        floor.desk.do(attendance.ChangeTeam(**changed))
    assert today(floor).technicians
    assert floor.desk.ask(attendance.GetAttendance(), dealer="bj-chaoyang").teams == []


def test_an_absence_counts_until_it_is_cancelled(floor: Shop) -> None:
    sick = absent(floor, "zhang")
    day = day_of(floor, "zhang")
    assert (day.present, [one.id for one in day.absences]) == (False, [sick.id])
    with pytest.raises(Invalid, match="must_be_after"):
        absent(floor, "zhang", hours=0)
    with pytest.raises(Invalid, match="period_between"):
        absent(floor, "zhang", hours=24 * 400)
    floor.desk.do(attendance.CancelAbsence(absence_id=sick.id))
    with pytest.raises(Refused, match="absence_cancelled"):
        floor.desk.do(attendance.CancelAbsence(absence_id=sick.id))
    assert (day_of(floor, "zhang").present, day_of(floor, "zhang").absences) == (True, [])


def test_the_queue_is_comebacks_then_who_booked_then_the_others_each_by_promise(floor: Shop) -> None:
    """On the board, too; what nothing is approved of does not wait for the foreman."""
    late = floor.approved(labour=[labour("OIL")])
    soon = floor.quoted(floor.open(), labour=[labour("OIL")])
    soon = floor.approve(floor.estimate(soon, promised_at=NOON + timedelta(hours=1)))
    appointment = floor.appointment()
    floor.arrive(appointment)
    booked = floor.approved(
        floor.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None), labour=[labour("OIL")]
    )
    floor.open()
    expected = [booked.id, soon.id, late.id]
    assert [one.work_order_id for one in proposals(floor).items] == expected
    assert [one.priority for one in proposals(floor).items] == ["booked", "normal", "normal"]
    assert [one.id for one in floor.desk.ask(GetBoard()).orders][:3] == expected


def test_who_is_absent_or_not_certified_is_never_proposed_and_it_says_why(floor: Shop) -> None:
    operation = OperationEntry(
        operation_code="HV-BAT", name_zh="动力电池检修", name_en="Traction battery", hours=Hours.of("2.00"), skills=["HV"]
    )
    floor.desk.do(PublishOperations(operations=[operation]), dealer=None)
    order = floor.approved(labour=[labour("HV-BAT"), labour()])
    nobody = only(floor, order)
    assert (nobody.technician, nobody.nobody_because, nobody.skills) == (None, "uncertified", ["HV"])
    assert [(one.technician, one.why_not, one.skill) for one in nobody.passed_over] == [
        ("chen", "uncertified", "HV"),
        ("zhang", "uncertified", "HV"),
    ]
    issue = {"skill": "HV", "issued_on": date(2026, 3, 2), "expires_on": date(2027, 3, 1)}
    floor.desk.do(certificate.IssueCertificate(holder="chen", **issue))
    chosen = only(floor, order)
    assert (chosen.technician, chosen.bay, chosen.present, chosen.hours, chosen.hours_before) == (
        "chen",
        "B1",
        True,
        Hours.of("3.50"),
        Hours.of("0.00"),
    )
    assert (chosen.starts_at, chosen.ends_at, chosen.in_time) == (NOON, NOON + timedelta(hours=3.5), True)
    assert [(one.technician, one.why_not) for one in chosen.passed_over] == [("zhang", "uncertified")]
    absent(floor, "chen", hours=24 * 20)
    gone = only(floor, order)
    assert (gone.technician, gone.nobody_because) == (None, "absent")
    assert [(one.technician, one.why_not) for one in gone.passed_over] == [("chen", "absent"), ("zhang", "uncertified")]


def test_the_proposal_begins_when_somebody_is_there_and_free_and_in_the_bay_that_is_free_first(floor: Shop) -> None:
    """Each order of the queue as if those before it were given out as proposed; shifts and work in hand count."""
    formed(floor, "chen", shifts=MORNINGS, leader="chen")
    first = floor.approved(labour=[labour()])
    floor.dispatched(first, "zhang", "B1")
    second, third = (floor.approved(labour=[labour()]) for _ in range(2))
    one, other = proposals(floor).items
    assert (one.work_order_id, one.technician, one.bay, one.hours_before) == (second.id, "zhang", "B2", Hours.of("1.50"))
    assert (one.starts_at, one.ends_at) == (NOON + timedelta(hours=1.5), NOON + timedelta(hours=3))
    assert [(who.technician, who.why_not) for who in one.passed_over] == [("chen", "later")]
    assert (other.work_order_id, other.technician, other.starts_at) == (third.id, "zhang", NOON + timedelta(hours=3))
    assert other.in_time is False
    absent(floor, "zhang", hours=24 * 3)
    one, other = proposals(floor).items
    tomorrow = datetime(2026, 3, 3, 0, tzinfo=UTC)
    assert (one.technician, one.team_name, one.present, one.starts_at) == ("chen", "一班", False, tomorrow)
    assert (other.technician, other.starts_at) == ("chen", tomorrow + timedelta(hours=1.5))
    taken = floor.dispatched(second, one.technician or "", one.bay or "")
    assert (taken.technician, taken.status) == ("chen", "dispatched")
    assert [left.work_order_id for left in proposals(floor).items] == [third.id]


def test_a_bay_that_an_overdue_lift_blocks_is_never_proposed(floor: Shop) -> None:
    """Rule W21; without another one nobody is proposed."""
    order = floor.approved(labour=[labour()])
    lift = {"kind": "lift", "name": "Lift", "due_on": date(2026, 3, 1)}
    floor.desk.do(RegisterEquipment(code="L-1", bay="b 1", **lift))
    assert (only(floor, order).technician, only(floor, order).bay) == ("chen", "B2")
    floor.desk.do(RegisterEquipment(code="L-2", bay="B2", **lift))
    assert (only(floor, order).technician, only(floor, order).nobody_because) == (None, "no_bay")


def test_what_cannot_be_proposed_is_said_and_what_does_not_wait_is_not_there(floor: Shop) -> None:
    floor.desk.do(SetWorkshopSettings(labour_rate=cny("180.00"), call_threshold=cny("300.00")))
    order = floor.approved(labour=[labour()])
    assert (only(floor, order).nobody_because, only(floor, order).bay) == ("no_bay", None)
    with pytest.raises(NotFound):
        proposals(floor, work_order_id=new_id())
    with pytest.raises(Refused) as refused:
        proposals(floor, work_order_id=floor.ready().id)
    assert (refused.value.code, refused.value.details) == ("not_in_this_status", {"status": "ready", "step": "dispatch"})
    assert floor.desk.ask(ProposeDispatch(), dealer="bj-chaoyang").items == []


@pytest.mark.new_database
def test_a_proposal_costs_the_same_whatever_happened_before(floor: Shop) -> None:
    """Closed orders, absences that are over, and teams that are no more."""
    formed(floor, "zhang", shifts=MORNINGS)
    absence = absent(floor, "chen", hours=1)
    done = floor.ready()
    floor.approved(labour=[labour()])
    few = Reading(floor.desk, ProposeDispatch())
    grow_orders(floor.desk, done, 500)
    grow(
        floor.desk,
        "absence",
        2_000,
        of=f"id = '{absence.id}'",
        until_at="one.until_at - n * interval '1 day' - interval '9 days'",
    )
    many = Reading(floor.desk, ProposeDispatch())
    assert many.statements <= few.statements + 1, "but for the dealer's profile, which is read anew every other second"
    assert many.rows <= few.rows + 20


def test_the_board_comes_with_the_proposals_as_it_is_asked_for_by_itself(floor: Shop) -> None:
    """One reading for both: what the foreman sees proposed follows from what stands beside it. Nobody else's car is on it."""
    floor.desk.employ("zhang", "technician")
    first, second = floor.approved(labour=[labour()]), floor.approved(labour=[labour("OIL")])
    given = floor.dispatched(floor.approved(labour=[labour()]))
    floor.know_neighbours("bj-chaoyang")
    floor.open(dealer="bj-chaoyang")
    found = proposals(floor, with_board=True)
    assert found.board == floor.desk.ask(GetBoard())
    assert {one.id for one in found.board.orders} == {first.id, second.id, given.id}
    assert found.items == proposals(floor).items
    assert proposals(floor).board is None


def test_a_board_shows_the_next_proposals_and_how_many_are_behind_them(floor: Shop) -> None:
    """Each follows from those before it: fewer of them are the same ones."""
    for _ in range(3):
        floor.approved(labour=[labour()])
    all_of_them, next_two = proposals(floor), proposals(floor, most=2)
    assert (next_two.items, next_two.left_out) == (all_of_them.items[:2], 1)
    assert all_of_them.left_out == 0


def test_the_floor_is_read_once_for_the_board_and_the_proposals(floor: Shop) -> None:
    """Statements, whatever stands on it: as many as ten boards cost that look at a change."""
    floor.dispatched(floor.approved(labour=[labour()]))
    board = Reading(floor.desk, GetBoard()).statements
    assert board <= 9
    assert Reading(floor.desk, ProposeDispatch(with_board=True)).statements == board
    floor.approved(labour=[labour()])
    assert Reading(floor.desk, ProposeDispatch(with_board=True)).statements <= board + 4
