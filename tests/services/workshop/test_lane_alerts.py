"""Rule W1: the lane escalates once for each cause, and the service manager records what was done about it."""

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.ids import new_id
from contracts.workshop import lane
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.reception_events import LaneEscalated, LaneRelieved
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_lane import alerts, came, now


def test_four_cars_escalate_once_until_that_is_relieved(shop: Shop) -> None:
    cars = [came(shop.desk, f"沪B0000{number}") for number in range(5)]
    [alert] = alerts(shop.desk)
    assert (alert.trigger, alert.cars, alert.raised_by) == ("full", 4, None)
    shop.desk.do(lane.SendOn(lane_car_id=cars[0].id, reason="sales"))
    shop.desk.do(lane.SetAside(lane_car_id=cars[1].id, to="parking", place="P7"))
    assert len(alerts(shop.desk)) == 1
    shop.desk.do(lane.BringBack(lane_car_id=cars[1].id))
    assert [one.id for one in alerts(shop.desk)] == [alert.id], "nobody has relieved it yet"
    shop.desk.do(lane.RelieveLane(lane_alert_id=alert.id, relief="none_needed", lane_cause="other", measure="none"))
    came(shop.desk, "沪B00009")
    assert len(alerts(shop.desk)) == 1, "it is still as full"
    for car in cars[1:3]:
        shop.desk.do(lane.SendOn(lane_car_id=car.id, reason="sales"))
    came(shop.desk, "沪B00010")
    assert [one.trigger for one in alerts(shop.desk)] == ["full", "full"]
    assert [one.cars for one in shop.desk.announced(LaneEscalated)] == [4, 4]


def test_a_car_that_is_there_too_long_escalates_once_greeted_or_not(shop: Shop) -> None:
    car = came(shop.desk)
    shop.desk.do(lane.GreetCustomer(lane_car_id=car.id))
    shop.desk.pass_time(minutes=20, seconds=-1)
    shop.desk.fire_timers()
    assert alerts(shop.desk) == []
    shop.desk.pass_time(seconds=1)
    shop.desk.fire_timers()
    [alert] = alerts(shop.desk)
    assert (alert.trigger, alert.plate, alert.lane_car_id) == ("overdue", car.plate, car.id)
    shop.desk.do(lane.SetAside(lane_car_id=car.id, to="bodywork"))
    shop.desk.do(lane.BringBack(lane_car_id=car.id))
    shop.desk.fire_timers()
    assert len(alerts(shop.desk)) == 1
    other = came(shop.desk, "沪B00002")
    shop.desk.do(lane.SetAside(lane_car_id=other.id, to="parking"))
    shop.desk.pass_time(minutes=21)
    shop.desk.fire_timers()
    assert len(alerts(shop.desk)) == 1, "what is set aside is not in the lane"
    shop.desk.do(lane.BringBack(lane_car_id=other.id))
    shop.desk.fire_timers()
    assert [one.plate for one in alerts(shop.desk)] == [other.plate, car.plate], "it has been here since it came"


def test_the_guard_calls_once_until_it_is_relieved(shop: Shop) -> None:
    first = shop.desk.do(lane.RaiseLaneAlert(note="cars on the road"), actor="guard", key=new_id())
    assert shop.desk.do(lane.RaiseLaneAlert(), actor="guard", key=new_id()).id == first.id
    assert (first.raised_by, first.note) == ("guard", "cars on the road")
    shop.desk.do(lane.RelieveLane(lane_alert_id=first.id, relief="none_needed", lane_cause="other", measure="repaint the sign"))
    assert shop.desk.do(lane.RaiseLaneAlert(), actor="guard", key=new_id()).id != first.id
    assert len(shop.desk.announced(LaneEscalated)) == 2


def test_the_manager_records_relief_cause_and_measure_once_and_the_car_gets_it(shop: Shop) -> None:
    cars = [came(shop.desk, f"沪B0000{number}") for number in range(4)]
    [alert] = alerts(shop.desk)
    assert [(one.kind, one.count) for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.count] == [("lane_alert", 1)]
    relief = {"lane_alert_id": alert.id, "lane_cause": "advisors_short", "measure": "one more advisor on Mondays"}
    with pytest.raises(Refused, match="relief_of_no_car"):
        shop.desk.do(lane.RelieveLane(relief="none_needed", lane_car_id=cars[3].id, **relief))
    with pytest.raises(NotFound):
        shop.desk.do(lane.RelieveLane(relief="ticket", lane_car_id=new_id(), **relief))
    assert now(shop.desk).alerts == [alert], "a refusal leaves nothing half done"
    shop.desk.do(lane.RelieveLane(relief="parking", lane_car_id=cars[3].id, place="P7", **relief), actor="boss")
    with pytest.raises(Refused, match="alert_relieved"):
        shop.desk.do(lane.RelieveLane(relief="none_needed", **relief))
    state = now(shop.desk)
    assert ([car.id for car in state.aside], state.aside[0].aside_place, state.alerts) == ([cars[3].id], "P7", [])
    [told] = shop.desk.announced(LaneRelieved)
    assert (told.relief, told.lane_cause, told.measure) == ("parking", "advisors_short", "one more advisor on Mondays")
    assert not any(one.count for one in shop.desk.ask(FindWorkshopConcerns()).groups)


def test_causes_and_reliefs_are_counted_by_local_month(shop: Shop) -> None:
    """Noon is in March; the last hours of a month in UTC are the next month in Shanghai."""
    for cause in ("walk_ins", "walk_ins", "other"):
        alert = shop.desk.do(lane.RaiseLaneAlert(), key=new_id())
        shop.desk.do(lane.RelieveLane(lane_alert_id=alert.id, relief="none_needed", lane_cause=cause, measure="none"))
    shop.desk.clock.set(shop.desk.clock.now().replace(day=31, hour=17))
    shop.desk.do(lane.RaiseLaneAlert(), key=new_id())
    counted = [(one.month, one.trigger, one.lane_cause, one.relief, one.count) for one in shop.desk.ask(lane.AnalyseLane()).items]
    assert counted == [
        ("2026-04", "guard", None, None, 1),
        ("2026-03", "guard", "walk_ins", "none_needed", 2),
        ("2026-03", "guard", "other", "none_needed", 1),
    ]
    assert [one.month for one in shop.desk.ask(lane.AnalyseLane(months=1)).items] == ["2026-04"]
    assert len(shop.desk.ask(lane.ListLaneAlerts(month="2026-03", relieved=True)).items) == 3
    with pytest.raises(Invalid):
        shop.desk.ask(lane.ListLaneAlerts(month="2026-13"))
