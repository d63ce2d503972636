"""Rule W11: what share of cars passes at the first time, and what is done again, by technician and cause."""

from contracts.workshop.quality import MeasureQuality, QualityFigures
from tests.services.workshop.shop import Shop, labour, line_id
from tests.services.workshop.test_quality import FAILED, as_leader, final, handed_in, of_a_team


def figures(shop: Shop, technician: str | None = None) -> QualityFigures:
    found = shop.desk.ask(MeasureQuality())
    if technician is None:
        return found.total
    return next(one.figures for one in found.technicians if one.technician == technician)


def test_first_time_pass_and_rework_are_counted_by_technician_and_cause(shop: Shop) -> None:
    """Rule W11: in all each check counts once; a car is inspected for the first time once, whatever follows."""
    final(shop, handed_in(shop))
    two = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]), technician="chen")
    shop.clock_on(two, 2, "zhang")
    shop.clock_off(two, 2, "zhang")
    two = handed_in(shop, shop.now(two), technician="chen")
    two = final(shop, two, **FAILED, rework_line_ids=[line_id(two, 2)])
    final(shop, handed_in(shop, two, technician="zhang"))
    total = figures(shop)
    assert (total.inspected, total.passed_first_time, total.reworked) == (2, 1, 1)
    assert (total.first_time_pass, total.rework_rate, total.self_found) == (5_000, 5_000, 0)
    assert {one.rework_cause: one.count for one in total.causes if one.count} == {"workmanship": 1}
    zhang, chen = figures(shop, "zhang"), figures(shop, "chen")
    assert (zhang.inspected, zhang.passed_first_time, zhang.reworked) == (2, 1, 1)
    assert (chen.inspected, chen.passed_first_time, chen.reworked) == (1, 0, 0)
    said = shop.desk.ask(MeasureQuality()).formulas
    assert [one.formula for one in said] == ["passed_first_time / inspected", "reworked / inspected"]
    shop.desk.pass_time(days=40)
    assert figures(shop).inspected == 0
    assert shop.desk.ask(MeasureQuality(), dealer="bj-chaoyang").total.inspected == 0


def test_a_car_that_its_leader_sent_back_did_not_pass_at_the_first_time(shop: Shop) -> None:
    order = of_a_team(shop)
    order = as_leader(shop, order, **FAILED, rework_line_ids=[line_id(order, 1)])
    order = handed_in(shop, order)
    as_leader(shop, order)
    final(shop, order)
    total = figures(shop, "zhang")
    assert (total.inspected, total.passed_first_time, total.reworked) == (1, 0, 1)
