"""Which broker and database a developer's machine gets: the order, said in one line each, and the sentence when there is none."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.dev.control import Server
from deploy.dev.infrastructure import Wanted, ensure, obtain
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError
from deploy.dev.state import Store


class FakeServer(Server):
    """A server that starts at once, or never."""

    key = "broker"
    name = "RabbitMQ"

    def __init__(self, store: Store, kind: str, works: bool = True) -> None:
        super().__init__(store)
        self.kind = kind
        self._works = works

    @property
    def description(self) -> str:
        return "port 1"

    def is_running(self) -> bool:
        return self._record.get("running", False)

    def start(self) -> None:
        if not self._works:
            raise InfrastructureError("it is broken")
        self._store.write(self.key, {"kind": self.kind, "running": True})

    def kill(self) -> None:
        raise NotImplementedError

    def down(self) -> None:
        self._store.write(self.key, {**self._record, "running": False})


@dataclass
class FakeMachine(Machine):
    """A computer that offers what a test says."""

    environ: dict[str, str] = field(default_factory=dict)
    root: bool = False
    docker: bool = False
    installed: bool = False
    apt: bool = False
    listening: bool = True
    said: list[str] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.said.append(line)

    def is_root(self) -> bool:
        return self.root

    def has_docker(self) -> bool:
        return self.docker

    def rabbitmq_scripts(self) -> Path | None:
        return Path("/opt/rabbitmq") if self.installed else None

    def postgres_binaries(self) -> Path | None:
        return Path("/opt/postgres") if self.installed else None

    def can_install(self) -> bool:
        return self.apt

    def install(self, package: str) -> None:
        self.packages.append(package)
        self.installed = True

    def answers(self, host: str, port: int) -> bool:
        return self.listening


def wanted(*, container_works: bool = True) -> Wanted[FakeServer]:
    return Wanted(
        key="broker",
        name="RabbitMQ",
        variable="AMQP_URI",
        package="rabbitmq-server",
        advice="Install RabbitMQ",
        container=lambda store: FakeServer(store, "container", container_works),
        private=lambda store, machine: FakeServer(store, "private") if machine.rabbitmq_scripts() else None,
    )


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.mark.parametrize(
    ("machine", "kind", "said"),
    [
        (FakeMachine(docker=True, installed=True, apt=True), "container", "a Docker engine answers"),
        (FakeMachine(installed=True, apt=True), "private", "a private"),
        (FakeMachine(apt=True), "private", "a private"),
    ],
    ids=["engine before binaries", "binaries before installing", "installing last"],
)
def test_the_first_way_that_can_be_had_is_taken_and_said(store, machine, kind, said):
    server = obtain(wanted(), store, machine)
    assert server.kind == kind
    assert server.is_running()
    assert said in machine.said[-1]


def test_what_is_missing_is_installed_and_said(store):
    machine = FakeMachine(apt=True)
    obtain(wanted(), store, machine)
    assert machine.packages == ["rabbitmq-server"]
    assert "installing rabbitmq-server with apt-get" in machine.said[0]


def test_what_is_installed_is_not_installed_again(store):
    machine = FakeMachine(installed=True, apt=True)
    obtain(wanted(), store, machine)
    assert machine.packages == []


def test_an_engine_that_gives_no_container_is_said_and_passed_over(store):
    machine = FakeMachine(docker=True, installed=True)
    assert obtain(wanted(container_works=False), store, machine).kind == "private"
    assert "it is broken" in machine.said[0]


def test_with_no_way_left_one_sentence_says_what_to_install(store):
    with pytest.raises(
        InfrastructureError, match=r"There is no RabbitMQ: .* Install RabbitMQ, start Docker, or name .* AMQP_URI"
    ):
        obtain(wanted(), store, FakeMachine())


def test_a_server_that_runs_is_found_again_whatever_else_the_machine_offers_by_now(store):
    obtain(wanted(), store, FakeMachine(installed=True))
    machine = FakeMachine(installed=True, docker=True)
    assert obtain(wanted(), store, machine).kind == "private"
    assert machine.said == ["RabbitMQ: the private that runs (port 1)."]


def test_a_server_that_ended_is_started_again_with_its_data(store):
    obtain(wanted(), store, FakeMachine(installed=True)).down()
    machine = FakeMachine(installed=True, docker=True)
    assert obtain(wanted(), store, machine).is_running()
    assert machine.said == ["RabbitMQ: starting again the private of last time (port 1)."]


def test_a_server_of_last_time_that_does_not_start_gives_way_to_another(store):
    obtain(wanted(), store, FakeMachine(docker=True)).down()
    machine = FakeMachine(installed=True)
    assert obtain(wanted(container_works=False), store, machine).kind == "private"
    assert "of last time does not start (it is broken)" in machine.said[0]


BROKER = "amqp://me:secret@bus.example:5673/north"
DATABASE = "postgresql+psycopg2://root:secret@db.example:5433/postgres"


def test_what_the_environment_names_is_reused_and_not_ours(tmp_path):
    machine = FakeMachine({"AMQP_URI": BROKER, "DATABASE_URL": DATABASE})
    found = ensure(tmp_path, machine)
    assert (found.amqp_uri, found.database_url) == (BROKER, DATABASE)
    assert (found.broker, found.database) == (None, None)
    assert found.management_url == "http://me:secret@bus.example:15672"
    assert machine.said == [
        "RabbitMQ: reusing what AMQP_URI names (bus.example).",
        "PostgreSQL: reusing what the environment names (db.example).",
    ]
    assert not (tmp_path / ".dev").exists()


def test_a_management_url_of_its_own_is_believed(tmp_path):
    named = "https://admin:x@bus.example:443"
    machine = FakeMachine({"AMQP_URI": BROKER, "DATABASE_URL": DATABASE, "RABBITMQ_MANAGEMENT_URL": named})
    assert ensure(tmp_path, machine).management_url == named


def test_a_named_server_that_does_not_answer_stops_the_run_and_is_not_replaced(tmp_path):
    machine = FakeMachine({"AMQP_URI": BROKER, "DATABASE_URL": DATABASE}, docker=True, installed=True, listening=False)
    with pytest.raises(InfrastructureError, match=r"AMQP_URI leads to bus\.example:5673, but nothing answers there"):
        ensure(tmp_path, machine)


def test_the_services_database_setting_is_not_taken_for_a_superusers(tmp_path):
    services = "postgresql+psycopg2://{service}:x@db.example/{service}"
    machine = FakeMachine({"AMQP_URI": BROKER, "DATABASE_URL": services})
    with pytest.raises(InfrastructureError, match="ADMIN_DATABASE_URL"):
        ensure(tmp_path, machine)
    machine.environ["ADMIN_DATABASE_URL"] = DATABASE
    assert ensure(tmp_path, machine).database_url == DATABASE


@pytest.mark.parametrize(("root", "forbidden", "expected"), [(True, "", True), (True, "1", False), (False, "", False)])
def test_apt_is_used_only_by_root_and_unless_forbidden(monkeypatch, root, forbidden, expected):
    machine = Machine()
    machine.environ = {"SERVICELANE_NO_APT": forbidden}
    monkeypatch.setattr(machine, "is_root", lambda: root)
    monkeypatch.setattr("shutil.which", lambda program: f"/usr/bin/{program}")
    assert machine.can_install() is expected
