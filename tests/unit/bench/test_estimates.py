"""How sure a ratio is, and what may be said of it: words that promise more than was measured would be worse than none."""

import statistics

from bench.estimates import Estimate, balanced, bootstrap, paired_ratio, told


def test_pairs_begin_with_either_arm_in_balance():
    """AB BA BA AB: whoever is always second would get what the other left behind, and a drift would favour one."""
    first = balanced(8)
    assert first == [True, False, False, True] * 2
    for order in (first, [not one for one in first]):
        assert sum(place for place, begins in enumerate(order) if begins) == sum(range(8)) / 2


def test_a_ratio_is_taken_within_each_pair():
    """A machine that becomes ten times slower halfway falls on both: it is no reason for doubt."""
    ratio = paired_ratio([50.0, 55.0, 5.0, 5.5, 5.0], [100.0, 110.0, 10.0, 11.0, 10.0])
    assert ratio == Estimate(0.5, 0.5, 0.5)


def test_one_disturbed_pair_does_not_move_the_ratio():
    """Median, not mean."""
    assert paired_ratio([1.0, 1.0, 1.0, 1.0, 100.0], [1.0] * 5).value == 1.0


def test_an_interval_holds_95_of_100_resamples():
    """Of the mean of 0 and 1 in equal parts it is two standard errors to either side, which is known: 0.5 ± 0.098."""
    found = bootstrap([0.0, 1.0] * 50, statistics.fmean)
    assert found.value == 0.5
    assert abs(found.low - 0.402) < 0.02
    assert abs(found.high - 0.598) < 0.02


def test_more_pairs_make_the_interval_narrower():
    """Otherwise it would say nothing about how much was measured."""
    noise = [0.8, 1.2, 0.9, 1.1, 1.0]
    few, many = (bootstrap(noise * times, statistics.median) for times in (1, 20))
    assert many.high - many.low < few.high - few.low


def test_the_same_measurements_have_the_same_interval():
    """Whoever computes it again must find what was published."""
    measured = [1.01**number for number in range(40)]
    assert bootstrap(measured, statistics.fmean) == bootstrap(measured, statistics.fmean)


def test_nothing_measured_has_no_estimate():
    """An arm that failed has no ratio, not a ratio of something."""
    assert paired_ratio([], []) is None


def test_a_difference_is_told_only_when_the_whole_interval_shows_it():
    """Which way it goes is the caller's word."""
    words = {"above": "faster", "below": "slower"}
    assert told(Estimate(1.1, 1.02, 1.2), **words) == "faster"
    assert told(Estimate(0.9, 0.8, 0.98), **words) == "slower"
    assert told(Estimate(1.01, 0.96, 1.04), **words) == "the same within 5%"


def test_an_interval_that_could_hide_a_difference_is_called_too_wide():
    """With how much it could hide, on the side where that is more."""
    words = {"above": "faster", "below": "slower"}
    assert told(Estimate(1.0, 0.97, 1.14), **words) == "too wide to judge: 14% would not be seen"
    assert told(Estimate(1.0, 0.70, 1.02), **words) == "too wide to judge: 30% would not be seen"
