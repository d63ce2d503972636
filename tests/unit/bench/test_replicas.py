"""What scaling out concludes: replicas that bring little, clients who notice, and one lost delivery fail it."""

import json
import re
from dataclasses import replace

from bench.report.replicas import Backlog, Down, ScaleOut, Step

ALONE = {"seconds": 10.0, "took": [80.0] * 100}


def a_run(**changes) -> ScaleOut:
    steps = [
        Step.of(count, {**ALONE, "took": [80.0] * 90 * count}, {"workshop-a": 40.0, "workshop-b": 60.0}) for count in (1, 2, 3, 4)
    ]
    slow = [replace(one, rate=min(one.rate, 20.0)) for one in steps]
    run = ScaleOut(0.1, {"workshop": steps, "workshop, the database with a share": slow}, 0.2)
    run.worked_off = Backlog(
        20_000, {1: 60.0, 4: 200.0}, {0: [40.0], 1: [42.0], 4: [60.0]}, [(0.0, 20_000), (9.0, 10)], 60.0, 90.0
    )
    run.down = Down(600, 9, 0, {"RemoteDisconnected": 4}, {})
    for name, value in changes.items():
        setattr(run, name, value)
    return run


def test_replicas_that_each_do_their_part_pass():
    """Whatever the database with its share allows, and whoever had to connect anew."""
    run = a_run()
    assert run.passed
    assert run.times_one()["workshop"] == {1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0}
    assert run.times_one()["workshop, the database with a share"][4] < 3


def test_replicas_that_bring_little_fail():
    """Four that do what two and a half should."""
    run = a_run()
    run.steps["workshop"][-1] = replace(run.steps["workshop"][-1], rate=22.0)
    assert not run.passed
    assert not a_run(worked_off=Backlog(20_000, {1: 60.0, 4: 170.0}, {0: [40.0]})).passed


def test_new_orders_that_wait_for_a_backlog_fail():
    """In the middle; one that waited is no trend."""
    assert not a_run(worked_off=Backlog(20_000, {1: 60.0}, {0: [40.0], 1: [81.0]})).passed


def test_whoever_notices_that_a_replica_left_fails_it():
    """An error, a refusal, a process that did not end as it should."""
    assert not a_run(down=Down(600, 9, 0, {"503 b''": 1}, {})).passed
    assert not a_run(down=Down(600, 9, 0, {}, {"409 b''": 1})).passed
    assert not a_run(down=Down(600, 9, 1, {}, {})).passed


def test_one_finding_fails_it_and_is_named():
    """However fast it was."""
    run = a_run(findings=["I2 dealer-1: twice"])
    assert not run.passed
    assert "- I2 dealer-1: twice" in run.text()


def test_it_is_written_for_programs_and_for_documents(tmp_path):
    """With both charts, as the page shows them."""
    a_run().write(tmp_path)
    assert json.loads((tmp_path / "scale-out.json").read_text())["passed"]
    shown = re.findall(r"figures/(\S+)\)", (tmp_path / "scale-out.md").read_text())
    assert {*shown, "scale-out.json", "scale-out.md"} == {one.name for one in tmp_path.iterdir()}


def test_the_document_says_each_replicas_part():
    """And charts can be drawn of it."""
    run = a_run()
    assert "| workshop | 4 | 36.0 | 4.00 | 40%, 60% | 80 | 80 | – |" in run.text()
    assert "| none waits | – | – | 40 | 40 |" in run.text()
    assert "linear" in run._times_chart().render(is_unicode=True)
    assert "Deliveries that wait for billing" in run._backlog_chart().render(is_unicode=True)
