"""What an operator sees at the gateway when the books of a real deployment do not agree; the command says the same of them."""

import json
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from deploy.local.installation import PASSWORD
from servicelane.client import Client, ProblemError, awaited
from servicelane.dealership import Dealership
from servicelane.visit import Visit
from tests.deployment import Deployment
from tests.journeys.test_visit import VIN, opened

DEALER = "sz-futian"

# The lost safeguard: with it, the second row could not be written.
DOUBLED = """
    ALTER TABLE deduction DROP CONSTRAINT deduction_delivery_key;
    INSERT INTO deduction SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).*
    FROM deduction one WHERE work_order_id = '{order}' AND revision = 2
"""
# Other dealers go on working here.
SINGLE_AGAIN = """
    DELETE FROM deduction one USING deduction other
    WHERE one.work_order_id = other.work_order_id AND one.revision = other.revision AND one.id > other.id;
    ALTER TABLE deduction ADD CONSTRAINT deduction_delivery_key UNIQUE (dealer_id, work_order_id, revision);
    SELECT 1
"""


def test_the_gateway_names_what_is_missing_double_or_not_taken_back(deployment: Deployment) -> None:
    """First all is in order; an effect lost just now may be under way; an hour later it is missing. The command agrees."""
    at = opened(deployment.base_url, DEALER)
    admin = Client.sign_in(deployment.base_url, "admin", PASSWORD)
    order = _delivered_twice(at)
    whole = awaited(lambda: _complete(at.manager), "every effect to be there")
    assert (whole["consistent"], whole["counts"]) == (
        True,
        {"deliveries": 2, "reversed": 1, "invoices": 4, "credit_notes": 2, "deductions": 2, "follow_ups": 2},
    )
    assert _said_by_the_command(deployment) == set()

    _as_owner(deployment, "crm", f"DELETE FROM follow_up WHERE work_order_id = '{order}' AND revision = 2")
    _as_owner(deployment, "workshop", "UPDATE delivery SET announced_at = now()")
    young = at.manager.get("/reconciliation")
    assert (young["consistent"], _told(young["under_way"])) == (True, {(order, 2, "follow_up", "missing")})

    _as_owner(deployment, "workshop", "UPDATE delivery SET announced_at = announced_at - interval '1 hour'")
    _as_owner(deployment, "parts", DOUBLED.format(order=order))
    try:
        _as_owner(deployment, "parts", f"UPDATE deduction SET undone_at = NULL WHERE work_order_id = '{order}' AND revision = 1")
        _is_told(deployment, at, admin, order)
    finally:
        _as_owner(deployment, "parts", SINGLE_AGAIN)


def _is_told(deployment: Deployment, at: Dealership, admin: Client, order: str) -> None:
    for told in (at.manager.get("/reconciliation"), admin.get("/group/reconciliation", dealer=DEALER)):
        assert (told["consistent"], told["under_way"]) == (False, [])
        assert _told(told["findings"]) == {
            (order, 2, "follow_up", "missing"),
            (order, 2, "deduction", "double"),
            (order, 1, "deduction", "not_taken_back"),
        }
        assert {one["dealer"] for one in told["findings"]} == {DEALER}
        assert {one["what"] for one in told["findings"]} <= _said_by_the_command(deployment)  # which adds up stock moves, too
    pages = [admin.get("/group/reconciliation", dealer=DEALER, limit=1)]
    while pages[-1]["next_cursor"] is not None:
        assert len(pages) < 10, "the pages do not end"
        pages.append(admin.get("/group/reconciliation", dealer=DEALER, limit=1, cursor=pages[-1]["next_cursor"]))
    assert _told(one for page in pages for one in page["findings"]) == _told(told["findings"])
    assert sum(page["counts"]["deliveries"] for page in pages) == 2


def test_only_who_may_is_told(deployment: Deployment) -> None:
    """The manager of the dealer; for the group the administrator."""
    at = opened(deployment.base_url, DEALER)
    with pytest.raises(ProblemError) as forbidden:
        at.advisor.get("/reconciliation")
    assert forbidden.value.status == 403
    manager = Client.sign_in(deployment.base_url, f"{DEALER}.manager", PASSWORD)
    with pytest.raises(ProblemError) as forbidden:
        manager.get("/group/reconciliation")
    assert forbidden.value.status == 403


def _delivered_twice(at: Any) -> str:
    """An order whose first delivery was reversed."""
    visit = Visit(at, vin=VIN, plate="粤B·00001")
    for done in visit.steps():
        if done == "delivered":
            break
    awaited(visit.billed, "the first delivery to be billed")
    visit.reverse()
    visit.deliver()
    return str(visit.order["id"])


def _complete(manager: Client) -> Any:
    told = manager.get("/reconciliation")
    return told if told["counts"]["deliveries"] == 2 and not told["under_way"] else None


def _told(findings: Any) -> set[tuple[str, int, str, str]]:
    return {(one["work_order_id"], one["revision"], one["effect"], one["fault"]) for one in findings}


def _said_by_the_command(deployment: Deployment) -> set[str]:
    done = deployment.command("reconcile", "--dealer", DEALER, "--json")
    found = json.loads(done.stdout)
    assert done.returncode == (1 if found else 0)
    return {one["what"] for one in found}


def _as_owner(deployment: Deployment, service: str, statement: str) -> None:
    """What no service would do to its own books. The second wall holds for owners, too: it is told the dealer."""
    engine = create_engine(deployment.databases[service].owner_url)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('app.dealers', :dealer, true)"), {"dealer": DEALER})
        assert connection.execute(text(statement)).rowcount > 0
    engine.dispose()
