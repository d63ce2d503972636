"""Rule W9: productivity, efficiency and utilisation per technician, team and day, out of the clockings."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.values import Hours
from contracts.workshop.attendance import FormTeam, RecordAbsence, Shift
from contracts.workshop.performance import MeasurePerformance, Performance, WorkingFigures
from tests.services.desk import NOON
from tests.services.history import Reading, grow_orders
from tests.services.workshop.shop import Shop, labour

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
THESE_DAYS: dict[str, Any] = {"from_day": MONDAY, "to_day": TUESDAY}


@pytest.fixture
def team(shop: Shop) -> Shop:
    """zhang and chen work from noon to midnight on Mondays."""
    shop.desk.employ("boss", "workshop_manager")
    shifts = [Shift(weekday="monday", begins="12:00", ends="24:00")]
    shop.desk.do(FormTeam(team_name="晚班", leader="boss", members=["zhang", "chen"], shifts=shifts))
    return shop


def measured(shop: Shop, **asked: Any) -> Performance:
    return shop.desk.ask(MeasurePerformance(**(asked or THESE_DAYS)))


def of(found: Performance, technician: str) -> WorkingFigures:
    [one] = [each for each in found.technicians if each.technician == technician]
    return one.figures


def test_figures_by_technician_team_and_day(team: Shop) -> None:
    """1.5 sold hours in one hour and a half of two technicians; one hour for the house itself; what runs counts until now."""
    order = team.dispatched(team.approved(labour=[labour(), labour("OIL", payer="internal")]))
    team.clock_on(order)
    team.clock_on(order, 2, technician="chen")
    team.desk.pass_time(minutes=60)
    team.clock_off(order)
    found = measured(team)
    assert (of(found, "zhang").clocked_minutes, of(found, "zhang").sold_hours) == (60, Hours.of("1.50"))
    chen = of(found, "chen")
    assert (chen.clocked_minutes, chen.customer_minutes, chen.sold_hours) == (60, 0, Hours.of("0.00"))
    assert (chen.attended_minutes, chen.productivity, chen.utilisation, chen.efficiency) == (60, 10000, 0, 0)
    [evening] = found.teams
    assert (evening.figures.attended_minutes, evening.figures.productivity, evening.figures.utilisation) == (120, 10000, 5000)
    assert (evening.figures.efficiency, evening.figures) == (7500, found.total)
    assert [one.figures.clocked_minutes for one in found.days] == [120, 0]
    assert {one.technician: one.team_name for one in found.technicians} == {"zhang": "晚班", "chen": "晚班"}


def test_a_line_of_two_is_sold_by_both_and_on_the_day_it_is_finished(team: Shop) -> None:
    """Begun on Monday, finished after midnight; an absence is no attendance."""
    team.desk.pass_time(hours=11)
    gone = {"from_at": NOON, "until_at": NOON + timedelta(hours=6)}
    team.desk.do(RecordAbsence(technician="chen", absence_kind="leave", **gone))
    order = team.dispatched(team.approved(labour=[labour()]))
    team.clock_on(order)
    team.clock_on(order, technician="chen")
    team.desk.pass_time(minutes=30)
    team.clock_off(order, technician="chen", done=False)
    team.desk.pass_time(minutes=29)
    team.clock_off(order, done=False)
    team.desk.pass_time(minutes=61)
    team.clock_on(order)
    team.desk.pass_time(minutes=31)
    team.clock_off(order)
    found = measured(team)
    assert (of(found, "zhang").sold_hours, of(found, "chen").sold_hours) == (Hours.of("1.12"), Hours.of("0.38"))
    monday, tuesday = found.days
    assert (monday.figures.sold_hours, tuesday.figures.sold_hours) == (Hours.of("0.00"), Hours.of("1.50"))
    assert (monday.figures.clocked_minutes, tuesday.figures.clocked_minutes) == (89, 31)
    assert (of(found, "zhang").attended_minutes, of(found, "chen").attended_minutes) == (720, 360)
    assert measured(team, from_day=TUESDAY, to_day=TUESDAY).total.clocked_minutes == 31
    assert measured(team, from_day=MONDAY, to_day=MONDAY).total.sold_hours == Hours.of("0.00")


def test_the_period_is_this_month_unless_days_are_named_and_a_year_at_most(team: Shop) -> None:
    found = measured(team, to_day=None)
    assert (found.from_day, found.to_day) == (date(2026, 3, 1), MONDAY)
    with pytest.raises(Invalid) as refused:
        measured(team, from_day=date(2020, 1, 1))
    assert list(refused.value.details["errors"]) == ["to_day"]
    assert team.desk.ask(MeasurePerformance(), dealer="bj-chaoyang").total.clocked_minutes == 0


@pytest.mark.new_database
def test_the_figures_of_a_day_cost_the_same_whatever_was_worked_before_and_since(team: Shop) -> None:
    for bay in ("B1", "B2", "B3"):
        order = team.dispatched(team.approved(labour=[labour()]), bay=bay)
        team.clock_on(order)
        team.desk.pass_time(minutes=60)
        order = team.clock_off(order)
        team.desk.pass_time(days=14)
    middle = MONDAY + timedelta(days=14)
    asked = MeasurePerformance(from_day=middle, to_day=middle)
    few = Reading(team.desk, asked)
    grow_orders(team.desk, order, 3_000)
    many = Reading(team.desk, asked)
    assert (many.answer.total, many.answer.total.clocked_minutes) == (few.answer.total, 60)
    assert many.statements == few.statements
    assert many.rows < 100
