"""Rule W32 end to end: an embedded suite that is told of a receiver hands a closed order over by itself, over HTTP."""

from collections.abc import Iterator

import pytest

from deploy.local.installation import PASSWORD
from servicelane.client import Client, awaited
from servicelane.dealership import open_dealership
from servicelane.health_record_sandbox import HealthRecordSandbox
from servicelane.setup import ADMIN
from tests.cars import brought, stocked
from tests.deployment import Embedded

DEALER = "sh-health-records"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[HealthRecordSandbox]:
    """The receiver."""
    with HealthRecordSandbox() as started:
        yield started


@pytest.fixture(scope="module")
def told(sandbox: HealthRecordSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A suite of its own, whose setting names it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEALTH_RECORD_URL", sandbox.url)
        started = Embedded(tmp_path_factory.mktemp("told"))
        yield started
        started.stop()


def test_a_closed_order_reaches_the_receiver_by_itself(told: Embedded, sandbox: HealthRecordSandbox) -> None:
    """Its car leaves through the gate; nobody does anything else."""
    admin = Client.sign_in(told.base_url, ADMIN, PASSWORD)
    dealership = open_dealership(admin, told.base_url, dealer=DEALER, name="浦东店", password=PASSWORD)
    stocked(dealership)
    order = brought(dealership, "paid")
    passed = dealership.cashier.post(f"/work-orders/{order['id']}/gate-pass")
    dealership.cashier.post("/gate-passes/use", {"code": passed["code"]})
    [sent] = awaited(lambda: list(sandbox.records.values()), "the record to arrive")
    assert (sent["business_key"], sent["vin"]) == (f"{DEALER}:{order['id']}:1", order["vehicle"]["vin"])
    awaited(lambda: dealership.advisor.get("/health-records?record_state=taken")["items"], "the answer to be written down")
    assert dealership.advisor.get("/health-records")["items"] == []
