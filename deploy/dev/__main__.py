"""`python -m deploy.dev up|down|status|env|clean`: the private servers of this working copy."""

from __future__ import annotations

import argparse
import shutil
import sys

from deploy.dev.control import Broker, Database
from deploy.dev.infrastructure import BROKER, DATABASE, PROJECT, ensure, open_store, recorded
from deploy.dev.machine import Machine
from deploy.dev.processes import InfrastructureError, exit_code, say


def up() -> None:
    """Start what does not run yet."""
    ensure()


def down() -> None:
    """End what was started here; the data stays for the next start."""
    machine = Machine()
    store = open_store(PROJECT, machine)
    with store.locked():
        for server in _recorded(machine):
            if server.is_running():
                say(f"{server.name}: stopping ({server.description}).")
            server.down()


def clean() -> None:
    """End what was started here and delete its data."""
    machine = Machine()
    store = open_store(PROJECT, machine)
    with store.locked():
        for server in _recorded(machine):
            server.discard()
        shutil.rmtree(store.directory)


def status() -> None:
    """Say what runs; exit code 1 unless both do."""
    servers = _recorded(Machine())
    running = [server for server in servers if server.is_running()]
    for server in servers:
        state = f"runs, {server.kind} ({server.description})" if server in running else "does not run"
        say(f"{server.name}: {state}.")
    if len(running) < 2:
        raise InfrastructureError("Not everything runs; start it with `make up`.")


def env() -> None:
    """Print shell lines that name the running servers: eval "$(python -m deploy.dev env)"."""
    machine = Machine()
    store = open_store(PROJECT, machine)
    broker, database = recorded(BROKER, store, machine), recorded(DATABASE, store, machine)
    if not (broker and broker.is_running() and database and database.is_running()):
        raise InfrastructureError("Not everything runs; start it with `make up`.")
    for name, value in [
        ("AMQP_URI", broker.amqp_uri),
        ("RABBITMQ_MANAGEMENT_URL", broker.management_url),
        ("ADMIN_DATABASE_URL", database.url),
    ]:
        sys.stdout.write(f"export {name}='{value}'\n")


def _recorded(machine: Machine) -> list[Broker | Database]:
    store = open_store(PROJECT, machine)
    servers = [recorded(BROKER, store, machine), recorded(DATABASE, store, machine)]
    return [server for server in servers if server]


def main() -> int:
    """Run one command; a failure is one line on standard error and exit code 1, Ctrl-C is 130."""
    commands = {"up": up, "down": down, "status": status, "env": env, "clean": clean}
    parser = argparse.ArgumentParser(prog="python -m deploy.dev", description=__doc__)
    parser.add_argument("command", choices=commands)
    return exit_code(commands[parser.parse_args().command])


if __name__ == "__main__":
    sys.exit(main())
