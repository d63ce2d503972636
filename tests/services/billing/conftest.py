"""Billing at its desk."""

import pytest
from sqlalchemy import event

from services.billing.service import BillingService


@pytest.fixture
def desk(open_desk):
    """Billing on a new PostgreSQL database, with connections enough that concurrent calls really run at once."""
    found = open_desk(BillingService)
    connections = [found.executor.engine.connect() for _ in range(4)]
    for connection in connections:
        connection.close()
    return found


@pytest.fixture
def database_errors(desk):
    """What the database refused or broke off, also if trying again helped: conflicts, deadlocks, serialization failures."""
    errors = []
    event.listen(desk.executor.engine, "handle_error", lambda context: errors.append(str(context.original_exception)))
    return errors
