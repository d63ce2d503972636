"""kill -9 at every named point, in the service where it hurts; both replicas die there before healthy ones take over."""

import pytest

from tests.faults.world import MakeFault

pytestmark = pytest.mark.long

VICTIMS = {
    "command_before_commit": "workshop",
    "command_after_commit": "workshop",
    "relay_after_claim": "workshop",
    "relay_after_publish": "workshop",
    "relay_after_confirm": "workshop",
    "subscriber_before_inbox": "parts",
    "subscriber_mid_effect": "billing",
    "subscriber_after_commit": "crm",
    "gateway_mid_rpc": "gateway",
}
"""Who dies at each point; those of a timer stand in test_timers."""


@pytest.mark.parametrize("point", sorted(VICTIMS))
def test_a_service_killed_at_this_point(make_fault: MakeFault, point: str) -> None:
    """What was committed has its effect once; what was answered was committed; what was not is asked again."""
    victim = VICTIMS[point]
    with make_fault(f"{victim} killed at {point}", 240) as fault:
        work = fault.world.ready(24)
        doomed = fault.fleet.arm(victim, f"{point}:2")
        fault.serve(work, over=8)
        fault.inject(fault.fleet.fallen(doomed))
