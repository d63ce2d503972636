"""Files in a folder: written beside their place, on the disk for good, and only then moved there."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import eventlet.tpool
import structlog

from chassis import new_id
from chassis.wire.errors import SettingsError
from gateway.evidence.store import BLOCK, Content, away

log = structlog.get_logger()

INCOMING = ".incoming"
_LEFT_BEHIND_SECONDS = 24 * 3600.0


class FolderStore:
    """Keeps files below one folder, which all gateways share. Raises SettingsError for one that cannot be written to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            (folder / INCOMING).mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = folder / INCOMING / f"probe-{new_id()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise SettingsError(f"ATTACHMENT_STORE {folder} cannot be written to: {error.strerror}") from error
        self._forget_what_was_left_behind()

    def put(self, key: str, file: Path, content_type: str) -> None:
        """As Store says."""
        # In a thread of its own: waiting for the disk must not stop the other requests.
        try:
            eventlet.tpool.execute(self._put, self._folder / key, file)
        except OSError as error:
            raise away(error) from error

    def get(self, key: str, start: int = 0, length: int | None = None) -> Content | None:
        """As Store says."""
        try:
            opened = (self._folder / key).open("rb")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise away(error) from error
        size = os.fstat(opened.fileno()).st_size
        opened.seek(start)
        return Content(size, _blocks(opened, size - start if length is None else length), opened.close)

    def delete(self, key: str) -> None:
        """As Store says."""
        try:
            (self._folder / key).unlink(missing_ok=True)
        except OSError as error:
            raise away(error) from error

    def _put(self, place: Path, file: Path) -> None:
        if place.is_file() and place.stat().st_size == file.stat().st_size:
            return  # the name is the checksum: it is the same
        incoming = self._folder / INCOMING / new_id()
        try:
            shutil.copyfile(file, incoming)
            _to_disk(incoming)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            incoming.rename(place)
        finally:
            incoming.unlink(missing_ok=True)
        for folder in (place.parent, place.parent.parent, self._folder):
            _to_disk(folder)

    def _forget_what_was_left_behind(self) -> None:
        # A gateway that was killed while it wrote.
        for one in (self._folder / INCOMING).iterdir():
            if time.time() - one.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                one.unlink(missing_ok=True)
                log.info("unfinished_upload_removed", file=one.name)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _blocks(opened: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (block := opened.read(min(BLOCK, left))):
        left -= len(block)
        yield block
