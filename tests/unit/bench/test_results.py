"""What scaling concludes from its rounds."""

import pytest

from bench.report.results import Arm, Round, Run


def a_round(rate: float, *violations: str) -> Round:
    return Round(rate, {"workshop": 0.002, "client": 0.5}, [*violations])


def a_run(**arms: list[Round]) -> Run:
    return Run({name: Arm(name, dict(enumerate(rounds))) for name, rounds in arms.items()})


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    """Not the ratio of the medians: rounds are as fast as the machine was just then."""
    run = a_run(ours=[a_round(50), a_round(30), a_round(90)], F1=[a_round(100), a_round(100), a_round(100)])
    assert run.ratio("ours", "F1").median == 0.5


def test_a_round_whose_invariants_broke_counts_for_nothing():
    """Being wrong is fast."""
    run = a_run(ours=[a_round(50), a_round(500, "I1: invoice missing")], F1=[a_round(100), a_round(100)])
    assert run.arms["ours"].throughput().median == 50
    assert run.ratio("ours", "F1").high == 0.5
    assert not run.invariants_ok


def test_an_arm_that_failed_breaks_the_verdict():
    """An arm that lost an order stops before its invariants are asked."""
    run = a_run(F1=[a_round(100)], ours=[])
    assert run.invariants_ok
    run.arms["ours"].failures.append("ours: 3 of 500 orders never had their effect")
    assert not run.invariants_ok


def test_nothing_measured_is_no_good_verdict():
    """An empty run must not pass."""
    assert not Run().invariants_ok


def test_processor_time_is_that_of_everything_but_the_client():
    """In milliseconds per order."""
    assert a_run(F1=[a_round(100)]).arms["F1"].cpu().median == pytest.approx(2.0)
