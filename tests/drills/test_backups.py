"""A database is restored from an older backup while the others are ahead: what others know heals it, the rest is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import eventlet
import pytest

from servicelane import suite
from tests.drills.backups import Backups, others_than
from tests.drills.conftest import DrillAt, worlds_of
from tests.drills.drill import Drill
from tests.drills.servers import One
from tests.faults.world import Worlds

pytestmark = pytest.mark.drill

HEALED_SECONDS = 90.0
DOCUMENTS = "SELECT dealer_id, id::text, number, issued_at FROM invoice"
SERIES = (
    "SELECT dealer_id, series, year, array_agg(sequence_number ORDER BY sequence_number) AS given FROM invoice "
    "GROUP BY dealer_id, series, year"
)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The suite on a broker and a database of its own."""
    with worlds_of(One("backups"), tmp_path_factory) as made:
        yield made


def backed_up_under_load(drill: Drill, folder: Path, *services: str) -> Backups:
    """Orders are delivered and reversed, a backup is made in the middle of it, and as many are delivered after it."""
    backups = Backups(drill.fleet, folder)
    drill.begin(16, over=10)
    eventlet.sleep(4)
    backups.make(*services)
    drill.inject()
    drill.load(12, over=4).wait()
    drill.loads_are_over()
    drill.proof.await_drained(HEALED_SECONDS)
    return backups


def documents(drill: Drill) -> dict[str, Any]:
    """Each invoice and credit note by its id."""
    return {row.id: tuple(row) for row in drill.fleet.rows("billing", DOCUMENTS)}


def numbered_without_gap(drill: Drill) -> bool:
    """No number is missing, none is there twice."""
    return all(list(row.given) == list(range(1, len(row.given) + 1)) for row in drill.fleet.rows("billing", SERIES))


def heal(drill: Drill, backups: Backups, service: str) -> list[dict[str, Any]]:
    """As the runbook says: stop, restore, recall, start, have the others tell again; what the service has forgotten."""
    drill.fleet.kill(service)
    forgotten = backups.restore(service)
    drill.result.named = len(forgotten)
    drill.fleet.restore()
    backups.tell_again(others_than(service))
    drill.proof.forget()
    return forgotten


def types(forgotten: list[dict[str, Any]]) -> set[str]:
    """The types of these events."""
    return {one["type"] for one in forgotten}


def test_billing_is_restored_and_every_number_stays_its_documents(worlds: Worlds, drill_at: DrillAt, tmp_path: Path) -> None:
    """Each invoice and credit note comes again under the number and the time that were told; an order that is delivered before
    they come gets a number that nobody had."""
    with drill_at("billing restored from an older backup", worlds) as drill:
        backups = backed_up_under_load(drill, tmp_path, "billing")
        told = documents(drill)
        new = drill.world.ready(3)
        drill.fleet.kill("billing")
        drill.serve(new, reversing=False).wait()
        forgotten = heal(drill, backups, "billing")
        assert {"billing.invoice.issued", "billing.invoice.credited"} <= types(forgotten)

        def look() -> None:
            there = documents(drill)
            assert {one: there.get(one) for one in told} == told
            assert len(there) > len(told)
            assert numbered_without_gap(drill)
            assert drill.fleet.rows("billing", "SELECT * FROM recalled_number") == []

        drill.afterwards(look)


@pytest.mark.parametrize(
    ("service", "announced", "phone"),
    [
        ("parts", {"parts.deduction.deducted", "parts.deduction.undone"}, "+86 139 0000 4321"),
        ("crm", {"crm.follow_up.scheduled", "crm.customer.recorded"}, "+86 139 0000 4322"),
        ("booking", {"booking.appointment.booked"}, "+86 139 0000 4323"),
    ],
)
def test_a_service_is_restored_and_has_everything_again_that_others_tell(
    worlds: Worlds, drill_at: DrillAt, tmp_path: Path, *, service: str, announced: set[str], phone: str
) -> None:
    """What it made of others' facts is there once; what people told it alone since the backup is named."""
    with drill_at(f"{service} restored from an older backup", worlds) as drill:
        backups = backed_up_under_load(drill, tmp_path, service)
        desk = drill.world.desks[0]
        person = {"name": "李雷", "phone": phone, "preferred_channel": "phone"}
        customer = desk.client.post("/customers", person)
        slot = desk.client.get("/slot-offers", service_type="maintenance")["items"][0]
        asked = {"channel": "phone", "starts_at": slot["starts_at"], "service_type": "maintenance"}
        appointment = desk.client.post("/appointments", {**desk.walk_in, **asked})
        drill.proof.await_drained(HEALED_SECONDS)
        forgotten = heal(drill, backups, service)
        assert announced <= types(forgotten)
        if service == "crm":
            assert customer["id"] in {one["subject"] for one in forgotten}
            assert desk.client.get(f"/customers/{customer['id']}")["phone"] == customer["phone"]
        if service == "booking":
            drill.must_name(appointment["id"])
        drill.afterwards(lambda: drill.fleet.operator("reconcile"))


def test_workshop_is_restored_and_what_is_lost_is_named(worlds: Worlds, drill_at: DrillAt, tmp_path: Path) -> None:
    """Orders and deliveries are what people told it: they cannot be made again. The journal has each, reconcile names each by
    what others made of it, and the next order gets a number that nobody had."""
    with drill_at("workshop restored from an older backup", worlds) as drill:
        backups = backed_up_under_load(drill, tmp_path, "workshop")
        known = {order.id: order.state["number"] for order in drill.orders}
        drill.world.spoilt = True
        forgotten = heal(drill, backups, "workshop")
        kept = {row.id for row in drill.fleet.rows("workshop", "SELECT id::text AS id FROM work_order")}
        lost = [order for order in drill.orders if order.id not in kept]
        assert lost
        opened = {one["subject"] for one in forgotten if one["type"] == "workshop.work_order.opened"}
        assert {order.id for order in lost} <= opened
        delivered = [one["subject"] for one in forgotten if one["type"] == "workshop.work_order.delivered"]
        named = drill.fleet.operator("reconcile", "--json", expect=1)
        assert all(order in named for order in delivered if order not in kept)
        number = drill.world.desks[0].take_in().state["number"]
        assert number not in known.values()
        drill.must_lose(len(lost))


def test_everything_is_restored_from_backups_of_about_the_same_time(worlds: Worlds, drill_at: DrillAt, tmp_path: Path) -> None:
    """All six go back to backups made one after the other under load: what one knows and another does not is told again, so
    that they agree; what came after is lost, and numbers that were told are nobody else's."""
    with drill_at("all restored from backups made one after the other", worlds) as drill:
        drill.world.spoilt = True
        backups = backed_up_under_load(drill, tmp_path, *suite.SERVICES)
        told = {row[2] for row in documents(drill).values()}
        drill.fleet.kill(*suite.SERVICES)
        for service in suite.SERVICES:
            drill.result.named += len(backups.restore(service))
        drill.fleet.restore()
        backups.tell_again(list(suite.SERVICES))
        drill.proof.forget()
        work = drill.world.ready(3)
        drill.serve(work, reversing=False).wait()
        drill.proof.await_drained(HEALED_SECONDS)
        rows = drill.fleet.rows("billing", "SELECT work_order_id::text, number FROM invoice")
        numbers = {row.work_order_id: row.number for row in rows}
        assert not {numbers[order.id] for _, order in work} & told
        drill.must_lose(1)
