"""Every check of the invariants can go red: a healthy deployment's tables are broken, one way at a time, and the check says how.

The tables are those of an embedded suite after two visits, one of them with a reversed delivery. Each test gets a copy of them; a
table that is broken loses its keys and triggers first, so that nothing but the check stands in the way.
"""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

from deploy.local.installation import PASSWORD
from servicelane import suite
from servicelane.client import Client
from servicelane.dealership import OPERATIONS, Dealership
from servicelane.invariants import ALL, Books, Finding, check
from servicelane.invariants.checks import KEYS
from servicelane.setup import ADMIN
from servicelane.visit import Visit
from tests.architecture.service_tables import metadata_of
from tests.deployment import Embedded
from tests.journeys.breaks import BREAKS, Break
from tests.journeys.broken_promises import BROKEN_PROMISES
from tests.journeys.test_visit import VIN, opened, return_old_part, with_core_charge
from tests.waiting import awaited

OTHER_VIN = "1M8GDM9AXKP042788"


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a suite that saw two visits: one from booking to gate, one delivered, taken back and delivered again.

    Both have a core charge; half of the old part comes back after the first delivery, the rest after the gate or the second one.
    What was paid for the delivery that was taken back pays the next one, and the rest is given back.
    """
    folder = tmp_path_factory.mktemp("healthy")
    running = Embedded(folder)
    try:
        at = opened(running.base_url, "cd-gaoxin")
        of_a_kind = [{**one, "operation_group": one["operation_code"][:3], "work_class": "special"} for one in OPERATIONS]
        Client.sign_in(running.base_url, ADMIN, PASSWORD).post("/operations", {"operations": of_a_kind})
        with_core_charge(at)
        once = Visit(at, vin=VIN, plate="川A·00001")
        for done in once.steps():
            if done == "opened":
                _walk_around(at, once)
            elif done == "dispatched":
                at.technician.post(f"{once.path}/accept-car")
        return_old_part(at, once, "1")
        twice = Visit(at, vin=OTHER_VIN, plate="川A·00002")
        for done in twice.steps():
            if done == "delivered":
                break
        twice.pay()
        at.cashier.post(f"{twice.path}/gate-pass")
        return_old_part(at, twice, "0.5")
        twice.reverse()
        twice.deliver()
        awaited(twice.billed, "the second delivery to be billed")
        return_old_part(at, twice, "0.5")
        ten = {"amount": "10.00", "currency": "CNY"}
        at.cashier.post(f"{twice.path}/payments", {"payment_method": "customer_credit", "amount": ten})
        [first] = [
            one
            for one in at.cashier.get("/payments", work_order_id=twice.order["id"])["items"]
            if one["payment_method"] == "wechat_pay"
        ]
        at.manager.post(f"/payments/{first['id']}/refunds", {"payment_method": "cash", "amount": ten, "reason": "rounding"})
        car = once.order["vehicle"]["vehicle_id"]
        at.agent.post("/invitations", {"vehicle_id": car, "reason": "recall", "channel": "phone"})
        at.agent.post("/calls", {"customer_name": "Li Lei", "phone": "13800000001", "about": "tyres"})
        at.agent.post("/enquiries", {"customer_name": "Li Lei", "phone": "13800000001", "question": "How long does it take?"})
        _order_parts(at)
        _count_parts(at)
        awaited(lambda: running.command("reconcile", "--all").returncode == 0, "every invariant to hold", 120)
    finally:
        running.stop()
    return folder / "data"


def _order_parts(at: Dealership) -> None:
    """A purchase order that came in part."""
    [supplier] = at.clerk.get("/suppliers")["items"]
    lines = [{"part_number": "WIPER-24", "quantity": "20"}]
    order = at.clerk.post("/purchase-orders", {"supplier_id": supplier["id"], "lines": lines})
    path = f"/purchase-orders/{order['id']}"
    at.clerk.post(f"{path}/approve")
    at.clerk.post(f"{path}/send")
    at.clerk.post(f"{path}/receipts", {"reference": "DN-1", "lines": [{"line_number": 1, "accepted": "10", "damaged": "1"}]})


def _count_parts(at: Dealership) -> None:
    """A stocktake that found less, and one that is still counted."""
    for zone, number in (("Z-1", "CLIP-1"), ("Z-2", "CLIP-2")):
        price = {"amount": "1.00", "currency": "CNY"}
        facts = {"name_zh": "卡扣", "name_en": "Clip", "unit": "个", "list_price": price, "bin_location": zone}
        at.clerk.post("/parts", {"part_number": number, **facts})
        lines = [{"part_number": number, "quantity": "10", "unit_cost": price}]
        at.clerk.post("/stock/receipts", {"reference": zone, "supplier": "SVW", "lines": lines})
        path = f"/stocktakes/{at.clerk.post('/stocktakes', {'zone': zone})['id']}"
        for who in (at.clerk, at.technician):
            who.post(f"{path}/counts", {"lines": [{"code": number, "quantity": "8"}]})
        if zone == "Z-1":
            at.manager.post(f"{path}/approve")


def _walk_around(at: Dealership, visit: Visit) -> None:
    """The customer signs how the car is, and leaves the keys."""
    found = {"mileage": 32_110, "fuel_eighths": 5, "keys": 2, "registration": False, "service_book": False}
    found |= {"valuables_reminder": True, "protective_covers": True}
    shown = at.advisor.post(f"{visit.path}/walk-around", found)["document_hash"]
    signature = {"means": "typed", "name": "王芳", "document_hash": shown}
    at.advisor.post(f"{visit.path}/walk-around/sign", {"signature": signature})


@pytest.fixture
def broken(healthy: Path, tmp_path: Path) -> Path:
    """A copy of the files, to break."""
    return Path(shutil.copytree(healthy, tmp_path / "data"))


def findings(folder: Path) -> list[Finding]:
    """What all checks find in these files."""
    with Books.open({name: f"sqlite:///{folder}/{name}.sqlite" for name in suite.SERVICES}) as books:
        return check(books, ALL)


def test_nothing_is_found_where_nothing_is_broken(broken: Path) -> None:
    """So whatever the other tests find comes from what they broke."""
    assert findings(broken) == []


@pytest.mark.parametrize("one", [*BREAKS, *BROKEN_PROMISES], ids=str)
def test_what_is_broken_is_found_and_named(broken: Path, one: Break) -> None:
    """By the invariant it belongs to, in words that say what is wrong."""
    service, table = one.where.split(".")
    with closing(sqlite3.connect(broken / f"{service}.sqlite")) as connection, connection:
        connection.executescript(
            f"CREATE TABLE without_keys AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE without_keys RENAME TO {table}"
        )
        connection.executescript(one.damage)
    found = [finding.what for finding in findings(broken) if finding.invariant == one.invariant]
    assert any(re.search(one.said, what) for what in found), found


def test_every_check_is_broken_once() -> None:
    """A new check comes with what makes it red."""
    assert {one.invariant for one in (*BREAKS, *BROKEN_PROMISES)} == {
        (invariant.__doc__ or "").partition(":")[0] for invariant in ALL
    }


def test_the_keys_that_are_checked_are_those_the_services_declare() -> None:
    """I2 has a list of its own, so that it finds a double also where the constraint was lost; this keeps it complete."""
    declared = {
        (service, table.name, frozenset(column.name for column in key.columns) - {"dealer_id"})
        for service in suite.SERVICES
        for table in metadata_of(service).sorted_tables
        for key in (*table.constraints, *table.indexes)
        if (isinstance(key, UniqueConstraint) or getattr(key, "unique", False)) and "dealer_id" in key.columns
    }
    assert {(service, table, frozenset(columns)) for service, table, *columns in KEYS} == declared
