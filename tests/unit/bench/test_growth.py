"""What the scaling measurement concludes, and how it comes into the document."""

import pytest

from bench.report.figures import filled
from bench.report.growth import Growth, Level
from bench.report.results import Arm, Round, Run


def a_level(orders: int, **cpu_ms: float) -> Level:
    arms = {"F1": Arm("F1", {0: Round(100, {"workshop": 0.002})})}
    arms |= {name: Arm(name, {0: Round(40, {"workshop": cost / 1000, "client": 9.0})}) for name, cost in cpu_ms.items()}
    return Level(orders, Run(arms))


def a_growth(*levels: Level) -> Growth:
    return Growth({"one": 1, "ten": 10}, [*levels], {"billing": {"invoice": 1, "outbox": 2}}, {"billing": {"invoice": 2000}})


def test_growth_is_flat_when_neither_history_nor_dealers_make_an_order_dearer():
    """A tenth more is what a machine does by itself."""
    assert a_growth(a_level(1000, one=10, ten=11), a_level(10_000, one=11, ten=10)).flat


def test_history_that_makes_orders_dearer_is_not_flat():
    """Even if only with one number of dealers."""
    assert not a_growth(a_level(1000, one=10, ten=10), a_level(10_000, one=10, ten=13)).flat


def test_dealers_that_make_orders_dearer_are_not_flat():
    """At every level alike, so that no history shows it."""
    assert not a_growth(a_level(1000, one=10, ten=13), a_level(10_000, one=10, ten=13)).flat


def test_the_tables_tell_every_cell_and_sum_up_what_an_order_leaves():
    """Time from throughput: forty orders a second are 25 ms each."""
    text = a_growth(a_level(1000, one=10, ten=11)).text()
    assert "| 1 | 1,000 | 25.0 (25.0–25.0) | 10.0 | 0.4 |" in text
    assert "| all | 3.0 | 2.0 | 2.0 | 0.0 |" in text


def test_what_was_measured_replaces_what_stood_between_its_marks():
    """And nothing else; a page without the marks is a mistake, not a page without figures."""
    page = "before\n<!-- measured: soak -->\nold\n<!-- end of soak -->\nafter\n"
    assert filled(page, "soak", "new\n") == "before\n<!-- measured: soak -->\nnew\n<!-- end of soak -->\nafter\n"
    with pytest.raises(ValueError, match="no marks for scaling"):
        filled(page, "scaling", "new\n")
