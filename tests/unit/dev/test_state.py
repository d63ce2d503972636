"""What the private servers are remembered by: the state file, its lock, ports, passwords, and where all of it lives."""

import json
import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from deploy.dev import state
from deploy.dev.processes import InfrastructureError
from deploy.dev.state import (
    Store,
    choose_ports,
    create_private,
    is_free,
    open_to_others,
    project_hash,
    secret,
    state_directory,
    write_atomically,
)


def test_a_record_is_read_back_and_leaves_the_others_alone(tmp_path):
    store = Store(tmp_path)
    assert store.read("broker") is None
    store.write("broker", {"pid": 1})
    store.write("database", {"pid": 2})
    store.write("broker", {"pid": 3})
    assert Store(tmp_path).read("broker") == {"pid": 3}
    assert Store(tmp_path).read("database") == {"pid": 2}


def test_the_state_file_is_the_owners_alone(tmp_path):
    Store(tmp_path).write("broker", {"pid": 1})
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_a_crash_while_writing_leaves_the_old_text_whole(tmp_path, monkeypatch):
    path = tmp_path / "state.json"
    write_atomically(path, "old")

    def power_cut(descriptor):
        raise OSError("power cut")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="power cut"):
        write_atomically(path, "new")
    assert path.read_text() == "old"


def test_a_damaged_state_file_is_named_not_guessed_at(tmp_path):
    (tmp_path / "state.json").write_text('{"broker": ')
    with pytest.raises(InfrastructureError, match=r"state\.json is damaged"):
        Store(tmp_path).read("broker")


def test_two_callers_do_not_both_hold_the_lock(tmp_path, capsys):
    order = []
    released = threading.Event()

    def second():
        with Store(tmp_path).locked(seconds=5):
            order.append("second")

    with Store(tmp_path).locked():
        other = threading.Thread(target=second)
        other.start()
        released.wait(0.3)
        order.append("first")
    other.join(5)
    assert order == ["first", "second"]
    assert "waiting for it" in capsys.readouterr().err


def test_waiting_for_the_lock_has_an_end(tmp_path):
    with (
        Store(tmp_path).locked(),
        pytest.raises(InfrastructureError, match="Waited"),
        Store(tmp_path).locked(seconds=0.2),
    ):
        pytest.fail("two callers held the lock")


def test_a_password_is_made_once_and_kept_private(tmp_path):
    first = secret(tmp_path / "password")
    assert len(first) >= 24
    assert secret(tmp_path / "password") == first
    assert secret(tmp_path / "other") != first
    assert stat.S_IMODE((tmp_path / "password").stat().st_mode) == 0o600


def test_ports_stay_unless_somebody_took_one():
    names = ["amqp", "management"]
    first = choose_ports(names, {}, "seed")
    assert len(set(first.values())) == 2
    assert all(port in state.PORTS for port in first.values())
    assert choose_ports(names, first, "another seed") == first

    with socket.create_server(("127.0.0.1", first["amqp"])):
        assert not is_free(first["amqp"])
        moved = choose_ports(names, first, "seed")
    assert moved["management"] == first["management"]
    assert moved["amqp"] not in first.values()


def test_ports_lie_below_the_range_of_outgoing_connections():
    """Else a client that retries while its server is down could be given the server's port and keep it from starting."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    assert state.PORTS.stop <= lowest


@pytest.fixture
def project(tmp_path):
    """A project that every user may enter."""
    for directory in [tmp_path, *tmp_path.parents]:
        if directory.stat().st_uid == os.getuid() and directory.name.startswith(("pytest", "test_")):
            directory.chmod(0o755)
    made = tmp_path / "project"
    made.mkdir(mode=0o755)
    assert open_to_others(made)
    return made


def test_the_state_lives_in_the_project(project):
    assert state_directory(project, as_root=True) == project / ".dev"


def test_the_state_lives_elsewhere_where_the_databases_user_could_not_enter(project, tmp_path):
    project.chmod(0o700)
    elsewhere = state_directory(project, as_root=True, elsewhere=tmp_path)
    assert elsewhere == tmp_path / f"servicelane-{project_hash(project)}"
    assert state_directory(project, as_root=False, elsewhere=tmp_path) == project / ".dev"


def test_the_state_lives_elsewhere_where_a_sockets_path_would_be_too_long(project, tmp_path):
    deep = project / ("d" * 90)
    deep.mkdir()
    assert state_directory(deep, as_root=False, elsewhere=tmp_path).parent == tmp_path


def test_a_directory_somebody_else_prepared_is_refused(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "target")
    with pytest.raises(InfrastructureError, match="belongs to another user"):
        create_private(tmp_path / "state")


def test_the_state_file_is_json_a_person_can_read(tmp_path):
    Store(tmp_path).write("broker", {"pid": 1})
    assert json.loads((tmp_path / "state.json").read_text()) == {"broker": {"pid": 1}}
