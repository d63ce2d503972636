"""RabbitMQ and PostgreSQL as containers of a local Docker engine, driven through its command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from deploy.dev.control import BROKER_USER, SUPERUSER, Broker, Database
from deploy.dev.processes import InfrastructureError, accepts_connections, run, wait_until
from deploy.dev.progress import Progress, last_line
from deploy.dev.state import Store, choose_ports, project_hash

RABBITMQ_IMAGE = "rabbitmq:3.13-management"
POSTGRES_IMAGE = "postgres:15"
PULL_SECONDS = 600
START_SECONDS = 90
STOP_SECONDS = 30


def docker(*arguments: str, seconds: float = 60, progress: Progress | None = None) -> str:
    """Run one docker command and return what it printed."""
    return run(["docker", *arguments], seconds=seconds, progress=progress).strip()


def engine_answers() -> bool:
    """Whether a Docker engine can be reached from here."""
    try:
        return bool(docker("info", "--format", "{{.ServerVersion}}", seconds=20))
    except InfrastructureError:
        return False


class Container:
    """One named container whose ports are published on the loopback and stay when it restarts."""

    def __init__(self, name: str, image: str) -> None:
        self.name = name
        self._image = image

    def runs(self) -> bool:
        """Whether it lives; a paused container does."""
        try:
            return docker("inspect", "--format", "{{.State.Running}}", self.name) == "true"
        except InfrastructureError:
            return False

    def exists(self) -> bool:
        """Whether it was ever made, running or not."""
        return docker("ps", "--all", "--quiet", "--filter", f"name=^{self.name}$") != ""

    def start(self, published: Mapping[int, int], environment: Mapping[str, str], command: tuple[str, ...] = ()) -> None:
        """Start it with the data it has; make it when there is none, publishing {inner port: port on the loopback}."""
        if self.exists():
            docker("start", self.name)
            return
        ports = [part for inner, outer in published.items() for part in ("--publish", f"127.0.0.1:{outer}:{inner}")]
        variables = [part for name, value in environment.items() for part in ("--env", f"{name}={value}")]
        # RabbitMQ names its data after the host name: a stable one lets it find them again.
        arguments = ["--detach", "--name", self.name, "--hostname", self.name, *ports, *variables, self._image, *command]
        docker("run", *arguments, seconds=PULL_SECONDS, progress=Progress(f"docker run {self._image}", last_line))

    def stop(self, signal: str = "SIGTERM") -> None:
        """End it with `signal`, by force after 30 s."""
        if self.runs():
            docker("kill", "--signal", signal, self.name)
            try:
                wait_until(lambda: not self.runs(), f"the end of {self.name}", seconds=STOP_SECONDS)
            except InfrastructureError:
                docker("kill", self.name)

    def discard(self) -> None:
        """End it and delete it with its data."""
        if self.exists():
            docker("rm", "--force", "--volumes", self.name)

    def is_paused(self) -> bool:
        """Whether it was frozen."""
        return self.runs() and docker("inspect", "--format", "{{.State.Paused}}", self.name) == "true"

    def resume(self) -> None:
        """Let it go on if it was frozen."""
        if self.is_paused():
            docker("unpause", self.name)


class ContainerBroker(Broker):
    """RabbitMQ in a container."""

    kind = "Docker container"
    record_kind = "container"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._container = Container(f"servicelane-{project_hash(store.directory)}-rabbitmq", RABBITMQ_IMAGE)

    @property
    def description(self) -> str:
        return f"127.0.0.1:{self.port}, container {self._container.name}"

    def is_running(self) -> bool:
        return bool(self._record) and self._container.runs() and accepts_connections(self.port)

    def start(self) -> None:
        self.resume()
        if self.is_running():
            self._clear_alarm()
            return
        ports = self._record.get("ports") or choose_ports(["amqp", "management"], {}, self._container.name)
        if not self._container.runs():
            self._container.start(
                {5672: ports["amqp"], 15672: ports["management"]},
                {"RABBITMQ_DEFAULT_USER": BROKER_USER, "RABBITMQ_DEFAULT_PASS": self._password},
            )
        self._store.write(self.key, {"kind": self.record_kind, "ports": ports})
        wait_until(self._answers, f"RabbitMQ's start in container {self._container.name}", seconds=START_SECONDS)

    def stop(self) -> None:
        self.resume()
        self._container.stop()

    def kill(self) -> None:
        self._container.stop("SIGKILL")

    def pause(self) -> None:
        docker("pause", self._container.name)

    def resume(self) -> None:
        self._container.resume()

    def down(self) -> None:
        self.stop()

    def discard(self) -> None:
        self._container.discard()

    def _rabbitmqctl(self, *arguments: str) -> None:
        docker("exec", self._container.name, "rabbitmqctl", *arguments)


class ContainerDatabase(Database):
    """PostgreSQL in a container."""

    kind = "Docker container"
    record_kind = "container"

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._container = Container(f"servicelane-{project_hash(store.directory)}-postgres", POSTGRES_IMAGE)

    @property
    def description(self) -> str:
        return f"127.0.0.1:{self.port}, container {self._container.name}"

    def is_running(self) -> bool:
        return bool(self._record) and self._container.runs() and accepts_connections(self.port)

    def start(self) -> None:
        ports = self._record.get("ports") or choose_ports(["postgres"], {}, self._container.name)
        if not self._container.runs():
            self._container.start(
                {5432: ports["postgres"]},
                {
                    "POSTGRES_USER": SUPERUSER,
                    "POSTGRES_PASSWORD": self._password,
                    "POSTGRES_INITDB_ARGS": "--encoding=UTF8 --locale=C",
                },
                ("-c", "max_connections=400", "-c", "shared_buffers=256MB", "-c", "shared_preload_libraries=pg_stat_statements"),
            )
        self._store.write(self.key, {"kind": self.record_kind, "ports": ports})
        wait_until(self._answers, f"PostgreSQL's start in container {self._container.name}", seconds=START_SECONDS)

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        self._container.stop({"fast": "SIGINT", "immediate": "SIGQUIT"}[mode])

    def kill(self) -> None:
        self._container.stop("SIGKILL")

    def down(self) -> None:
        self.stop()

    def discard(self) -> None:
        self._container.discard()

    def _answers(self) -> bool:
        """Asked over TCP: while the image prepares a new cluster, its server listens on the socket alone."""
        try:
            docker("exec", self._container.name, "pg_isready", "--host", "127.0.0.1")
        except InfrastructureError:
            return False
        return True

    def _psql(self, statement: str) -> None:
        docker("exec", self._container.name, "psql", "-X", "-q", "-U", SUPERUSER, "-d", "postgres", "-c", statement)
