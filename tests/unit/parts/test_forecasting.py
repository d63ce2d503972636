"""Forecasting demand that comes now and then (Rule P4), against published figures."""

from decimal import Decimal

import pytest

from services.parts.replenishing.forecasting import croston, forecast, order_up_to, reorder_point

LUBRICANT = [0, 2, 0, 1, 0, 11, 0, 0, 0, 0, 2, 0, 6, 3, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 1, 0, 1, 0, 0]
"""Three years of a lubricant: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 2nd edition, section 12.2."""


def test_rule_p4_crostons_method_forecasts_what_the_textbook_does():
    """There: sizes smoothed to 2.750, intervals to 2.793, hence 0.985 a month."""
    assert croston(LUBRICANT) == pytest.approx(Decimal("0.985"), abs=Decimal("0.0005"))


def test_rule_p4_what_croston_forecasts_too_much_is_taken_off():
    """Syntetos and Boylan (2005): a smoothing constant of 0.1 takes 5 % off."""
    assert forecast(LUBRICANT) == croston(LUBRICANT) * Decimal("0.95")


def test_rule_p4_what_nobody_asked_for_in_a_year_is_asked_for_no_more():
    assert forecast([5, 0, 3, *[0] * 12]) == 0
    assert forecast([5, 0, 3, *[0] * 11]) > 0
    assert forecast([0] * 24) == croston([0] * 24) == reorder_point([0] * 24, 30, 95) == 0


def test_rule_p4_the_reorder_point_covers_the_lead_time_and_the_level_the_days_after_it():
    """Of steady demand nothing is held in reserve; of unsteady demand more, the higher the service level."""
    steady = [4] * 24
    point = reorder_point(steady, 15, 95)
    assert point == Decimal("1.9")
    assert order_up_to(point, steady, 30) == Decimal("5.70")
    unsteady = [0, 8] * 12
    assert reorder_point(unsteady, 30, 50) < reorder_point(unsteady, 30, 95) < reorder_point(unsteady, 30, 99)
    assert reorder_point(unsteady, 30, 95) - reorder_point(unsteady, 30, 50) == pytest.approx(
        Decimal("6.58"), abs=Decimal("0.01")
    )
