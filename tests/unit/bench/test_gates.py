"""Whether a gate is met: a verdict that noise could turn round is none."""

import pytest

from bench.estimates import Estimate
from bench.report.gates import Gate, noise, verdict

QUIET = Estimate(1.0, 0.99, 1.02)
LEAST = Gate("S-svc/F1", "orders/s", 0.7, least=True)
MOST = Gate("S-svc/F1", "CPU per order", 1.45)


@pytest.mark.parametrize(
    ("gate", "found", "said"),
    [
        (LEAST, Estimate(0.8, 0.75, 0.85), "met"),
        (LEAST, Estimate(0.6, 0.55, 0.65), "missed"),
        (MOST, Estimate(1.2, 1.1, 1.3), "met"),
        (MOST, Estimate(1.8, 1.6, 2.0), "missed"),
        (LEAST, Estimate(0.8, 0.65, 0.95), "too wide to judge"),
        (MOST, Estimate(1.2, 1.0, 1.6), "too wide to judge"),
        (LEAST, None, "not measured"),
    ],
)
def test_a_gate_is_judged_by_the_whole_interval(gate: Gate, found: Estimate | None, said: str) -> None:
    """Both ends on the good side, both on the bad one, or no verdict; the smaller is better or the larger."""
    assert verdict(gate, found, QUIET) == said


def test_what_two_equal_arms_differ_by_decides_nothing():
    """Narrow as the interval may be: on this host, F1 differed from itself by more than this differs from the bound."""
    restless = Estimate(1.0, 0.85, 1.05)
    assert noise(restless) == pytest.approx(1 / 0.85)
    assert verdict(LEAST, Estimate(0.77, 0.75, 0.79), restless) == "within the placebo's noise"
    assert verdict(LEAST, Estimate(0.77, 0.75, 0.79), QUIET) == "met"
    assert verdict(LEAST, Estimate(0.63, 0.61, 0.65), restless) == "within the placebo's noise"


def test_noise_is_a_factor_either_way():
    """A tail found three times as long may be found three times as short: both decide nothing below that."""
    assert noise(Estimate(1.2, 0.9, 3.0)) == noise(Estimate(0.8, 1 / 3, 1.1)) == 3


def test_without_a_placebo_the_interval_alone_decides():
    """Reads have none."""
    assert noise(None) == 1
    assert verdict(LEAST, Estimate(0.71, 0.705, 0.72), None) == "met"


def test_a_gate_says_what_it_asks():
    """In tables."""
    assert (LEAST.name, LEAST.asks) == ("S-svc/F1 orders/s", ">= 0.7")
    assert MOST.asks == "<= 1.45"
