"""What parts lets whom do."""

from chassis.wire.messages import Command
from contracts.parts.routes import ROUTES


def test_who_only_reads_changes_nothing():
    changing = [route for route in ROUTES if issubclass(route.request, Command)]
    assert changing
    assert {role for route in changing for role in route.roles} == {"parts_clerk", "service_manager"}
