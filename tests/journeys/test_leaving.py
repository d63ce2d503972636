"""A dealer leaves: all that is held of them is in one file, then gone but for the books; nobody else's row is touched."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, text

from servicelane import suite
from servicelane.dealer_rows import GATEWAY, KEPT
from servicelane.dealership import Dealership
from servicelane.visit import Visit
from tests.deployment import Deployment
from tests.journeys.test_visit import opened
from tests.waiting import awaited

LEAVING, STAYING = "xm-siming", "xm-huli"
EXPORT = "leaving.tar.gz"


def visited(at: Dealership, vin: str, plate: str) -> Visit:
    """A customer's whole visit, to the gate."""
    visit = Visit(at, vin=vin, plate=plate)
    for _ in visit.steps():
        pass
    return visit


def held(deployment: Deployment, dealer: str) -> dict[str, list[Any]]:
    """Every row of a dealer's in every database, as the superuser has it, by service and table."""
    found: dict[str, list[Any]] = {}
    for service in suite.SERVICES:
        engine = create_engine(deployment.databases[service].admin_url)
        with engine.connect() as connection:
            columns = connection.execute(
                text(
                    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND "
                    "(column_name = 'dealer_id' OR (:gateway AND "
                    "(column_name = 'dealer' OR (table_name = 'dealer' AND column_name = 'id'))))"
                ),
                {"gateway": service == GATEWAY},
            ).all()
            for table, column in columns:
                rows = connection.execute(
                    text(f'SELECT CAST(row_to_json(one) AS text) FROM "{table}" one WHERE "{column}" = :dealer'),
                    {"dealer": dealer},
                )
                if there := sorted(rows.scalars()):
                    found[f"{service}/{table}"] = there
        engine.dispose()
    return found


def quiet(deployment: Deployment, dealer: str) -> None:
    """Return once nothing of the dealer is on its way."""

    def waiting() -> int:
        found = held(deployment, dealer)
        unsent = [
            one for name, rows in found.items() if name.endswith("/outbox") for one in rows if json.loads(one)["sent_at"] is None
        ]
        return len(unsent) + len([name for name in found if name.endswith("/parked_message")])

    awaited(lambda: waiting() == 0, "everything to have arrived", 60)


def settled(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Without what comes and goes by itself."""
    return {name: found for name, found in rows.items() if name.partition("/")[2] not in ("timer", "idempotency")}


@pytest.fixture(scope="module")
def visits(deployment: Deployment) -> dict[str, Visit]:
    """A customer's visit at each of the two."""
    return {
        LEAVING: visited(opened(deployment.base_url, LEAVING), "LSVAA49J132047381", "闽D·00001"),
        STAYING: visited(opened(deployment.base_url, STAYING), "LSVAA49J132047382", "闽D·00002"),
    }


def test_a_dealer_leaves_and_nobody_else_notices(deployment: Deployment, visits: dict[str, Visit], tmp_path: Path) -> None:
    """Exported, refused while it is not confirmed or not all exported, erased, erased again; the books stay."""
    for dealer in (LEAVING, STAYING):
        quiet(deployment, dealer)
    early, file = tmp_path / "early.tar.gz", tmp_path / EXPORT
    assert deployment.command("dealer", "export", LEAVING, "--to", str(early)).returncode == 0
    client = visits[LEAVING]._at.agent
    client.post("/customers", {"name": "Zhao Lei", "phone": "+86 139 0000 7777", "preferred_channel": "phone"})
    quiet(deployment, LEAVING)
    stale = deployment.command("dealer", "erase", LEAVING, "--exported", str(early), "--confirm", LEAVING)
    assert (stale.returncode, "crm/customer" in stale.stderr) == (2, True), stale.stderr

    exported = deployment.command("dealer", "export", LEAVING, "--to", str(file))
    assert exported.returncode == 0, exported.stderr
    before, others = held(deployment, LEAVING), settled(held(deployment, STAYING))
    in_file = _in(file)
    assert {name: len(rows) for name, rows in settled(in_file).items() if rows} == {
        name: len(rows) for name, rows in settled(before).items()
    }
    assert all(LEAVING in (row.get("dealer_id"), row.get("dealer"), row.get("id")) for rows in in_file.values() for row in rows)

    for wrong in ([], ["--confirm", STAYING]):
        refused = deployment.command("dealer", "erase", LEAVING, "--exported", str(file), *wrong)
        assert (refused.returncode, f"--confirm {LEAVING}" in refused.stderr) == (2, True), refused.stderr
    other = deployment.command("dealer", "erase", STAYING, "--exported", str(file), "--confirm", STAYING)
    assert (other.returncode, LEAVING in other.stderr) == (2, True), other.stderr
    assert settled(held(deployment, STAYING)) == others

    erased = deployment.command("dealer", "erase", LEAVING, "--exported", str(file), "--confirm", LEAVING)
    assert erased.returncode == 0, erased.stderr
    after = held(deployment, LEAVING)
    assert {name for name in after if name.partition("/")[2] not in KEPT.get(name.partition("/")[0], ())} == set()
    assert after["billing/invoice"] == before["billing/invoice"]
    assert settled(held(deployment, STAYING)) == others

    again = deployment.command("dealer", "erase", LEAVING, "--exported", str(file), "--confirm", LEAVING)
    assert again.returncode == 0, again.stderr
    records = [json.loads(line) for line in Path(f"{file}.erased.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["dealer"] for one in records] == [LEAVING, LEAVING]
    assert records[0]["gone"]["workshop/work_order"] == 1
    assert records[1]["gone"] == {}

    signing_in = {"grant_type": "password", "username": f"{LEAVING}.manager", "password": "showroom-2026"}
    assert requests.post(f"{deployment.base_url}/v1/tokens", data=signing_in, timeout=30).status_code == 401
    assert visits[STAYING]._at.manager.get("/work-orders")["items"]
    assert deployment.command("reconcile", "--dealer", STAYING, "--all").returncode == 0


def test_a_file_that_is_not_as_it_was_written_erases_nothing(
    deployment: Deployment, visits: dict[str, Visit], tmp_path: Path
) -> None:
    """Half of one, or something else."""
    file = tmp_path / EXPORT
    assert deployment.command("dealer", "export", STAYING, "--to", str(file)).returncode == 0
    file.write_bytes(file.read_bytes()[:-200])
    refused = deployment.command("dealer", "erase", STAYING, "--exported", str(file), "--confirm", STAYING)
    assert (refused.returncode, "is no whole export" in refused.stderr) == (2, True), refused.stderr
    assert visits[STAYING]._at.manager.get("/work-orders")["items"]


def _in(file: Path) -> dict[str, list[dict[str, Any]]]:
    with tarfile.open(file) as archive:
        opened = {one.name: archive.extractfile(one) for one in archive if one.name.endswith(".jsonl")}
        return {name.removesuffix(".jsonl"): [json.loads(line) for line in lines or ()] for name, lines in opened.items()}
