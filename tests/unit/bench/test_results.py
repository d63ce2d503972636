"""What a run concludes from its rounds."""

import pytest

from bench.report.results import Arm, Round, Run, by_group


def a_round(rate: float, *, latencies: tuple[float, ...] = (), violations: tuple[str, ...] = ()) -> Round:
    return Round(rate, {"workshop": 0.002, "client": 0.5}, [*latencies], violations=[*violations])


def a_run(**arms: list[Round]) -> Run:
    return Run("50 dealers", {name.replace("_", "-"): Arm(name, dict(enumerate(rounds))) for name, rounds in arms.items()})


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    """Not the ratio of the medians: rounds are as fast as the machine was just then."""
    run = a_run(S_svc=[a_round(50), a_round(30), a_round(90)], F1=[a_round(100), a_round(100), a_round(100)])
    assert run.ratio("S-svc", "F1").median == 0.5
    assert run.document()["ratios"]["S-svc/F1"] == 0.5


def test_a_round_whose_invariants_broke_counts_for_nothing():
    """Being wrong is fast."""
    run = a_run(S_svc=[a_round(50), a_round(500, violations=("I1: invoice missing",))], F1=[a_round(100), a_round(100)])
    assert run.arms["S-svc"].throughput().median == 50
    assert run.ratio("S-svc", "F1").high == 0.5
    assert not run.invariants_ok


def test_an_arm_that_promises_nothing_cannot_break_the_verdict():
    """P1 is measured although it is unsafe."""
    run = a_run(F1=[a_round(100)], P1=[a_round(80, violations=("I1: doubled",))])
    run.arms["P1"].promises_invariants = False
    assert run.invariants_ok
    assert run.arms["P1"].throughput().median == 80


def test_an_arm_that_failed_breaks_the_verdict():
    """An arm that lost an order stops before its invariants are asked."""
    run = a_run(F1=[a_round(100)], S_svc=[])
    run.arms["S-svc"].failures.append("S-svc: 3 of 500 orders never had their effect")
    assert not run.invariants_ok


def test_nothing_measured_is_no_good_verdict():
    """An empty run must not pass."""
    assert not Run("50 dealers").invariants_ok


def test_the_document_has_what_programs_look_for():
    """Latencies in milliseconds; processor time without the client's."""
    figures = a_run(F1=[a_round(100, latencies=(0.010, 0.020, 0.5))]).document()["arms"]["F1"]
    assert (figures["orders_per_second"], figures["p50_ms"], figures["p99_ms"]) == (100, 20, 500)
    assert figures["cpu_ms_per_order"] == pytest.approx(2.0)
    assert figures["cpu_ms_per_order_by_group"] == {"workshop": 2.0, "client": 500.0}


def test_processor_time_is_told_per_order():
    """The difference of two readings, by group."""
    assert by_group({"workshop": 10.0}, {"workshop": 12.0, "late": 1.0}, 100) == {"workshop": 0.02}
