"""Servers that outlive their starter: recognised, never confused with another process, ended in time."""

import signal
import subprocess
import sys

import pytest

from deploy.dev.control import Database
from deploy.dev.postgres import PrivateDatabase
from deploy.dev.processes import InfrastructureError, Process, launch, run, wait_until
from deploy.dev.rabbitmq import PrivateBroker
from deploy.dev.state import Store

PATH = {"PATH": "/usr/bin:/bin"}


@pytest.fixture
def sleeper(tmp_path):
    process = launch(["sleep", "60"], env=PATH, log=tmp_path / "log", cwd=tmp_path)
    yield process
    process.send(signal.SIGKILL)


def test_a_launched_process_is_no_child_of_ours_and_can_be_ended(sleeper):
    assert sleeper.runs
    assert sleeper.pid not in [child.pid for child in Process.of(_own_pid()).children()]
    sleeper.end(what="the sleeper", seconds=5)
    assert not sleeper.runs


def _own_pid():
    return int(subprocess.run(["sh", "-c", "echo $PPID"], capture_output=True, text=True, check=True).stdout)


def test_a_later_process_with_the_same_pid_is_another_one(sleeper):
    stale = Process(sleeper.pid, "long ago")
    assert not stale.runs
    stale.send(signal.SIGKILL)
    assert sleeper.runs


def test_a_frozen_process_still_lives_and_one_that_ignores_us_is_killed(tmp_path):
    script = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    log = tmp_path / "log"
    stubborn = launch([sys.executable, "-c", script], env=PATH, log=log, cwd=tmp_path)
    wait_until(lambda: "ready" in log.read_text(), "the stubborn process to be ready", seconds=10)
    stubborn.send(signal.SIGSTOP)
    assert stubborn.runs
    stubborn.end(what="the stubborn process", seconds=0.3)
    assert not stubborn.runs


def test_a_zombie_has_ended():
    child = subprocess.Popen(["sleep", "60"])
    process = Process.of(child.pid)
    child.kill()
    wait_until(lambda: not process.runs, "the zombie to count as ended", seconds=5)
    child.wait()


def test_children_are_found(tmp_path):
    parent = launch(["sh", "-c", "sleep 60 & sleep 60"], env=PATH, log=tmp_path / "log", cwd=tmp_path)
    wait_until(lambda: len(parent.children()) == 2, "two children", seconds=5)
    family = [*parent.children(), parent]
    for member in family:
        member.send(signal.SIGKILL)
    wait_until(lambda: not any(member.runs for member in family), "the family's end", seconds=5)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["sh", "-c", "echo no space left; exit 3"], "no space left"),
        (["no-such-program"], "no-such-program is not installed"),
        (["sleep", "60"], r"in vain: the end of sleep"),
    ],
)
def test_a_failing_command_is_told_in_its_own_words(command, sentence):
    with pytest.raises(InfrastructureError, match=sentence):
        run(command, seconds=0.5)


def test_a_server_that_ends_at_once_is_told_with_its_log(tmp_path):
    scripts = tmp_path / "rabbitmq-server"
    scripts.write_text("#!/bin/sh\necho this node is broken\n")
    scripts.chmod(0o755)
    broker = PrivateBroker(Store(tmp_path), tmp_path)
    try:
        with pytest.raises(InfrastructureError, match=r"output\.log: .*this node is broken"):
            broker.start()
    finally:
        broker.down()


def test_waiting_names_what_was_awaited():
    with pytest.raises(InfrastructureError, match=r"Waited 0\.2 s in vain: the impossible\."):
        wait_until(lambda: False, "the impossible", seconds=0.2)


def test_a_stale_state_file_names_no_running_server(tmp_path, sleeper):
    """After a reboot the pid belongs to somebody else: neither recognised as ours nor ended."""
    store = Store(tmp_path)
    ports = {"amqp": 1, "postgres": 1}
    for key in ("broker", "database"):
        store.write(key, {"kind": "private", "pid": sleeper.pid, "started": "long ago", "ports": ports})
    servers = [PrivateBroker(store, tmp_path), PrivateDatabase(store, tmp_path, None)]
    assert not any(server.is_running() for server in servers)
    for server in servers:
        server.down()
        server.kill()
    assert sleeper.runs


def test_a_database_name_is_quoted_when_its_connections_are_ended(tmp_path):
    said = []

    class Recorder(PrivateDatabase):
        def _psql(self, statement):
            said.append(statement)

    database: Database = Recorder(Store(tmp_path), tmp_path, None)
    database.terminate_connections("o'hare")
    assert "datname = 'o''hare'" in said[0]
