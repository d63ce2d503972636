"""Every check of the invariants can go red: a healthy deployment's tables are broken, one way at a time, and the check says how.

The tables are those of an embedded suite after two visits, one of them with a reversed delivery. Each test gets a copy of them; a
table that is broken loses its keys and triggers first, so that nothing but the check stands in the way.
"""

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

from servicelane import suite
from servicelane.invariants import ALL, Books, Finding, check
from servicelane.invariants.checks import KEYS
from servicelane.visit import Visit
from tests.architecture.service_tables import metadata_of
from tests.deployment import Embedded
from tests.journeys.test_visit import VIN, opened
from tests.waiting import awaited

OTHER_VIN = "1M8GDM9AXKP042788"


@dataclass(frozen=True)
class Break:
    """Something goes wrong in a table of a service; the check of `invariant` must find it and say `said`."""

    invariant: str
    said: str
    where: str
    damage: str

    def __str__(self) -> str:
        return f"{self.invariant}-{self.said}"


LATEST = "revision = 2"
"""The delivery that was made after another one of the same order had been reversed."""

BREAKS = (
    Break(
        "I1", "has 0 times: invoice of warranty", "billing.invoice", f"DELETE FROM invoice WHERE payer = 'warranty' AND {LATEST}"
    ),
    Break(
        "I1",
        "has 2 times: invoice of warranty",
        "billing.invoice",
        f"INSERT INTO invoice SELECT * FROM invoice WHERE payer = 'warranty' AND {LATEST}",
    ),
    Break("I1", "has 0 times: deduction", "parts.deduction", f"DELETE FROM deduction WHERE {LATEST}"),
    Break("I1", "has 2 times: deduction", "parts.deduction", f"INSERT INTO deduction SELECT * FROM deduction WHERE {LATEST}"),
    Break("I1", "has 0 times: follow-up", "crm.follow_up", f"DELETE FROM follow_up WHERE {LATEST}"),
    Break("I1", "has 2 times: follow-up", "crm.follow_up", f"INSERT INTO follow_up SELECT * FROM follow_up WHERE {LATEST}"),
    Break(
        "I1",
        "an invoice of insurer, who pays nothing",
        "billing.invoice",
        f"UPDATE invoice SET payer = 'insurer' WHERE payer = 'warranty' AND {LATEST}",
    ),
    Break(
        "I1",
        "off stock, installed are",
        "parts.stock_move",
        f"DELETE FROM stock_move WHERE kind = 'deducted' AND document_id IN (SELECT id FROM deduction WHERE {LATEST})",
    ),
    Break(
        "I1",
        "off stock, installed are",
        "parts.stock_move",
        f"INSERT INTO stock_move SELECT * FROM stock_move WHERE document_id IN (SELECT id FROM deduction WHERE {LATEST})",
    ),
    Break("I1", "invoice for work order .* never delivered", "workshop.delivery", f"DELETE FROM delivery WHERE {LATEST}"),
    Break("I1", "deduction for work order .* never delivered", "workshop.delivery", f"DELETE FROM delivery WHERE {LATEST}"),
    Break("I1", "follow-up for work order .* never delivered", "workshop.delivery", f"DELETE FROM delivery WHERE {LATEST}"),
    Break(
        "I1",
        "is reversed, but invoice .* has 0 credit notes",
        "billing.invoice",
        "DELETE FROM invoice WHERE kind = 'credit_note'",
    ),
    Break(
        "I1",
        "is reversed, but invoices .* do not add up to nothing",
        "billing.invoice",
        "UPDATE invoice SET total_minor = total_minor + 1 WHERE kind = 'credit_note'",
    ),
    Break("I1", "is reversed, but its parts are still off stock", "parts.deduction", "UPDATE deduction SET undone_at = NULL"),
    Break(
        "I1", "is reversed, but its parts are still off stock", "parts.stock_move", "DELETE FROM stock_move WHERE kind = 'undone'"
    ),
    Break("I1", "is reversed, but its follow-up is not cancelled", "crm.follow_up", "UPDATE follow_up SET state = 'scheduled'"),
    Break(
        "I2",
        r"billing.invoice .* is there 2 times",
        "billing.invoice",
        f"INSERT INTO invoice SELECT * FROM invoice WHERE {LATEST}",
    ),
    Break("I3", "balance .*, moves", "parts.stock_balance", "UPDATE stock_balance SET quantity_units = quantity_units + 1"),
    Break("I3", "in wip is negative: -1000", "parts.stock_balance", "UPDATE stock_balance SET quantity_units = -1000"),
    *(
        Break("I3", said, "parts.stock_balance", "UPDATE stock_balance SET reserved_units = 1000000 WHERE location = 'bin'")
        for said in ("reserved 1000000, open reservations 0", "only .* in the bin of them")
    ),
    Break("I3", "worth .*, moves", "parts.stock_balance", "UPDATE stock_balance SET value_milli = value_milli + 1"),
    Break("I3", "moved .*, but no balance", "parts.stock_balance", "DELETE FROM stock_balance WHERE location = 'customer'"),
    Break(
        "I3",
        "NOWHERE: reserved .*, but no stock in the bin",
        "parts.reservation_line",
        "UPDATE reservation_line SET number = 'NOWHERE', reserved_units = 1000; UPDATE reservation SET state = 'open'",
    ),
    Break("I4", r"missing \[1\]", "billing.invoice", "DELETE FROM invoice WHERE sequence_number = 1"),
    Break("I4", r"double \[1\]", "billing.invoice", "UPDATE invoice SET sequence_number = 1 WHERE sequence_number = 2"),
    Break("I5", "net .*, lines", "billing.invoice", "UPDATE invoice SET net_minor = net_minor + 1"),
    Break("I5", "tax .*, lines", "billing.invoice", "UPDATE invoice SET tax_minor = tax_minor + 1"),
    Break("I5", "gross .*, lines", "billing.invoice", "UPDATE invoice SET total_minor = total_minor + 1"),
    Break("I5", "net and tax are not the total", "billing.invoice", "UPDATE invoice SET total_minor = total_minor + 1"),
    Break(
        "I5",
        "the lines do not add up",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.lines[0].amount.amount', '1.00')",
    ),
    Break(
        "I5",
        "the payers do not add up",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.payers[0].amount.amount', '1.00')",
    ),
    Break(
        "I5",
        "signed 100, was billed",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.payers[0].gross.amount', '1.00')",
    ),
    Break(
        "I5",
        "signed 100, was billed",
        "workshop.delivery",
        "UPDATE delivery SET settlement = json_set(settlement, '$.payers[0].tax.amount', '1.00')",
    ),
    *(
        Break(
            "I6",
            f"{kind} for .*: 1 changes, 0 events",
            f"{kind.partition('.')[0]}.outbox",
            f"DELETE FROM outbox WHERE type = '{kind}'",
        )
        for kind in (
            "workshop.work_order.delivered",
            "workshop.work_order.delivery_reversed",
            "parts.deduction.deducted",
            "crm.follow_up.scheduled",
        )
    ),
    *(
        Break("I6", f"{kind} for .*: 2 changes, 0 events", "billing.outbox", f"DELETE FROM outbox WHERE type = '{kind}'")
        for kind in ("billing.invoice.issued", "billing.invoice.credited")
    ),
    Break("I6", "crm.follow_up.scheduled for .*: 0 changes, 1 events", "crm.follow_up", "DELETE FROM follow_up"),
    Break(
        "I7",
        "booking has not sent booking.appointment.booked",
        "booking.outbox",
        "UPDATE outbox SET sent_at = NULL WHERE type = 'booking.appointment.booked'",
    ),
    Break(
        "I7",
        r"billing.issue_invoices holds m-1 \(dead\): it broke",
        "billing.parked_message",
        "INSERT INTO parked_message (subscriber, message_id, dealer_id, payload, kind, attempts, reason, parked_at) "
        "VALUES ('billing.issue_invoices', 'm-1', NULL, '{}', 'dead', 6, 'it broke', '2026-03-02')",
    ),
    *(
        Break(
            "I8",
            f"{where} of work order .* not an order of this dealer",
            where,
            f"UPDATE {where.partition('.')[2]} SET work_order_id = '00000000000070008000000000000001'",
        )
        for where in ("billing.invoice", "parts.deduction", "crm.follow_up", "billing.gate_pass")
    ),
    Break(
        "I10",
        "booking.known_customer .* 'name': 'Somebody'",
        "booking.known_customer",
        "UPDATE known_customer SET name = 'Somebody'",
    ),
    Break("I10", "booking.known_vehicle .* holds None", "booking.known_vehicle", "DELETE FROM known_vehicle"),
    Break(
        "I10",
        "workshop.known_customer .* holds .'sequence': 7,",
        "workshop.known_customer",
        "UPDATE known_customer SET sequence = 7",
    ),
    Break(
        "I10",
        "workshop.known_vehicle .* 'plate': 'X'",
        "workshop.known_vehicle",
        "UPDATE known_vehicle SET facts = json_set(facts, '$.plate', 'X')",
    ),
    Break(
        "I10",
        "workshop.followed_appointment .* announced was None",
        "booking.outbox",
        "DELETE FROM outbox WHERE type LIKE 'booking.appointment.%'",
    ),
    Break(
        "I11",
        "is reversed, but its car has left",
        "billing.gate_pass",
        "UPDATE gate_pass SET used_at = issued_at, revoked_at = NULL",
    ),
    Break("I11", "is reversed at workshop: .*True, at billing: .*False", "billing.share", "UPDATE share SET reversed_at = NULL"),
    Break(
        "I11",
        "was asked to be reversed and got no answer",
        "workshop.work_order",
        'UPDATE work_order SET reversal = \'{"state": "requested"}\'',
    ),
)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a suite that saw two visits: one from booking to gate, one delivered, taken back and delivered again."""
    folder = tmp_path_factory.mktemp("healthy")
    running = Embedded(folder)
    try:
        at = opened(running.base_url, "cd-gaoxin")
        list(Visit(at, vin=VIN, plate="川A·00001").steps())
        twice = Visit(at, vin=OTHER_VIN, plate="川A·00002")
        for done in twice.steps():
            if done == "delivered":
                break
        twice.pay()
        at.cashier.post(f"{twice.path}/gate-pass")
        twice.reverse()
        twice.deliver()
        awaited(twice.billed, "the second delivery to be billed")
        awaited(lambda: running.command("reconcile", "--all").returncode == 0, "every invariant to hold", 120)
    finally:
        running.stop()
    return folder / "data"


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


@pytest.mark.parametrize("one", BREAKS, ids=str)
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
    assert {one.invariant for one in BREAKS} == {(invariant.__doc__ or "").partition(":")[0] for invariant in ALL}


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
