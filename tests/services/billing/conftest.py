"""Billing at its desk."""

import pytest
from sqlalchemy import event, select

from servicelane.invariants import Books, check
from servicelane.invariants.money import held, moved_money, owed, parts_of_money
from services.billing.account.order_account import OrderAccount
from services.billing.account.standing import place_in_queue
from services.billing.service import BillingService


@pytest.fixture
def desk(open_desk):
    """Billing on an empty PostgreSQL database, with connections enough that concurrent calls really run at once.

    Whatever a test did, in the end all money is accounted for (invariant I12), and every account stands in the cashier's queue
    where all that it knows puts it.
    """
    found = open_desk(BillingService)
    connections = [found.executor.engine.connect() for _ in range(4)]
    for connection in connections:
        connection.close()
    yield found
    with found.executor.engine.connect() as connection:
        assert check(Books({"billing": connection}), (parts_of_money, moved_money, owed, held)) == []
    for dealer in ("sh-pudong", "bj-chaoyang"):
        found.rows(
            lambda session: [_stands_where_it_belongs(one) for one in session.scalars(select(OrderAccount))], dealer=dealer
        )


def _stands_where_it_belongs(account):
    assert (account.queue_place, account.waiting_since) == place_in_queue(account), account.describe()


@pytest.fixture
def database_errors(desk):
    """What the database refused or broke off, also if trying again helped: conflicts, deadlocks, serialization failures."""
    errors = []
    event.listen(desk.executor.engine, "handle_error", lambda context: errors.append(str(context.original_exception)))
    return errors
