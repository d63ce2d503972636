"""The alerts, tried by Prometheus' own tools and on a running suite: they fire and are over, and every panel shows something."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.desk import Dealer, Desk
from deploy.local.installation import PASSWORD
from deploy.watching.dashboards import BOARDS
from deploy.watching.kubernetes import RULES
from servicelane import suite
from servicelane.client import Client
from servicelane.dealership import open_group
from tests.collector import Collector
from tests.deployment import Deployment
from tests.drills.prometheus import Prometheus, tool
from tests.faults.servers import Servers
from tests.infrastructure import Databases, Vhosts
from tests.waiting import awaited

pytestmark = pytest.mark.drill

TESTS = RULES.with_name("rules_test.yaml")
ANOTHER = {
    "dealer": "sh-waiting",
    "name": "等待店",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "locale": "zh",
    "tax_mode": "inclusive",
}


def tried(folder: Path, rules: str) -> subprocess.CompletedProcess[str]:
    """What promtool says of these rules and our tests."""
    promtool = tool("promtool", "no rule was tried")
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    (folder / "rules_test.yaml").write_text(TESTS.read_text(encoding="utf-8"), encoding="utf-8")
    command = [promtool, "test", "rules", str(folder / "rules_test.yaml")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_every_alert_fires_and_is_over(tmp_path: Path) -> None:
    """As rules_test.yaml has it, one story for each."""
    done = tried(tmp_path, RULES.read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" == 1) > 30", " == 1) > 300"),
        ("servicelane_outbox_oldest_seconds\n          and on (service, instance) servicelane_leading", "servicelane_leading"),
        ('{kind="dead"}) > 0', "{}) > 0"),
        ("(increase(servicelane_outbox_returned_total[10m])) > 0", "(servicelane_outbox_returned_total) > 0"),
        ('{queue!~".+[.]dead-letters"}) > 200', ") > 200"),
        (" > max by (service, queue) (servicelane_queue_messages offset 5m)", " > 0"),
        ("(servicelane_leading) == 0", "(servicelane_leading) < 0"),
        ('up{job="servicelane"} == 0', "up == 0"),
        ("> 36 * 3600", "> 360 * 3600"),
        ("max(servicelane_reconcile_findings) > 0", "max(servicelane_reconcile_findings) > 2"),
        ("max by (database) (servicelane_backup_finished_seconds)", "max(servicelane_backup_finished_seconds)"),
        (" and servicelane_database_connections_most > 1", ""),
        ("[5m]))) > 0.5", "[5m]))) > 5"),
        ("> 14.4 * 0.001\n", "> 144 * 0.001\n"),
        ("[1h])) > 30", "[1h])) > 0"),
        ("> 6 * 0.001 and", "> 60 * 0.001 and"),
    ],
)
def test_the_stories_notice_a_rule_that_is_wrong(tmp_path: Path, old: str, new: str) -> None:
    """Each condition of each alert is one that some story needs."""
    rules = RULES.read_text(encoding="utf-8")
    assert old in rules
    assert tried(tmp_path, rules.replace(old, new)).returncode != 0


@dataclass(frozen=True)
class Watched:
    """A suite on servers of its own, which a Prometheus looks at and a collector hears."""

    servers: Servers
    fleet: Deployment
    prometheus: Prometheus
    admin: Client
    desk: Desk


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One process per service, one dealer, and an order that was delivered."""
    folder = tmp_path_factory.mktemp("watched")
    tool("prometheus", "no alert was seen to fire")
    servers = Servers(folder / "servers")
    vhosts, databases = Vhosts(servers.infrastructure), Databases(servers.infrastructure)
    fleet = Deployment(vhosts.make(), {name: databases.make(name) for name in suite.SERVICES}, folder)
    with Collector() as collector, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        try:
            fleet.open()
            with Prometheus(folder, [one.probe for one in fleet.replicas]) as prometheus:
                admin = Client.sign_in(fleet.base_url, "admin", PASSWORD)
                open_group(admin)
                dealer = Dealer.open(admin, fleet.base_url, "sh-watched")
                client = Client(fleet.base_url, dealer.refresh_token, dealer=dealer.name)
                desk = Desk(dealer.name, client, dealer.walk_in)
                yield Watched(servers, fleet, prometheus, admin, desk)
        finally:
            fleet.stop()
            servers.close()


def test_every_panel_shows_something(watched: Watched) -> None:
    """After a delivery every query of every dashboard has an answer, of the metrics as they are called and labelled today."""
    for _ in range(3):
        watched.desk.deliver(watched.desk.ready())
    silent = {
        (board.title, panel.title, query): query for board in BOARDS for panel in board.panels for query, _ in panel.queries
    }

    def all_answered() -> bool:
        for one, query in [*silent.items()]:
            if watched.prometheus.ask(query):
                del silent[one]
        return not silent

    awaited(all_answered, f"an answer for {silent}", 120)


def test_all_is_quiet_while_all_is_well(watched: Watched) -> None:
    """Nobody is called for a suite that works."""
    awaited(lambda: watched.prometheus.ask("sum(servicelane_leading)"), "leaders")
    assert watched.prometheus.firing() == set()


def test_a_broker_that_is_away_calls_somebody_until_it_is_back(watched: Watched) -> None:
    """What is committed and cannot be published grows old; once it could be, the alert is over."""
    watched.servers.broker.stop()
    try:
        watched.admin.post("/dealers", ANOTHER)
        awaited(lambda: ("OutboxOld", "gateway") in watched.prometheus.firing(), "the alert", 240)
    finally:
        watched.servers.broker.start()
    awaited(lambda: ("OutboxOld", "gateway") not in watched.prometheus.firing(), "the alert to be over", 240)


def test_a_process_that_ended_calls_somebody_until_it_is_back(watched: Watched) -> None:
    """Killed, and started again on the address it had."""
    [crm] = watched.fleet.of("crm")
    crm.kill()
    awaited(lambda: "ProcessDown" in {name for name, _ in watched.prometheus.firing()}, "the alert", 180)
    watched.fleet.start("crm", probe_address=crm.probe)
    awaited(lambda: "ProcessDown" not in {name for name, _ in watched.prometheus.firing()}, "the alert to be over", 180)
