"""The rules that call something flat: one that never says no would bless every leak."""

from bench.report.flatness import COST_SHARE, GENERATION_SHARE, cost_is_flat, generations_are_flat, trend


def test_a_cost_is_flat_while_no_level_is_much_dearer_than_a_cheaper_one_before_it():
    """Also when a machine's good moment made the middle level the cheapest."""
    assert cost_is_flat([10.0, 11.0, 10.0 * (1 + COST_SHARE)])
    assert not cost_is_flat([10.0, 11.0, 10.1 * (1 + COST_SHARE)])
    assert not cost_is_flat([12.0, 8.0, 12.0])


def test_a_cost_that_falls_is_flat():
    """More history that costs less is nobody's complaint."""
    assert cost_is_flat([20.0, 10.0, 5.0])


def test_without_costs_nothing_is_flat():
    """All levels failed: that proves nothing."""
    assert not cost_is_flat([])


def test_a_leak_shows_as_a_rise_and_as_so_much_per_hour():
    """One MiB a minute over half an hour: sixty per hour, whatever the sampling."""
    leak = trend([(second, 100 + second / 60) for second in range(0, 1800, 5)])
    assert leak is not None
    assert round(leak.per_hour) == 60
    assert not leak.flat(allowance=4)


def test_the_warm_up_is_no_leak():
    """Memory that fills caches in the first sixth and then stays is flat."""
    samples = [(second, 60.0 if second < 300 else 120.0) for second in range(0, 1800, 5)]
    assert trend(samples).flat(allowance=4)


def test_a_moment_of_more_is_no_leak():
    """A burst of connections after a kill does not move the median of a third."""
    samples = [(second, 90.0 if 1500 < second < 1520 else 30.0) for second in range(0, 1800, 5)]
    assert trend(samples).flat(allowance=2)


def test_a_rise_within_the_allowance_is_flat_where_the_share_is_less():
    """From one thread to three is two hundred percent and means nothing."""
    samples = [(second, 1.0 if second < 900 else 3.0) for second in range(0, 1800, 5)]
    assert trend(samples).flat(allowance=2)
    assert not trend(samples).flat(allowance=1)


def test_too_few_samples_have_no_trend():
    """A soak of seconds must not be called flat."""
    assert trend([(second, 1.0) for second in range(5)]) is None


def test_later_processes_may_not_peak_much_above_earlier_ones():
    """What every process reads at its start must not grow with what there is."""
    assert generations_are_flat([(0, 100), (500, 300), (1300, 100 * (1 + GENERATION_SHARE))], 1800) is True
    assert generations_are_flat([(0, 100), (1300, 101 * (1 + GENERATION_SHARE))], 1800) is False


def test_generations_need_somebody_early_and_somebody_late():
    """Whoever was never replaced says nothing about generations."""
    assert generations_are_flat([(0, 100)], 1800) is None
    assert generations_are_flat([(1500, 100)], 1800) is None
