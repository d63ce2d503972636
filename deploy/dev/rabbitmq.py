"""A private RabbitMQ: its own node name, ports, data, cookie and port mapper, on the loopback only."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from deploy.dev.control import BROKER_USER, MEMORY_WATERMARK, Broker
from deploy.dev.processes import InfrastructureError, Process, accepts_connections, last_words, launch, run, wait_until
from deploy.dev.state import Store, choose_ports, create_private, project_hash, secret, write_atomically

START_SECONDS = 90
STOP_SECONDS = 30
TOOL_SECONDS = 90
# Debian's own scripts insist on the user rabbitmq; the ones they call do not.
SCRIPT_DIRECTORIES = (
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/opt/rabbitmq*/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
)


def find_scripts() -> Path | None:
    """The directory of RabbitMQ's own start scripts, the newest version's; None when it is not installed."""
    found = [
        directory
        for pattern in SCRIPT_DIRECTORIES
        for directory in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
        if (directory / "rabbitmq-server").exists()
    ]
    return found[0] if found else None


class PrivateBroker(Broker):
    """Our own RabbitMQ node, started from installed binaries."""

    kind = "private instance of installed binaries"
    record_kind = "private"

    def __init__(self, store: Store, scripts: Path) -> None:
        super().__init__(store)
        self._scripts = scripts
        self._directory = store.directory / "rabbitmq"
        self._output = self._directory / "output.log"

    @property
    def description(self) -> str:
        return f"127.0.0.1:{self.port}, pid {self._record['pid']}, logs in {self._directory / 'log'}"

    def is_running(self) -> bool:
        return self._node() is not None and accepts_connections(self.port)

    def start(self) -> None:
        self.resume()
        if self.is_running():
            self._clear_alarm()
            return
        self.kill()
        create_private(self._directory)
        # Its port mapper may have outlived the node; then its port stays.
        epmd = self._epmd()
        kept = self._record.get("ports", {})
        ports = choose_ports(["amqp", "management", "distribution"], kept, str(self._directory))
        ports["epmd"] = self._epmd_port() if epmd else choose_ports(["epmd"], kept, f"{self._directory}/epmd")["epmd"]
        self._write_configuration(ports)
        epmd = epmd or self._start_epmd(ports)
        node = launch([self._scripts / "rabbitmq-server"], env=self._environment(ports), log=self._output, cwd=self._directory)
        record = {"kind": self.record_kind, "pid": node.pid, "started": node.started, "ports": ports}
        self._store.write(self.key, record | {"epmd_pid": epmd.pid, "epmd_started": epmd.started})
        wait_until(lambda: self._is_up(node), f"RabbitMQ's start, see {self._output}", seconds=START_SECONDS)

    def stop(self) -> None:
        self.resume()
        if node := self._node():
            node.end(what="RabbitMQ", seconds=STOP_SECONDS)

    def kill(self) -> None:
        if node := self._node():
            node.end(signal.SIGKILL, what="RabbitMQ after SIGKILL")

    def pause(self) -> None:
        if node := self._node():
            node.send(signal.SIGSTOP)

    def resume(self) -> None:
        if node := self._node():
            node.send(signal.SIGCONT)

    def down(self) -> None:
        self.stop()
        if epmd := self._epmd():
            epmd.end(what="the private epmd")

    def _node(self) -> Process | None:
        return Process.recorded(self._record.get("pid"), self._record.get("started"))

    def _epmd(self) -> Process | None:
        return Process.recorded(self._record.get("epmd_pid"), self._record.get("epmd_started"))

    def _epmd_port(self) -> int:
        return int(self._record["ports"]["epmd"])

    def _nodename(self) -> str:
        return f"servicelane-{project_hash(self._directory)}@localhost"

    def _more_configuration(self) -> list[str]:
        """What else stands in rabbitmq.conf."""
        return []

    def _is_up(self, node: Process) -> bool:
        if not node.runs:
            words = last_words(self._output.read_text(encoding="utf-8", errors="replace"))
            raise InfrastructureError(f"RabbitMQ ended while it started; its log is {self._output}: {words}")
        return self._answers() and accepts_connections(self.port)

    def _rabbitmqctl(self, *arguments: str) -> None:
        self._tool("rabbitmqctl", *arguments)

    def _tool(self, program: str, *arguments: str) -> str:
        """What one of RabbitMQ's own programs said."""
        environment = self._environment(self._record["ports"])
        return run([self._scripts / program, *arguments], env=environment, cwd=self._directory, seconds=TOOL_SECONDS)

    def _start_epmd(self, ports: dict[str, int]) -> Process:
        epmd = launch(["epmd"], env=self._environment(ports), log=self._output, cwd=self._directory)
        wait_until(lambda: accepts_connections(ports["epmd"]), "Erlang's port mapper epmd to listen", seconds=10)
        return epmd

    def _write_configuration(self, ports: dict[str, int]) -> None:
        cookie = self._directory / ".erlang.cookie"
        secret(cookie)
        cookie.chmod(0o400)  # Erlang refuses a cookie that others may read
        write_atomically(self._directory / "enabled_plugins", "[rabbitmq_management].\n")
        lines = [
            f"listeners.tcp.1 = 127.0.0.1:{ports['amqp']}",
            "management.tcp.ip = 127.0.0.1",
            f"management.tcp.port = {ports['management']}",
            f"default_user = {BROKER_USER}",
            f"default_pass = {self._password}",
            f"vm_memory_high_watermark.relative = {MEMORY_WATERMARK}",
            "disk_free_limit.absolute = 256MB",
            # A small write-ahead log: a killed node reads it back whole before it answers.
            "raft.wal_max_size_bytes = 67108864",
            *self._more_configuration(),
        ]
        write_atomically(self._directory / "rabbitmq.conf", "\n".join(lines) + "\n")

    def _environment(self, ports: dict[str, int]) -> dict[str, str]:
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._directory),  # Erlang looks for its cookie there
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": self._nodename(),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,  # the machine's own rabbitmq-env.conf is not ours
            "RABBITMQ_CONFIG_FILE": str(self._directory / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._directory / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self._directory / "data"),
            "RABBITMQ_LOG_BASE": str(self._directory / "log"),
            "RABBITMQ_DIST_PORT": str(ports["distribution"]),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": loopback,
            "RABBITMQ_CTL_ERL_ARGS": loopback,
            "ERL_EPMD_PORT": str(ports["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            # The start script then becomes the node instead of waiting beside it: one process, one pid.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
