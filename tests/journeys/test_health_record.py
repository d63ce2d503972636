"""Rule W32 end to end: a suite that is told of a receiver hands closed orders over by itself; what is refused is sent again."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.installation import PASSWORD
from servicelane.client import Client, awaited
from servicelane.dealership import Dealership, open_dealership
from servicelane.health_record_sandbox import HealthRecordSandbox
from servicelane.setup import ADMIN
from tests.cars import brought, stocked
from tests.deployment import Embedded
from tests.journeys.console.conftest import replica
from tests.pages import Browser, Page

DEALER = "sh-health-records"
HERE = f"/d/{DEALER}/health-records"
SAYS = {
    "zh": {
        "due": "待上传",
        "refused": "被退回",
        "why": "平台退回原因：车辆未备案",
        "down": "上次结果：HTTP 503，系统会自动重试",
        "nothing": "全部已上传",
    },
    "en": {
        "due": "to be sent",
        "refused": "refused",
        "why": "Refused by the receiver: 车辆未备案",
        "down": "Last attempt: HTTP 503",
        "nothing": "All are sent",
    },
}


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


@pytest.fixture(scope="module")
def dealership(told: Embedded) -> Dealership:
    """Its dealer."""
    admin = Client.sign_in(told.base_url, ADMIN, PASSWORD)
    return stocked(open_dealership(admin, told.base_url, dealer=DEALER, name="浦东店", password=PASSWORD))


def drives_off(dealership: Dealership, sandbox: HealthRecordSandbox, refused: str = "") -> dict[str, Any]:
    """An order whose car leaves through the gate; the receiver refuses the car's record, if it says so."""
    order = brought(dealership, "paid")
    if refused:
        sandbox.refuse = {order["vehicle"]["vin"]: refused}
    passed = dealership.cashier.post(f"/work-orders/{order['id']}/gate-pass")
    dealership.cashier.post("/gate-passes/use", {"code": passed["code"]})
    return order


def entry_of(dealership: Dealership, order: dict[str, Any], state: str) -> dict[str, Any]:
    """Its record, as soon as it stands so."""

    def found() -> list[dict[str, Any]]:
        items = dealership.advisor.get("/health-records", record_state=state, limit=100)["items"]
        return [one for one in items if one["work_order_id"] == order["id"]]

    return awaited(found, f"the record to be {state}")[0]


def at_desk(told: Embedded, who: str, language: str) -> Browser:
    browser = Browser(replica(told).test_client(), language)
    assert browser.sign_in(f"{DEALER}.{who}", PASSWORD).status == 200
    return browser


def times(sandbox: HealthRecordSandbox, order: dict[str, Any]) -> int:
    """How often its record was received, under its one key."""
    return sandbox.received.count(f"{DEALER}:{order['id']}:1")


def resends(page: Page) -> list[str]:
    """The buttons that send one again."""
    return [form for form in page.forms if form.startswith("resend")]


def test_a_closed_order_reaches_the_receiver_by_itself(dealership: Dealership, sandbox: HealthRecordSandbox) -> None:
    """Its car leaves through the gate; nobody does anything else."""
    order = drives_off(dealership, sandbox)
    entry_of(dealership, order, "taken")
    key = f"{DEALER}:{order['id']}:1"
    assert (sandbox.records[key]["vin"], sandbox.received.count(key)) == (order["vehicle"]["vin"], 1)
    assert dealership.advisor.get("/health-records")["items"] == []


@pytest.mark.parametrize(("language", "who"), [("zh", "advisor"), ("en", "manager")])
def test_what_was_refused_is_seen_and_sent_again(
    told: Embedded, dealership: Dealership, sandbox: HealthRecordSandbox, language: str, who: str
) -> None:
    """The manager is told of it; who does not answer for it reads it; twice the same button has one effect."""
    says = SAYS[language]
    order = drives_off(dealership, sandbox, refused="车辆未备案")
    entry_of(dealership, order, "refused")
    assert HERE in at_desk(told, "manager", language).get(f"/d/{DEALER}/attention?kind=record_refused").links
    assert resends(at_desk(told, "technician", language).get(HERE)) == []
    browser = at_desk(told, who, language)
    page = browser.get(HERE)
    assert [one for one in (says["refused"], says["why"], order["vehicle"]["plate"]) if one not in page.text] == []
    browser.send(page, *resends(page))
    awaited(lambda: times(sandbox, order) == 2, "it to be sent again")
    entry_of(dealership, order, "refused")
    page = browser.get(HERE)
    sandbox.refuse = {}
    for _ in range(2):
        assert browser.send(page, *resends(page)).status == 200
    entry_of(dealership, order, "taken")
    assert (times(sandbox, order), says["nothing"] in browser.get(HERE).text) == (3, True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_while_the_receiver_is_down_the_page_says_so(
    told: Embedded, dealership: Dealership, sandbox: HealthRecordSandbox, language: str
) -> None:
    """Nobody need do anything, and nobody can."""
    sandbox.down = True
    try:
        order = drives_off(dealership, sandbox)
        awaited(lambda: entry_of(dealership, order, "due")["reason"], "the first attempt")
        page = at_desk(told, "manager", language).get(HERE)
    finally:
        sandbox.down = False
    assert [one for one in (SAYS[language]["due"], SAYS[language]["down"]) if one not in page.text] == []
    assert resends(page) == []
