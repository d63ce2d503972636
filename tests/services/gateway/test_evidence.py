"""Files on their way to an attachment (Rule W31): kill -9 at both points, what is swept, and what a store keeps."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.wire.errors import NotFound, SettingsError
from chassis.wire.ids import new_id
from contracts.workshop.evidence import RecordAttachment
from gateway.evidence import pending
from gateway.evidence.naming import shown_name
from gateway.evidence.settings import EvidenceSettings
from gateway.evidence.store import content_key, thumbnail_key
from gateway.service import GatewayService
from servicelane.invariants.books import Books
from servicelane.invariants.evidence import evidence
from tests.services.gateway.rooms import DEALER, Rooms
from tests.services.workshop.shop import Shop

ROOT = Path(__file__).parents[3]


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    """Gateway and workshop, and a store."""
    return Rooms(tmp_path)


def waiting(rooms: Rooms) -> set[str]:
    """The checksums of what is on its way."""
    far = rooms.clock.now() + timedelta(days=1000)
    return {sha256 for _, sha256 in rooms.gateway.read(lambda work: pending.begun_before(work, far, 100), _nobody())}


def _nobody():
    from chassis.wire.call import Call

    return Call()


def lies_there(rooms: Rooms, sha256: str) -> bool:
    found = [rooms.store.get(key(DEALER, sha256)) for key in (content_key, thumbnail_key)]
    for one in found:
        if one is not None:
            one.close()
    assert len({one is None for one in found}) == 1, "content and thumbnail come and go together"
    return found[0] is not None


def killed(folder: Path, key: str, order: str, point: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "tests.services.gateway.rooms", str(folder), key, order, *([point] if point else [])]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("point", ["attachment_before_record", "attachment_after_record"])
def test_a_gateway_killed_on_the_way_leaves_one_attachment_when_it_is_asked_again(tmp_path: Path, point: str) -> None:
    """Rule W31: the same key has one effect, and what is recorded has its bytes, wherever the gateway died."""
    rooms = Rooms(tmp_path)
    order, key = Shop(rooms.workshop).open().id, new_id()
    died = killed(tmp_path, key, order, point)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert len(rooms.attached(order)) == (1 if point == "attachment_after_record" else 0)
    [sha256] = waiting(rooms)
    assert lies_there(rooms, sha256)
    done = killed(tmp_path, key, order)
    assert done.returncode == 0, done.stderr
    [attached] = rooms.attached(order)
    assert (attached.id, attached.sha256) == (done.stdout.strip(), sha256)
    assert waiting(rooms) == set()
    assert lies_there(rooms, sha256)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_was_put_and_never_recorded_is_swept_after_a_day(
    database: str, tmp_path: Path, migrated_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing else: not what is recorded, not what is younger, and not before it was old at two looks."""
    rooms = Rooms(tmp_path, url=migrated_database(GatewayService).url if database == "postgresql" else None)
    order = Shop(rooms.workshop).open().id
    kept = rooms.attach(order)["sha256"]
    with monkeypatch.context() as dead:
        dead.setattr(RecordAttachment, "dump", _die)
        with pytest.raises(KeyboardInterrupt):
            rooms.attach(order, colour="blue")
    [lost] = waiting(rooms)
    rooms.sweeper.look()
    rooms.clock.advance(timedelta(hours=25))
    rooms.sweeper.look()
    assert lies_there(rooms, lost), "a clock that jumps ahead deletes nothing at once"
    rooms.sweeper.look()
    assert not lies_there(rooms, lost)
    assert lies_there(rooms, kept)
    assert waiting(rooms) == set()


def test_what_is_put_again_is_not_swept(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it was recorded by somebody who died afterwards."""
    order = Shop(rooms.workshop).open().id
    with monkeypatch.context() as dead:
        dead.setattr(pending, "forget", _die)
        with pytest.raises(KeyboardInterrupt):
            rooms.attach(order)
        dead.setattr(RecordAttachment, "dump", _die)
        with pytest.raises(KeyboardInterrupt):
            rooms.attach(order, colour="blue")
    rooms.clock.advance(timedelta(hours=25))
    rooms.sweeper.look()
    again = rooms.attach(order, colour="blue")["sha256"]
    rooms.sweeper.look()
    recorded = {one.sha256 for one in rooms.attached(order)}
    assert again in recorded
    assert len(recorded) == 2
    assert all(lies_there(rooms, sha256) for sha256 in recorded)
    assert waiting(rooms) == set()


def test_a_file_that_is_begun_while_it_is_swept_stays(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the question to workshop and the deletion somebody is about to put it again: it is decided under the row's lock."""
    order = Shop(rooms.workshop).open().id
    with monkeypatch.context() as dead:
        dead.setattr(RecordAttachment, "dump", _die)
        with pytest.raises(KeyboardInterrupt):
            rooms.attach(order)
    [begun] = waiting(rooms)
    rooms.clock.advance(timedelta(hours=25))
    rooms.sweeper.look()
    asked = rooms.sweeper._recorded

    def then_it_is_put_again(dealer: str, sha256s: list[str]) -> set[str]:
        found = asked(dealer, sha256s)
        rooms.gateway.keep(lambda work: pending.note(work, (DEALER, begun)))
        return found

    monkeypatch.setattr(rooms.sweeper, "_recorded", then_it_is_put_again)
    rooms.sweeper.look()
    assert lies_there(rooms, begun)
    assert waiting(rooms) == {begun}


def test_a_refused_attachment_leaves_nothing_for_ever(rooms: Rooms) -> None:
    """An order that is not there, before anything is put."""
    with pytest.raises(NotFound):
        rooms.attach(new_id())
    assert waiting(rooms) == set()


def test_reconcile_finds_an_attachment_whose_file_is_gone(rooms: Rooms, tmp_path: Path) -> None:
    """I16: recorded means kept, whole; and the volume is what they have."""
    order = Shop(rooms.workshop).open().id
    attached = rooms.attach(order)

    def found(stored) -> list[str]:
        with Books.open({"workshop": f"sqlite:///{tmp_path}/workshop.sqlite"}, stored=stored) as books:
            books.turn_to(DEALER)
            return [one.what for one in evidence(books, DEALER)]

    def size(dealer: str, sha256: str) -> int | None:
        content = rooms.store.get(content_key(dealer, sha256))
        return None if content is None else content.size

    assert found(size) == []
    assert "ATTACHMENT_STORE" in found(None)[0]
    assert len(found(lambda dealer, sha256: attached["size"] - 1)) == 1
    rooms.store.delete(content_key(DEALER, attached["sha256"]))
    assert attached["id"] in found(size)[0]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("IMG_1.HEIC", "IMG_1.jpg"),
        ("C:\\Users\\wang\\左前门.JPG", "左前门.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ('a"b\r\nSet-Cookie: x', "abSet-Cookie x.jpg"),
        ("", "file.jpg"),
        (None, "file.jpg"),
        (".", "file.jpg"),
        ("x" * 255, "x" * 116 + ".jpg"),
    ],
)
def test_a_name_is_shown_without_what_misleads(given: str | None, shown: str) -> None:
    assert shown_name(given, "image/jpeg") == shown


S3 = {"ATTACHMENT_STORE": "s3://bucket/prefix", "ATTACHMENT_S3_ACCESS_KEY": "a", "ATTACHMENT_S3_SECRET_KEY": "s"}


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "ATTACHMENT_STORE"),
        ({"ATTACHMENT_STORE": "relative/folder"}, "ATTACHMENT_STORE"),
        ({"ATTACHMENT_STORE": "ftp://somewhere"}, "ATTACHMENT_STORE"),
        ({"ATTACHMENT_STORE": "s3:///prefix"}, "ATTACHMENT_STORE"),
        ({"ATTACHMENT_STORE": "s3://bucket"}, "ATTACHMENT_S3_ACCESS_KEY"),
        ({**S3, "ATTACHMENT_S3_ENDPOINT": "somewhere"}, "ATTACHMENT_S3_ENDPOINT"),
        ({**S3, "ATTACHMENT_GIGABYTES": "0"}, "ATTACHMENT_GIGABYTES"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], named: str) -> None:
    """Before anything runs; and no secret is shown."""
    with pytest.raises(SettingsError, match=named):
        EvidenceSettings.read(environ)
    assert "secret" not in repr(EvidenceSettings.read(S3)).replace("ATTACHMENT_S3_SECRET_KEY", "")


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="ATTACHMENT_STORE"):
        EvidenceSettings.read({"ATTACHMENT_STORE": str(tmp_path / "file")}).open()


def _die(*args: object) -> None:
    raise KeyboardInterrupt
