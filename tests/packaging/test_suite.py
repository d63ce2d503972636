"""`make packaging`: the image and deploy/compose.yaml on a Docker engine, two of each process, through the proxy over TLS.

The engine is the one that DOCKER_HOST names; it must have the images of both servers and of the proxy, or be able to fetch them.
The other tests' conftest is left out (Makefile): it patches for green threads what TLS needs and plugins have imported already.
"""

import json
import secrets
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from docker.models.containers import Container

from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import say, wait_until
from deploy.image.building import Built
from deploy.local.desk import Dealer, Desk, Order, PatientClient
from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import open_dealership, open_group
from servicelane.visit import Visit
from tests.packaging.composition import PREPARING, PROCESSES, SERVICES, Composition
from tests.packaging.stack import Stack

pytestmark = pytest.mark.packaging

AFTER_A_KILL = 60.0
ORDERS = 4


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an operator makes before the first start: secrets, and a certificate with its key."""
    folder = tmp_path_factory.mktemp("installation")
    subprocess.run(["sh", "deploy/secrets.sh", str(folder / "secrets")], cwd=PROJECT, check=True, timeout=60)
    (folder / "certificates").mkdir()
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, "-keyout", "tls.key", "-out", "tls.crt"]
    subprocess.run(command, cwd=folder / "certificates", check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def stack(built: Built, installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All of it, up and well; taken away at the end, whatever happened."""
    told = {"CERTIFICATES": str(installed / "certificates"), "TLS": "/certificates/tls.crt /certificates/tls.key"}
    composition = Composition.of(VERSION=built.tags[0].rpartition(":")[2], FRONT_NETWORK="172.30.77.0/24", **told)
    stack = Stack(composition, f"packaging-{secrets.token_hex(3)}", installed / "secrets")
    try:
        stack.up()
        yield stack
    finally:
        stack.down()


@pytest.fixture(scope="module", autouse=True)
def trusted(installed: Path) -> Iterator[None]:
    """The operator's certificate is believed by whoever asks in this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(installed / "certificates/tls.crt"))
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPS_PROXY", "https_proxy"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def address(stack: Stack) -> str:
    """Where programs find the gateways: behind the proxy."""
    return f"https://localhost:{stack.ports[8443]}"


@pytest.fixture(scope="module")
def admin(stack: Stack, address: str) -> Client:
    """The first administrator, made as the documents say: inside a gateway."""
    done = stack.of("gateway")[0].exec_run(["servicelane", "accounts", "create-admin", "admin", "--password", PASSWORD])
    assert done.exit_code == 0, done.output
    client = Client.sign_in(address, "admin", PASSWORD)
    open_group(client)
    return client


def test_everything_is_well_and_within_its_bounds(stack: Stack) -> None:
    """Two of each process, healthy; memory and processor bounded, logs set aside, nothing but mounts to write to."""
    for name in PROCESSES:
        containers = stack.of(name)
        assert len(containers) == 2, name
        for one in containers:
            host = one.attrs["HostConfig"]
            used = one.stats(stream=False)["memory_stats"]["usage"] / 2**20
            say(f"{one.name}: {used:.0f} MiB of {host['Memory'] / 2**20:.0f}")
            assert host["Memory"] > 0
            assert host["NanoCpus"] > 0
            assert (host["ReadonlyRootfs"], host["CapDrop"]) == (True, ["ALL"])
            assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "5"}
            assert one.attrs["State"]["Health"]["Status"] == "healthy"
            assert one.exec_run(["sh", "-c", "touch /opt/servicelane/x"]).exit_code != 0


def test_no_secret_can_be_read_off_a_container(stack: Stack, installed: Path) -> None:
    """Neither off its settings nor off its command."""
    values = [one.read_text(encoding="utf-8").strip() for one in (installed / "secrets").iterdir()]
    for one in stack.of():
        shown = json.dumps([one.attrs["Config"], one.attrs["HostConfig"]])
        assert [value for value in values if value and value in shown] == [], one.name


def test_the_main_job_is_done_through_the_proxy(stack: Stack, admin: Client, address: str) -> None:
    """Booked, received, ordered, delivered, paid, gone; and the three effects, each once."""
    at = open_dealership(admin, address, dealer="north", name="北店", password=PASSWORD)
    visit = Visit(at, vin="LSVAA49J132047371", plate="沪A·12345")
    for step in visit.steps():
        assert step
    came = visit.outcome()
    types = [one["type"] for one in came["timeline"]]
    assert came["work_order"]["status"] == "closed"
    assert [types.count(one) for one in ("crm.follow_up.scheduled", "parts.deduction.deducted")] == [1, 1]
    assert sorted(one["payer"] for one in came["invoices"]) == ["customer_pay", "warranty"]
    assert all(float(one["after"]) < float(one["before"]) for one in came["stock"].values())


def test_the_console_is_behind_the_same_door(stack: Stack) -> None:
    """Over TLS alone: plain HTTP is sent there."""
    console = f"https://localhost:{stack.ports[443]}"
    page = requests.get(f"{console}/", timeout=20)
    assert page.status_code == 200
    assert "<form" in page.text
    assert page.headers["Strict-Transport-Security"]
    plain = requests.get(f"http://localhost:{stack.ports[80]}/", timeout=20, allow_redirects=False)
    assert (plain.status_code, plain.headers["Location"]) == (308, "https://localhost/")


def test_the_certificate_is_the_operators(stack: Stack, installed: Path) -> None:
    """And none that the proxy made."""
    shown = ssl.get_server_certificate(("localhost", stack.ports[8443]))
    assert shown.strip() == (installed / "certificates/tls.crt").read_text(encoding="ascii").strip()


@pytest.fixture(scope="module")
def desk(admin: Client, address: str) -> Desk:
    """A desk that repeats what it was not answered."""
    dealer = Dealer.open(admin, address, "south")
    return Desk(dealer.name, PatientClient([address], dealer.refresh_token, dealer=dealer.name), dealer.walk_in)


def delivered(desk: Desk, orders: list[Order]) -> None:
    """Each is delivered, billed, its parts taken, its follow-up planned: once."""
    for order in orders:
        desk.deliver(order)
    for order in orders:
        wait_until(lambda order=order: _effects(desk, order) == (2, 1, 1), f"effects of {order.id}", seconds=AFTER_A_KILL)  # type: ignore[misc]


def _effects(desk: Desk, order: Order) -> tuple[int, int, int]:
    types = [one["type"] for one in desk.client.get(f"/work-orders/{order.id}/timeline")["events"]]
    counted = ("billing.invoice.issued", "parts.deduction.deducted", "crm.follow_up.scheduled")
    invoices, deductions, follow_ups = (types.count(one) for one in counted)
    return invoices, deductions, follow_ups


@pytest.mark.parametrize("name", ["billing", "workshop", "gateway"])
def test_a_container_that_is_killed_costs_nothing(stack: Stack, desk: Desk, name: str) -> None:
    """One of two, by SIGKILL, between deliveries; and both of them for a moment, if it is no door."""
    orders = [desk.ready() for _ in range(ORDERS)]
    desk.deliver(orders[0])
    with stack.killed(*(stack.of(name) if name == "billing" else stack.of(name)[:1])):
        for order in orders[1:]:
            desk.deliver(order)
        time.sleep(3)
    stack.await_healthy(name)
    for order in orders:
        wait_until(lambda order=order: _effects(desk, order) == (2, 1, 1), f"effects of {order.id}", seconds=AFTER_A_KILL)  # type: ignore[misc]


def test_what_ends_by_itself_is_started_again(stack: Stack, desk: Desk) -> None:
    """As the restart policy says: nobody starts it here."""
    (one, _) = stack.of("parts")
    assert one.exec_run(["sh", "-c", "kill -TERM 1"]).exit_code == 0
    wait_until(lambda: _started_anew(one), "parts to be started again", seconds=AFTER_A_KILL)
    stack.await_healthy("parts")
    delivered(desk, [desk.ready()])


def _started_anew(container: Container) -> bool:
    container.reload()
    return int(container.attrs["RestartCount"]) == 1 and bool(container.attrs["State"]["Running"])


def test_reconcile_says_that_all_is_well_and_says_when_it_is_not(stack: Stack, desk: Desk) -> None:
    """Asked where the documents say, with every database's settings: with nobody to plan follow-ups, one is missing."""
    status, said = stack.once(PREPARING, "servicelane", "reconcile", "--all")
    assert status == 0, said
    order = desk.ready()
    with stack.killed(*stack.of("crm")):
        desk.deliver(order)
        wait_until(lambda: _effects_but_crm(desk, order), "billing and parts", seconds=AFTER_A_KILL)
        status, said = stack.once(PREPARING, "servicelane", "reconcile", "--all")
        assert status == 1, said
        assert "follow" in said.lower()
    stack.await_healthy("crm")
    wait_until(lambda: _effects(desk, order) == (2, 1, 1), "the follow-up", seconds=AFTER_A_KILL)
    status, said = stack.once(PREPARING, "servicelane", "reconcile", "--all")
    assert status == 0, said


def _effects_but_crm(desk: Desk, order: Order) -> bool:
    account = desk.client.get(f"/work-orders/{order.id}/account")
    return bool(account["revision"] == order.state["revision"])


@pytest.mark.parametrize(
    ("name", "changed", "line"),
    [
        (
            "crm",
            {"PASSWORD_FILE": "/run/secrets/other"},
            "PASSWORD_FILE names /run/secrets/other, which cannot be read: No such file",
        ),
        ("crm", {"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ("crm", {"PASSWORD": "p"}, "PASSWORD and PASSWORD_FILE are both set"),
        ("crm", {"WORKERS": "many"}, "WORKERS must be a number, not 'many'"),
        ("crm", {"SERVICE": ""}, "says which process this is"),
        ("gateway", {"JWT_SECRET_FILE": "/run/secrets/jwt_previous"}, "JWT_SECRET is not set"),
        ("gateway", {"ATTACHMENT_STORE": "s3://bucket"}, "ATTACHMENT_S3_ACCESS_KEY is not set"),
        ("console", {"GATEWAY_URL": "gateway"}, "GATEWAY_URL must be an address"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_a_wrong_setting_ends_a_container_with_one_line(stack: Stack, name: str, changed: dict[str, str], line: str) -> None:
    """And status 2, which is seen in the engine's list."""
    service = Composition.of().services[name]
    variables = {**service["environment"], **changed}
    status, said = stack.once(
        name, "sh", "-c", 'exec servicelane run "${SERVICE:?says which process this is}"', environment=variables
    )
    assert status == 2, said
    (only,) = said.splitlines()
    assert line in only


def test_at_the_end_all_leave_by_themselves_and_nothing_is_left(stack: Stack) -> None:
    """SIGTERM is answered by everyone in time, with status 0; then nothing of it is there any more."""
    ended = stack.stop()
    ours = {name: status for name, status in ended.items() if any(f"-{one}-" in name for one in PROCESSES)}
    assert len(ours) == 2 * (len(SERVICES) + 1)
    assert set(ours.values()) == {0}, ours
    stack.down()
    assert stack.left() == []
