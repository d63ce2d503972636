"""What a whole run says."""

import pytest

from bench.line_up import PAIRS
from bench.report.benchmark import Benchmark
from bench.report.duel import Duel, Side
from bench.report.gates import GATES, THROUGHPUT
from bench.slices import Slice


def a_side(name: str, *rates: float, cpu: float = 2.0) -> Side:
    return Side(name, name, slices=[Slice(100, 100 / rate, {"workshop": cpu, "client": 9.0}, 4200, 330) for rate in rates])


def a_run() -> Benchmark:
    run = Benchmark("50 dealers")
    run.add("F1/F1", Duel(a_side("F1", 100, 100), a_side("F1 again", 100, 100)))
    run.add("S-svc/F1", Duel(a_side("S-svc", 80, 80, cpu=3.0), a_side("F1", 120, 120)))
    return run


def test_the_document_has_what_programs_look_for():
    """These keys are what other programs read."""
    document = a_run().document()
    assert {"arms", "ratios", "p99_ratios", "invariants_ok", "host"} <= document.keys()
    keys = {"orders_per_second", "p50_ms", "p99_ms", "cpu_ms_per_order", "statements_per_order"}
    assert all(keys <= arm.keys() for arm in document["arms"].values())
    assert document["ratios"].keys() == PAIRS.keys() - {"F1/F1"}
    assert document["ratios"]["S-svc/F1"] == pytest.approx(0.667)
    assert document["ratios"]["S-svc/P1"] is None


def test_an_arm_is_told_over_all_its_pairs():
    """F1's rate is between what it was beside either; the placebo's second F1 is no arm."""
    arms = a_run().document()["arms"]
    assert arms.keys() == {"F1", "S-svc"}
    assert arms["F1"]["orders_per_second"] == 110
    assert arms["S-svc"]["cpu_ms_per_order"] == 30
    assert (arms["S-svc"]["statements_per_order"], arms["S-svc"]["commits_per_order"]) == (42, 3.3)


def test_latencies_are_told_at_half_of_what_the_yardstick_does():
    """As the first pair found it; at other rates they stand beside."""
    run = a_run()
    assert run.half == 50
    side = run.duels["S-svc/F1"].ours
    side.latencies = {50: [[0.010, 0.020, 0.5]], 10: [[0.001]]}
    arm = run.document()["arms"]["S-svc"]
    assert (arm["p50_ms"], arm["p99_ms"]) == (20, 500)
    assert arm["latency"]["10"] == {"p50_ms": 1, "p99_ms": 1}


def test_a_pair_that_broke_an_invariant_has_no_ratio_and_spoils_the_run():
    """Being wrong is fast."""
    run = a_run()
    assert run.invariants_ok
    run.duels["S-svc/F1"].ours.violations.append("I1: invoice missing")
    assert not run.invariants_ok
    assert run.ratio("S-svc/F1", THROUGHPUT) is None
    assert {gate.name: word for gate, _, word in run.verdicts()}["S-svc/F1 orders/s"] == "not measured"
    assert run.document()["violations"] == {"S-svc/F1": ["S-svc: I1: invoice missing"]}


def test_nothing_measured_is_no_good_verdict():
    """An empty run must not pass."""
    assert not Benchmark("50 dealers").invariants_ok


def test_every_gate_is_of_a_pair_that_is_measured():
    """A gate of no pair would never be missed."""
    assert {gate.pair for gate in GATES} <= PAIRS.keys()
