"""The figures of the benchmark: a wrong percentile or an unpaired ratio would make every number after it a lie."""

import pytest

from bench.arithmetic import Spread, interleaved, percentile, ratios, schedule, spread


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed():
    """Nearest rank: of a hundred values 1 to 100 the 50th percentile is 50 and the 99th is 99, in whatever order they come."""
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 50) == 50
    assert percentile(values, 99) == 99
    assert percentile(values, 100) == 100


def test_the_99th_percentile_of_few_values_is_the_largest():
    """With fewer than a hundred values nothing but the largest keeps the promise."""
    assert percentile([3.0, 9.0, 1.0], 99) == 9.0
    assert percentile([7.0], 50) == 7.0


def test_no_values_have_no_percentile():
    """An arm without latencies must not look fast."""
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_ratios_pair_what_was_measured_in_the_same_round():
    """A slow hour falls on both; the rounds must not be mixed."""
    assert ratios({0: 50.0, 1: 10.0}, {0: 100.0, 1: 20.0}) == [0.5, 0.5]


def test_a_round_that_only_one_of_two_finished_is_left_out():
    """Also when the other one stands there with nothing."""
    assert ratios({0: 50.0, 1: 60.0}, {1: 30.0, 2: 40.0}) == [2.0]
    assert ratios({0: 50.0}, {0: 0.0}) == []


def test_a_spread_tells_median_and_extremes():
    """One outlier does not move the median."""
    assert spread([1.0, 2.0, 30.0]) == Spread(median=2.0, low=1.0, high=30.0)
    assert spread([]) is None


def test_an_open_loop_sends_at_a_constant_rate():
    """Whatever the answers do."""
    assert schedule(4, 2.0) == [0.0, 0.5, 1.0, 1.5]


def test_the_yardstick_stays_first_and_the_others_take_turns():
    """Nobody always runs right after the same neighbour; all run once a round."""
    names = ["F1", "A", "B", "C"]
    assert [interleaved(names, number) for number in range(3)] == [
        ["F1", "A", "B", "C"],
        ["F1", "B", "C", "A"],
        ["F1", "C", "A", "B"],
    ]
    assert interleaved(["F1"], 5) == ["F1"]
