"""Rule W16: an intermittent fault stays under observation; the next visit for it, anywhere in the group, is its comeback."""

from datetime import date

import pytest
from sqlalchemy import select

from chassis.wire.errors import Invalid, Refused
from chassis.wire.rules import rule
from contracts.workshop import observation as watch
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.observation_events import FaultObserved, ObservationDue, ObservationEnded
from contracts.workshop.order import WorkOrder
from contracts.workshop.reception_events import ComebackFound
from services.workshop.order.comeback import DoneRepair
from tests.services.workshop.shop import DEALER, Shop, sublet
from tests.services.workshop.test_comeback import OTHER, back, publish_operations

UNTIL = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def _published(shop: Shop) -> None:
    publish_operations(shop)


def left(shop: Shop) -> WorkOrder:
    """A car that was delivered without any work of the group that is observed."""
    return shop.deliver(shop.ready(shop.approved(sublet=[sublet()])))


def observes(shop: Shop, order: WorkOrder, **more) -> watch.Observation:
    told = {"job": 1, "operation_group": "brakes", "fault": "squeals when cold", "until": UNTIL, **more}
    return shop.desk.do(watch.ObserveFault(work_order_id=order.id, **told))


def ends(shop: Shop, one: watch.Observation) -> watch.Observation:
    return shop.desk.do(watch.EndObservation(observation_id=one.id, reason="customer has not heard it again"))


def listed(shop: Shop, order: WorkOrder | None = None):
    return shop.desk.ask(watch.ListObservations(work_order_id=None if order is None else order.id)).items


def due(shop: Shop) -> int:
    groups = shop.desk.ask(FindWorkshopConcerns()).groups
    return next(one.count for one in groups if one.kind == "observation_due")


def test_a_kind_of_work_that_nobody_does_is_not_observed(shop: Shop) -> None:
    """Rule W16: no visit would ever be found to be its comeback."""
    order = left(shop)
    with pytest.raises(Invalid) as refused:
        observes(shop, order, operation_group="brakez")
    assert refused.value.details["errors"] == {"operation_group": [rule("group_unknown", operation_group="BRAKEZ")]}
    assert listed(shop) == []


def test_the_next_visit_for_it_at_any_dealer_is_its_comeback(shop: Shop) -> None:
    """The observation knows at which visit; the group knows neither the fault nor a person."""
    order = left(shop)
    observed = observes(shop, order)
    assert (observed.operation_group, observed.observation_state, observed.until) == ("BRAKES", "observed", UNTIL)
    shop.know_neighbours(OTHER)
    assert back(shop, "ENGINE", dealer=OTHER).comeback is None, "another kind of work is none"
    assert listed(shop)[0].came_back is None
    again = back(shop, "BRAKE-R", dealer=OTHER)
    assert (again.priority, again.comeback is not None) == ("comeback", True)
    [shown] = listed(shop)
    assert (shown.observation_state, shown.came_back is not None) == ("came_back", True)
    assert (shown.came_back.dealer, shown.came_back.order_number) == (OTHER, again.number)
    assert len(shop.desk.announced(ComebackFound)) == 1
    kept = shop.desk.rows(lambda session: session.execute(select(DoneRepair.__table__)).mappings().all())
    assert [one["operation_group"] for one in kept] == ["BRAKES"]
    assert not {"fault", "customer", "plate"} & set(kept[0])
    back(shop, "BRAKE-F")
    assert listed(shop)[0].came_back == shown.came_back, "its first visit is its comeback"


def test_when_its_day_has_passed_without_a_visit_the_advisor_is_asked_once(shop: Shop) -> None:
    order = left(shop)
    observed = observes(shop, order)
    shop.desk.pass_time(days=18)
    shop.desk.fire_timers()
    assert (listed(shop)[0].observation_state, due(shop)) == ("observed", 0), "its last day is not over"
    shop.desk.pass_time(hours=12)
    shop.desk.fire_timers()
    [shown] = listed(shop)
    assert (shown.observation_state, shown.asked_at, due(shop)) == ("due", shop.desk.clock.now(), 1)
    shop.desk.pass_time(days=2)
    shop.desk.fire_timers()
    [told] = shop.desk.announced(ObservationDue)
    assert (told.advisor, told.fault, told.observation_id) == ("wang", "squeals when cold", observed.id)
    assert back(shop, "BRAKE-F").comeback is None, "after its day a visit is none"
    assert ends(shop, observed).observation_state == "ended"
    assert (listed(shop), due(shop)) == ([], 0)


def test_nobody_is_asked_about_a_car_that_came_back(shop: Shop) -> None:
    observes(shop, left(shop))
    back(shop, "BRAKE-F")
    shop.desk.pass_time(days=30)
    shop.desk.fire_timers()
    assert (shop.desk.announced(ObservationDue), due(shop)) == ([], 0)


def test_it_is_ended_with_a_reason_and_then_a_visit_is_no_comeback(shop: Shop) -> None:
    order = left(shop)
    observed = observes(shop, order)
    with pytest.raises(Refused, match="fault_observed"):
        observes(shop, order)
    ended = ends(shop, observed)
    assert (ended.observation_state, ended.ended_by, ended.ended_because) == ("ended", "wang", "customer has not heard it again")
    with pytest.raises(Refused, match="observation_ended"):
        ends(shop, observed)
    assert back(shop, "BRAKE-F").comeback is None
    shop.desk.pass_time(days=30)
    shop.desk.fire_timers()
    assert [one.reason for one in shop.desk.announced(ObservationEnded)] == ["customer has not heard it again"]
    assert shop.desk.announced(ObservationDue) == []
    observes(shop, order, until=date(2026, 5, 1))
    assert [one.observation_state for one in listed(shop, order)] == ["ended", "observed"]
    assert len(shop.desk.announced(FaultObserved)) == 2


def test_nor_is_one_after_the_car_came_back_and_it_was_ended(shop: Shop) -> None:
    """Rule W16: the visit at which it came back stays known; later ones are visits like any other."""
    order = left(shop)
    observed = observes(shop, order, until=date(2026, 12, 1))
    again = back(shop, "BRAKE-F")
    assert again.comeback is not None
    ends(shop, observed)
    [shown] = listed(shop, order)
    assert (shown.observation_state, shown.came_back.order_number) == ("ended", again.number)
    assert back(shop, "BRAKE-R").comeback is None
    assert shop.now(again).comeback is not None, "what was found stays found"


def test_only_what_was_delivered_leaves_under_observation_and_each_job_by_itself(shop: Shop) -> None:
    ready = shop.ready()
    with pytest.raises(Refused, match="not_in_this_status"):
        observes(shop, ready)
    with pytest.raises(Refused, match="job_unknown"):
        observes(shop, shop.deliver(ready), job=2)
    with pytest.raises(Invalid):
        observes(shop, shop.now(ready), until=date(2026, 3, 2))


def test_a_reversed_delivery_leaves_nothing_under_observation_and_brings_nothing_back_twice(shop: Shop) -> None:
    """Rule W15: the car never left; delivered again, it may be observed again."""
    order = left(shop)
    observed = observes(shop, order)
    shop.reverse(shop.now(order))
    assert [(one.id, one.observation_state) for one in listed(shop, order)] == [(observed.id, "ended")]
    assert back(shop, "BRAKE-F").comeback is None
    shop.deliver(shop.now(order))
    again = observes(shop, order)
    assert back(shop, "BRAKE-R").comeback is not None
    assert [(one.id, one.observation_state) for one in listed(shop)] == [(again.id, "came_back")]
    assert len(shop.desk.announced(ObservationEnded)) == 1


def test_another_dealer_sees_none_of_it(shop: Shop) -> None:
    observes(shop, left(shop))
    assert shop.desk.ask(watch.ListObservations(), dealer=OTHER).items == []
    assert DEALER != OTHER
