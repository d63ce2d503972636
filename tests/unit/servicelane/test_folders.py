"""The embedded suite's folder: made by `run --embedded` alone, and only where nothing else is."""

import os
import socket
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from console.settings import ConsoleSettings
from deploy.dev.state import free_port
from servicelane import embedded
from servicelane.welcome import DEMO
from tests.unit.servicelane.command import each_of, nothing_in, servicelane, the_line


def test_a_folder_that_is_not_a_suites_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """Whether it is there or not."""
    commands = [["reconcile"], ["dead-letters", "list", "parts"], ["migrate"]]
    asked = [["--embedded-data", str(folder), *words] for folder in (tmp_path / "missing", tmp_path) for words in commands]
    for done in each_of(asked).values():
        assert "is no data folder" in the_line(done)
    assert nothing_in(tmp_path)


def test_a_suite_does_not_start_in_a_folder_of_something_else(tmp_path: Path) -> None:
    """Nor in a file; nothing is made."""
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("the work of years")
    folder, file = each_of([["run", "--embedded", "--data", str(one)] for one in (tmp_path, thesis)]).values()
    assert "holds other things" in the_line(folder)
    assert "is no folder" in the_line(file)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    """By --port, and by HTTP_ADDRESS."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        start = ("run", "--embedded", "--data", tmp_path / "data")
        for said in (
            the_line(servicelane(*start, "--port", port)),
            the_line(servicelane(*start, HTTP_ADDRESS=f"127.0.0.1:{port}")),
        ):
            assert f"127.0.0.1:{port} cannot be used" in said
            assert "Address already in use" in said
    assert nothing_in(tmp_path)


def test_the_consoles_port_that_is_taken_is_said_with_what_named_it(tmp_path: Path) -> None:
    """By --console-port, and by CONSOLE_HTTP_ADDRESS; not by HTTP_ADDRESS, which is the gateway's."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        start = ("run", "--embedded", "--data", tmp_path / "data", "--port", "0")
        for said, option in (
            (the_line(servicelane(*start, "--console-port", port)), "--console-port"),
            (the_line(servicelane(*start, CONSOLE_HTTP_ADDRESS=f"127.0.0.1:{port}")), "CONSOLE_HTTP_ADDRESS"),
        ):
            assert f"{option} 127.0.0.1:{port} cannot be used" in said
            assert f"({option} chooses another)" in said


def test_the_console_takes_another_port_when_its_own_is_taken_while_the_suite_is_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is chosen when it is listened on; the address that is told is where it answers."""
    monkeypatch.setattr(ConsoleSettings, "http_address", f"127.0.0.1:{free_port()}")
    with patch.dict(os.environ), embedded.occupied(tmp_path / "data", "127.0.0.1:0"):
        first = embedded.console_settings(None, DEMO).http_address
        with closing(socket.socket()) as taken:
            taken.bind(("127.0.0.1", int(first.rpartition(":")[2])))
            taken.listen()
            second = embedded.console_settings(None, DEMO).http_address
    assert first == ConsoleSettings.http_address
    assert second != first


def test_run_and_demo_do_not_take_the_operators_folder(tmp_path: Path) -> None:
    """They have their own."""
    for done in each_of([["--embedded-data", str(tmp_path), *words] for words in (["run", "--embedded"], ["demo"])]).values():
        assert "--embedded-data" in the_line(done)
    assert nothing_in(tmp_path)
