"""What a soak concludes: one lost delivery or one growing process fails it."""

from bench.fleet.sampling import Sample
from bench.report.endurance import Endurance, Goodput, Life


def a_soak(*, leak_per_minute: float = 0.0, **changes) -> Endurance:
    def look(at: float) -> Sample:
        memory = {"memory_mib": 100 + at / 60 * leak_per_minute, "threads": 4.0, "files": 30.0}
        return Sample(at, {"parts-a": memory, "broker": memory}, {"parts": 5}, 24, 0, 0, 0, 0)

    soak = Endurance(seconds=1800, rate=2, kill_every=30, samples=[look(at) for at in range(0, 1800, 5)])
    soak.lives = {1: Life("parts-a", 0, spared=True, peak_mib=120)}
    for name, value in changes.items():
        setattr(soak, name, value)
    return soak


def test_a_steady_soak_passes():
    """Nothing lost, nothing doubled, nothing growing."""
    assert a_soak().passed


def test_a_soak_with_a_lost_delivery_a_finding_or_an_unanswered_visit_fails():
    """However flat it is."""
    assert not a_soak(lost=["order-1"]).passed
    assert not a_soak(findings=["I2 dealer-1: twice"]).passed
    assert not a_soak(failed={"POST without an answer": 1}).passed


def test_a_soak_whose_memory_grows_fails_and_names_the_process():
    """A MiB a minute is a leak."""
    soak = a_soak(leak_per_minute=1)
    assert not soak.passed
    assert "| parts-a, MiB | " in soak.text()
    assert soak.text().count("| NO |") == 1  # the broker's memory may grow by a tooth of its saw


def test_a_broker_that_grows_by_more_than_its_log_fails_a_soak():
    """What goes through its queues stays in memory until the log rolls over: twenty MiB in two thirds, not forty."""

    def grown(by: float) -> bool:
        soak = a_soak()
        for one in soak.samples:
            one.processes["broker"] = {**one.processes["broker"], "memory_mib": 100 + one.at / 1000 * by}
        return soak.passed

    assert grown(20)
    assert not grown(40)


def test_goodput_under_kills_has_a_gate():
    """Of ten orders a second at least seven."""
    assert a_soak(goodput=Goodput(60, 5, 10.0, 7.0)).passed
    assert not a_soak(goodput=Goodput(60, 5, 10.0, 6.9)).passed


def test_later_generations_that_peak_higher_fail_a_soak():
    """A start that costs more and more memory."""
    lives = {2: Life("parts-b", 10, spared=False, peak_mib=100), 3: Life("parts-b", 1700, spared=False, peak_mib=150)}
    assert not a_soak(lives=lives).passed
