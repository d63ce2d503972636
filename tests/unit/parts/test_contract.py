"""What parts lets whom do."""

from chassis.wire.messages import Command
from contracts.parts.routes import ROUTES
from contracts.parts.stocktaking import CountParts


def test_who_only_reads_changes_nothing():
    changing = [route for route in ROUTES if issubclass(route.request, Command)]
    assert changing
    assert {role for route in changing for role in route.roles if route.request is not CountParts} == {
        "parts_clerk",
        "service_manager",
    }


def test_whoever_works_with_parts_may_count_them():
    """Rule P6: who counts a second time is somebody else, and a store has often but one clerk."""
    [counting] = [route for route in ROUTES if route.request is CountParts]
    assert set(counting.roles) == {"parts_clerk", "service_advisor", "technician", "team_leader", "workshop_manager"}
