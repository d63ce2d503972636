"""Files on their way: a form with a file is sent on to the gateway block by block, and never held in memory."""

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from uuid import uuid4

_BLOCK = 256 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that a browser sent: what it is called there, its content, and its checksum, by which a repeat is known."""

    name: str
    content: IO[bytes]
    checksum: str

    @classmethod
    def of(cls, name: str, content: IO[bytes]) -> "Upload":
        """The file, read through once."""
        digest = hashlib.sha256()
        for block in _blocks(content):
            digest.update(block)
            time.sleep(0)  # others have their turn
        return cls(name, content, digest.hexdigest())


class Multipart:
    """The form as it travels: read block by block; its length is known before."""

    def __init__(self, fields: Mapping[str, object], upload: Upload) -> None:
        boundary = uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
        )
        called = upload.name.replace("\\", "").replace('"', "").replace("\r", "").replace("\n", "")
        head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{called}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        self._head, self._tail = head.encode("utf-8", "replace"), f"\r\n--{boundary}--\r\n".encode()
        self._content = upload.content
        upload.content.seek(0, 2)
        self._length = len(self._head) + upload.content.tell() + len(self._tail)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        yield from _blocks(self._content)
        yield self._tail


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    while block := content.read(_BLOCK):
        yield block
