"""The process of its own that looks at a file: what it says, and what becomes of it when it does not survive."""

import hashlib
import io
import os
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from media import Limits, Slow, Unfit, examine
from tests.unit.media.films import MOST

LIMITS = Limits(**MOST)


def sent(data: bytes):
    """A file as it was sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever has it closes it
    file.write(data)
    file.flush()
    return file


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


def test_what_is_kept_has_its_checksum(tmp_path: Path) -> None:
    with sent(a_photo()) as file:
        found = examine(file, tmp_path, LIMITS, seconds=30)
    content = found.content.read_bytes()
    assert (found.size, found.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert found.found.content_type == "image/jpeg"
    assert found.thumbnail is not None
    assert found.thumbnail.read_bytes().startswith(b"\xff\xd8\xff")


def test_what_is_refused_is_named(tmp_path: Path) -> None:
    with sent(b"nothing of the kind") as file, pytest.raises(Unfit) as unfit:
        examine(file, tmp_path, LIMITS, seconds=30)
    assert unfit.value.code == "file_type_not_taken"


def test_what_the_process_does_not_survive_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it knows no secret of ours: its environment is bare."""
    child = tmp_path / "child"
    child.write_text('#!/bin/sh\nenv > "$3/seen"\nkill -SEGV $$\n')
    child.chmod(0o755)
    monkeypatch.setenv("DATABASE_URL", "a secret")
    monkeypatch.setattr("sys.executable", str(child))
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("media.examining.CHILD", ["-x", "-y"])
    with sent(a_photo()) as file, pytest.raises(Unfit) as unfit:
        examine(file, tmp_path / "kept", LIMITS, seconds=30)
    assert unfit.value.code == "file_is_damaged"
    assert "a secret" not in (tmp_path / "kept" / "seen").read_text()


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process does not outlive the request."""
    child = tmp_path / "child"
    child.write_text('#!/bin/sh\necho $$ > "$3/process"\nexec sleep 60\n')
    child.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(child))
    monkeypatch.setattr("media.examining.CHILD", ["-x", "-y"])
    with sent(a_photo()) as file, pytest.raises(Slow):
        examine(file, tmp_path, LIMITS, seconds=1)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text()), 0)
