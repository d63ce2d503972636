"""What follows from two arms that were measured side by side."""

import pytest

from bench.report.duel import Duel, Side
from bench.slices import Slice, taken


def a_slice(seconds: float, *, cpu: float = 1.0) -> Slice:
    return Slice(100, seconds, {"workshop": cpu, "broker": 0.5, "client": 50.0})


def a_duel(ours: list[Slice], theirs: list[Slice]) -> Duel:
    return Duel(Side("S-svc", "ours", slices=ours), Side("F1", "raw", slices=theirs))


def test_throughput_is_compared_pair_by_pair():
    """Each slice of ours took twice as long as its neighbour, however slow the machine was just then."""
    duel = a_duel([a_slice(2.0), a_slice(20.0), a_slice(4.0)], [a_slice(1.0), a_slice(10.0), a_slice(2.0)])
    assert duel.throughput().value == duel.throughput().high == 0.5
    assert duel.ours.rate() == 25


def test_processor_time_is_that_of_everything_but_the_client():
    """The broker's counts: an arm that makes it work pays for that."""
    duel = a_duel([a_slice(1.0, cpu=1.5)], [a_slice(1.0, cpu=0.5)])
    assert duel.cpu().value == 2.0
    assert duel.ours.cpu() == pytest.approx(20.0)


def test_the_pair_in_which_an_arm_failed_is_left_out():
    """What was measured before it counts."""
    assert a_duel([a_slice(1.0), a_slice(9.0)], [a_slice(1.0)]).throughput().high == 1.0


def test_the_tail_of_the_latency_is_compared_at_the_same_rate():
    """Over all blocks of a rate together; a rate that was not measured has no ratio."""
    duel = a_duel([], [])
    duel.ours.latencies = {10: [[0.010] * 50, [0.010] * 48 + [0.2] * 2], 30: [[0.5]]}
    duel.theirs.latencies = {10: [[0.010] * 50, [0.010] * 48 + [0.1] * 2], 30: [[0.5]]}
    assert duel.ours.latency(10, 50) == pytest.approx(10)
    assert duel.ours.latency(10, 99) == pytest.approx(200)
    assert duel.percentile(10, 99).value == pytest.approx(2.0)
    assert duel.percentile(64, 99) is None


def test_a_tail_that_stands_on_one_block_is_not_sure():
    """Blocks are drawn whole: without the disturbed one nothing differs, and the interval says so."""
    duel = a_duel([], [])
    duel.ours.latencies = {10: [[0.010] * 50] * 3 + [[0.2] * 50]}
    duel.theirs.latencies = {10: [[0.010] * 50] * 4}
    assert duel.percentile(10, 99).low == 1.0
    assert duel.percentile(10, 99).high == pytest.approx(20.0)


def test_a_pair_counts_only_if_both_kept_what_they_promise():
    """A fast arm that loses an order, and one that did not end its work, count for nothing."""
    assert a_duel([], []).invariants_ok
    broken, failed = a_duel([], []), a_duel([], [])
    broken.ours.violations.append("I1: invoice missing")
    failed.failures.append("F1: 3 orders had no effect in crm")
    assert not broken.invariants_ok
    assert not failed.invariants_ok


def test_processor_time_between_two_readings_is_told_by_group():
    """Of the groups that were there from the beginning."""
    assert taken({"workshop": 10.0}, {"workshop": 12.0, "late": 1.0}) == {"workshop": 2.0}
