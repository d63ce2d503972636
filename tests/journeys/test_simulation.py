"""Simulated days: the same seed lives the same, whatever the machine is busy with, and the books agree."""

import json
import subprocess
import sys
from typing import Any

from deploy.dev.infrastructure import PROJECT
from tests.unit.servicelane.command import environment

# As the command does, with fewer customers: what is proved does not need many.
SHORT = """
import eventlet
eventlet.monkey_patch()
import json
from servicelane.simulation.running import Plan, simulate
print(json.dumps(simulate(Plan(1, 1, seed=7, calls=3), lambda part: None).dump()))
"""


def test_the_same_seed_lives_the_same_day() -> None:
    """Two at once, each disturbing the other: every rule happens as often, from the bookings to the gate."""
    command = [sys.executable, "-W", "ignore", "-c", SHORT]
    running = [
        subprocess.Popen(command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    lived: list[dict[str, Any]] = []
    for one in running:
        said, complained = one.communicate(timeout=240)
        assert one.returncode == 0, complained
        lived.append(json.loads(said))
    first, second = ({**one, "seconds": 0} for one in lived)
    assert first == second
    assert first["reconcile_ok"]
    assert first["orders"] >= 2
    assert all(first["rules"][rule] for rule in ("B1", "B5", "B7", "W1", "W2", "W9", "W13", "P3", "L1", "L5", "G3"))
