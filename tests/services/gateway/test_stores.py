"""Every store keeps the same promises: a folder, and object storage as another program speaks it (moto's server)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from chassis.wire.errors import SettingsError, Unavailable
from deploy.dev.state import free_port
from gateway.evidence.settings import EvidenceSettings
from gateway.evidence.store import Store
from tests.waiting import awaited

CONTENT = bytes(range(256)) * 40_000
"""10 MB: more than is held in memory of a file that is put."""


@pytest.fixture(scope="module")
def object_storage() -> Iterator[str]:
    """An object storage with one bucket; its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
    address = f"http://127.0.0.1:{port}"

    def bucket_is_there() -> bool:
        with suppress(requests.ConnectionError):
            return requests.put(f"{address}/attachments", timeout=5).ok
        return False

    try:
        awaited(bucket_is_there, "the object storage to answer", 60)
        yield address
    finally:
        server.kill()
        server.wait()


def settings(address: str, store: str = "s3://attachments/of/the/group") -> EvidenceSettings:
    keys = {"ATTACHMENT_S3_ACCESS_KEY": "access", "ATTACHMENT_S3_SECRET_KEY": "secret"}
    return EvidenceSettings.read({"ATTACHMENT_STORE": store, "ATTACHMENT_S3_ENDPOINT": address, **keys})


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each of them."""
    if request.param == "bucket":
        return settings(request.getfixturevalue("object_storage")).open()
    return EvidenceSettings.read({"ATTACHMENT_STORE": str(tmp_path / "attachments")}).open()


def content(store: Store, key: str, *part: int) -> bytes:
    found = store.get(key, *part)
    assert found is not None
    try:
        assert found.size == len(CONTENT)
        return b"".join(found.blocks)
    finally:
        found.close()


def test_what_is_put_can_be_read_whole_and_in_part_until_it_is_deleted(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    key = "sh-pudong/ab/abc"
    assert store.get(key) is None
    store.delete(key)
    for _ in range(2):  # put again, it is the same
        store.put(key, tmp_path / "file", "image/jpeg")
    assert content(store, key) == CONTENT
    assert content(store, key, 5, 10) == CONTENT[5:15]
    assert content(store, key, 9_999_990) == CONTENT[9_999_990:]
    assert store.get("bj-chaoyang/ab/abc") is None
    store.delete(key)
    assert store.get(key) is None


def test_a_bucket_that_is_not_there_stops_the_start(object_storage: str) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        settings(object_storage, "s3://nowhere").open()


def test_an_object_storage_that_is_away_stops_no_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It may be back when it is needed; until then whoever needs it is told so."""
    monkeypatch.setattr("gateway.evidence.bucket._CONNECT_SECONDS", 0.2)
    away = settings(f"http://127.0.0.1:{free_port()}").open()
    (tmp_path / "file").write_bytes(b"x")
    for ask in (lambda: away.get("a"), lambda: away.put("a", tmp_path / "file", "image/png"), lambda: away.delete("a")):
        with pytest.raises(Unavailable, match="attachment_store_unavailable"):
            ask()


def test_a_write_that_was_broken_off_leaves_nothing_under_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, a kill: there is the file, whole and on the disk, or none; what was left behind is removed a day later."""
    kept = tmp_path / "attachments"
    store = EvidenceSettings.read({"ATTACHMENT_STORE": str(kept)}).open()
    (tmp_path / "file").write_bytes(CONTENT)

    def broken_off(source: Path, target: Path) -> None:
        Path(target).write_bytes(CONTENT[:100])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("shutil.copyfile", broken_off)
        with pytest.raises(Unavailable):
            store.put("sh-pudong/ab/abc", tmp_path / "file", "image/jpeg")
    assert store.get("sh-pudong/ab/abc") is None
    left = kept / ".incoming" / "left-behind"
    left.touch()
    os.utime(left, (0, 0))
    EvidenceSettings.read({"ATTACHMENT_STORE": str(kept)}).open()
    assert [one for one in kept.rglob("*") if one.is_file()] == []
