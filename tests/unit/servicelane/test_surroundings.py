"""What stands around a command - no terminal, a full disk, no output at all, a wrong address - is named in one line."""

import subprocess
from pathlib import Path

import pytest

from deploy.dev.infrastructure import PROJECT
from deploy.local.installation import COMMAND
from tests.unit.servicelane.command import SECRET, SERVERS_AWAY, environment, servicelane, the_line


@pytest.mark.parametrize("variable", ["HTTP_ADDRESS", "PROBE_ADDRESS"])
@pytest.mark.parametrize("address", ["x", "127.0.0.1", "9000", "127.0.0.1:many", "127.0.0.1:99999"])
def test_a_wrong_address_stops_the_start_although_the_servers_are_away(variable: str, address: str) -> None:
    """Nothing is begun that a setting would end."""
    done = servicelane("run", "gateway", **SERVERS_AWAY, **{variable: address})
    assert the_line(done) == f"servicelane: {variable} must be host:port, not {address!r}"


def test_an_at_in_a_password_is_named_and_no_part_of_it_is_shown() -> None:
    """It would be taken for the end of the password."""
    url = f"postgresql+psycopg2://u:12{SECRET}@{SECRET}@127.0.0.1:9/db"
    assert "%40" in the_line(servicelane("dead-letters", "list", "parts", **{**SERVERS_AWAY, "DATABASE_URL": url}))


def test_without_a_terminal_the_password_is_read_or_asked_for_by_name() -> None:
    """No warning of a library, and no silence."""
    command = [*COMMAND, "accounts", "create-admin", "boss"]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment(**SERVERS_AWAY), input="", capture_output=True, text=True, check=False, timeout=60
    )
    assert "--password" in the_line(done)


def test_a_full_disk_is_a_full_disk() -> None:
    """Not a connection that is missing."""
    with Path("/dev/full").open("w", encoding="ascii") as full:
        done = subprocess.run(
            [*COMMAND, "--version"], cwd=PROJECT, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        ["servicelane: the output cannot be written: No space left on device"],
    )


def test_without_any_output_a_command_does_its_work() -> None:
    """Somebody may have closed it."""
    done = subprocess.run(
        ["sh", "-c", f"exec {' '.join(COMMAND)} --version >&-"],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "defect" not in done.stderr
