"""`servicelane run --embedded`: what a newcomer meets, and what operators do to the folder of a suite that runs."""

import json
import signal
import stat
from pathlib import Path

import pytest

from deploy.dev.state import free_port
from deploy.local.child import Child, bare_environment
from deploy.local.installation import COMMAND
from servicelane.embedded import LOCK_FILE, LOG_FILE, SECRET_FILE
from servicelane.suite import SERVICES
from tests.deployment import Embedded
from tests.waiting import awaited


@pytest.fixture(scope="module")
def embedded(own_embedded: Embedded) -> Embedded:
    """One that may be stopped."""
    return own_embedded


def test_a_second_suite_on_the_folder_is_told_which_process_has_it(embedded: Embedded) -> None:
    """It ends at once; the first goes on."""
    done = embedded.second()
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert f"process {(embedded.data / LOCK_FILE).read_text().strip()} " in line
    assert embedded.process.running


def test_operators_work_on_the_folder_of_a_suite_that_runs(embedded: Embedded) -> None:
    """What there is nothing of is said so."""
    letters = embedded.command("dead-letters", "list", "billing")
    assert (letters.returncode, letters.stdout) == (0, "billing has no dead letters\n")
    proof = embedded.command("reconcile", "--all")
    assert (proof.returncode, proof.stdout.partition(";")[0]) == (0, "every invariant holds")
    unknown = embedded.command("reconcile", "--dealer", "nobody")
    assert (unknown.returncode, unknown.stderr) == (2, "servicelane: there is no dealer 'nobody'\n")


def test_only_their_owner_may_read_the_files(embedded: Embedded) -> None:
    """Databases and what SQLite keeps beside them, log, secret, lock, and the folder of attachments."""
    modes = {file.name: (file.is_dir(), stat.S_IMODE(file.stat().st_mode)) for file in embedded.data.iterdir()}
    assert {f"{name}.sqlite" for name in SERVICES} | {"parts.sqlite-wal", LOG_FILE, SECRET_FILE, LOCK_FILE} <= set(modes)
    assert set(modes.values()) == {(False, 0o600), (True, 0o700)}
    assert stat.S_IMODE(embedded.data.stat().st_mode) == 0o700


def test_the_log_is_json_in_the_folder_and_the_welcome_says_where(embedded: Embedded) -> None:
    """From INFO on; the terminal is spared what is no trouble."""
    events = [json.loads(line)["event"] for line in (embedded.data / LOG_FILE).read_text().splitlines()]
    assert {"service_started", "http_listening"} <= set(events)
    said = embedded.process.log.read_text()
    assert str(embedded.data / LOG_FILE) in said
    assert "service_started" not in said


def test_an_earlier_starts_files_are_closed_to_others_too(embedded: Embedded) -> None:
    """And a suite that is stopped by Ctrl-C ends with status 0, starts again, and says nothing but its welcome."""
    embedded.process.signal(signal.SIGINT)
    assert embedded.process.wait(60) == 0
    (embedded.data / "crm.sqlite").chmod(0o644)
    embedded.data.chmod(0o755)
    embedded.start()
    assert stat.S_IMODE((embedded.data / "crm.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE(embedded.data.stat().st_mode) == 0o700
    assert "Traceback" not in embedded.process.log.read_text()


@pytest.mark.parametrize("what", ["run", "demo"])
def test_an_interrupted_start_says_nothing(tmp_path: Path, what: str) -> None:
    """Ctrl-C while it prepares; the demo leaves nothing behind."""
    arguments = {"run": ["run", "--embedded", "--data", str(tmp_path / "data"), "--port", str(free_port())], "demo": ["demo"]}[
        what
    ]
    process = Child(what, [*COMMAND, *arguments], {**bare_environment(), "TMPDIR": str(tmp_path)}, tmp_path / "log")
    awaited(lambda: any(tmp_path.glob("*/gateway.sqlite")) or not process.running, "the databases to be made", 30)
    process.signal(signal.SIGINT)
    assert process.wait(60) in (0, 130)
    assert (tmp_path / "log").read_text().replace(f"Preparing the suite in {tmp_path}/data …", "").strip() == ""
    assert not list(tmp_path.glob("servicelane-demo-*"))
