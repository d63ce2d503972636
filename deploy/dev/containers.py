"""RabbitMQ and PostgreSQL as containers of a Docker engine, asked through its SDK.

The SDK comes with the virtual environment and is imported when an engine is asked for the first time: what runs before there is
an environment does not need one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from deploy.dev.control import BROKER_USER, SUPERUSER, Broker, Database
from deploy.dev.processes import InfrastructureError, accepts_connections, last_words, wait_until
from deploy.dev.progress import Progress, last_line
from deploy.dev.state import Store, choose_ports, project_hash

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container as Engines

RABBITMQ_IMAGE = "rabbitmq:3.13-management"
POSTGRES_IMAGE = "postgres:15"
ENGINE_SECONDS = 60
ANSWER_SECONDS = 20
START_SECONDS = 90
STOP_SECONDS = 30


def engine(seconds: int = ENGINE_SECONDS) -> docker.DockerClient:
    """The engine that DOCKER_HOST names, else that of the command line's context. Raises InfrastructureError without one."""
    with asking("to be reached"):
        import docker  # noqa: PLC0415
        from docker.context import ContextAPI  # noqa: PLC0415

        if os.environ.get("DOCKER_HOST"):
            return docker.from_env(timeout=seconds)
        context = ContextAPI.get_current_context()
        return docker.DockerClient(base_url=context.Host if context else None, timeout=seconds)


def engine_answers() -> bool:
    """Whether a Docker engine can be reached from here."""
    try:
        with asking("to answer"):
            return engine(ANSWER_SECONDS).ping()
    except InfrastructureError:
        return False


@contextmanager
def asking(what: str) -> Iterator[None]:
    """What the engine refuses is one sentence."""
    try:
        from docker.errors import DockerException  # noqa: PLC0415
        from requests import RequestException  # noqa: PLC0415
    except ImportError as error:
        raise InfrastructureError("The Docker engine cannot be asked without its SDK: `make venv` installs it.") from error
    try:
        yield
    except (DockerException, RequestException) as error:
        raise InfrastructureError(f"The Docker engine was asked {what}: {last_words(str(error))}") from error


class Container:
    """One named container whose ports are published on the loopback and stay when it restarts."""

    def __init__(self, name: str, image: str) -> None:
        self.name = name
        self._image = image

    def runs(self) -> bool:
        """Whether it lives; a paused container does."""
        try:
            return bool(self._state()["Running"])
        except InfrastructureError:
            return False

    def exists(self) -> bool:
        """Whether it was ever made, running or not."""
        with asking("for its containers"):
            return any(one.name == self.name for one in engine().containers.list(all=True, filters={"name": f"^/?{self.name}$"}))

    def start(self, published: Mapping[int, int], environment: Mapping[str, str], command: Sequence[str] = ()) -> None:
        """Start it with the data it has; make it when there is none, publishing {inner port: port on the loopback}."""
        if self.exists():
            with self._asking("to start") as container:
                container.start()
            return
        with asking(f"for a container of {self._image}"):
            self._pull()
            engine().containers.run(
                self._image,
                list(command),
                detach=True,
                name=self.name,
                hostname=self.name,  # RabbitMQ names its data after the host name: a stable one lets it find them again
                ports={f"{inner}/tcp": ("127.0.0.1", outer) for inner, outer in published.items()},
                environment=dict(environment),
            )

    def stop(self, signal: str = "SIGTERM") -> None:
        """End it with `signal`, by force after 30 s."""
        if self.runs():
            with self._asking("to end") as container:
                container.kill(signal)
            try:
                wait_until(lambda: not self.runs(), f"the end of {self.name}", seconds=STOP_SECONDS)
            except InfrastructureError:
                with self._asking("to be killed") as container:
                    container.kill()

    def discard(self) -> None:
        """End it and delete it with its data."""
        if self.exists():
            with self._asking("to be removed") as container:
                container.remove(force=True, v=True)

    def pause(self) -> None:
        """Freeze it."""
        with self._asking("to be frozen") as container:
            container.pause()

    def is_paused(self) -> bool:
        """Whether it was frozen."""
        return self.runs() and bool(self._state()["Paused"])

    def resume(self) -> None:
        """Let it go on if it was frozen."""
        if self.is_paused():
            with self._asking("to go on") as container:
                container.unpause()

    def execute(self, *command: str) -> None:
        """Run a command inside of it. Raises InfrastructureError with its last words when it fails."""
        with self._asking(f"to run {command[0]}") as container:
            done = container.exec_run(list(command))
        if done.exit_code:
            said = last_words(str(done.output, errors="replace"))  # type: ignore[arg-type]  # bytes, as it was not to be a stream
            raise InfrastructureError(f"{' '.join(command[:2])} failed in {self.name}: {said}")

    def _state(self) -> dict[str, Any]:
        with self._asking("how it is") as container:
            return dict(container.attrs["State"])

    @contextmanager
    def _asking(self, what: str) -> Iterator[Engines]:
        with asking(f"{what}, container {self.name}"):
            yield engine().containers.get(self.name)

    def _pull(self) -> None:
        """Fetch the image, if it is not there, and show how far that is."""
        from docker.errors import ImageNotFound  # noqa: PLC0415

        try:
            engine().images.get(self._image)
        except ImageNotFound:
            progress, said = Progress(f"docker pull {self._image}", last_line), ""
            try:
                for one in engine().api.pull(self._image, stream=True, decode=True):
                    if "error" in one:
                        raise InfrastructureError(f"{self._image} cannot be fetched: {one['error']}") from None
                    said = f"{one.get('status', json.dumps(one))} {one.get('progress', '')}"
                    progress.tick(lambda said=said: said)  # type: ignore[misc]  # its default says what it is
            finally:
                progress.end()


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
        self._container.pause()

    def resume(self) -> None:
        self._container.resume()

    def down(self) -> None:
        self.stop()

    def discard(self) -> None:
        self._container.discard()

    def _rabbitmqctl(self, *arguments: str) -> None:
        self._container.execute("rabbitmqctl", *arguments)


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
            self._container.execute("pg_isready", "--host", "127.0.0.1")
        except InfrastructureError:
            return False
        return True

    def _psql(self, statement: str) -> None:
        self._container.execute("psql", "-X", "-q", "-U", SUPERUSER, "-d", "postgres", "-c", statement)
