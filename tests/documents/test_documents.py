"""What was stored once is readable for ever: each version of each kind of document has a golden file."""

import hashlib
from typing import Any

import pytest

from chassis import Document
from tests.documents.golden import GOLDEN, documents, golden

DOCUMENTS = documents()
every_document = pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)


@every_document
def test_every_version_of_a_document_is_readable(kind: type[Document]) -> None:
    """Also those that are no longer written: an older one is brought to what is known now."""
    for version in range(1, kind.version + 1):
        assert isinstance(kind.read(golden(kind, version)), kind)


@every_document
def test_a_document_is_stored_as_its_golden_file_says(kind: type[Document]) -> None:
    """Whoever renames a field makes what is stored unreadable: that needs a new version and an upcaster."""
    newest = golden(kind, kind.version)
    assert kind.read(newest).store() == newest


def test_every_golden_file_is_of_a_version_that_exists() -> None:
    """A file nobody reads proves nothing."""
    expected = {f"{kind.__name__}.v{version}.json" for kind in DOCUMENTS for version in range(1, kind.version + 1)}
    assert {file.name for file in GOLDEN.glob("*.json")} == expected


def test_a_version_newer_than_known_is_refused() -> None:
    """It is not read by halves."""

    class Slip(Document):
        number: str

    with pytest.raises(ValueError, match="stored with version 2, known is 1"):
        Slip.read({"schema_version": 2, "number": "S-1"})


def test_an_older_version_is_brought_up_step_by_step() -> None:
    """Each upcaster knows only the next version."""

    def renamed(data: dict[str, Any]) -> dict[str, Any]:
        return {"number": data["no"]}

    def with_kind(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "kind": "issue"}

    class Slip(Document, version=3, upcasters={1: renamed, 2: with_kind}):
        number: str
        kind: str

    assert Slip.read({"schema_version": 1, "no": "S-1"}) == Slip(number="S-1", kind="issue")
    assert Slip(number="S-1", kind="issue").store() == {"schema_version": 3, "number": "S-1", "kind": "issue"}


def test_a_version_without_a_way_from_those_before_it_is_a_defect() -> None:
    """It is found when the class is made, not when somebody reads."""
    with pytest.raises(TypeError, match="needs an upcaster for each version before"):

        class Slip(Document, version=2):
            number: str


def test_a_fingerprint_is_that_of_the_row_whatever_the_order_of_its_names() -> None:
    """PostgreSQL orders them its own way; whoever has the row can work it out again."""

    class Slip(Document):
        number: str
        kind: str

    canonical = '{"kind":"出库","number":"S-1","schema_version":1}'
    assert Slip(number="S-1", kind="出库").fingerprint == hashlib.sha256(canonical.encode()).hexdigest()
    assert (
        Slip.read({"kind": "出库", "number": "S-1", "schema_version": 1}).fingerprint
        == Slip(number="S-1", kind="出库").fingerprint
    )


def test_a_document_keeps_the_fingerprint_that_was_signed_when_its_class_has_moved_on() -> None:
    """It is that of what is stored, not of what is made of it."""

    def renamed(data: dict[str, Any]) -> dict[str, Any]:
        return {"number": data["no"]}

    class Slip(Document, version=2, upcasters={1: renamed}):
        number: str

    read = Slip.read({"schema_version": 1, "no": "S-1"})
    assert read.fingerprint == hashlib.sha256(b'{"no":"S-1","schema_version":1}').hexdigest()
    assert (read, read.store()) == (Slip(number="S-1"), {"schema_version": 2, "number": "S-1"})


def test_a_document_keeps_its_fingerprint_between_two_releases_of_which_one_says_more() -> None:
    """Both serve while one takes the place of the other: what one shows and stores, the other reads, and its customer signs."""

    class Slip(Document):
        number: str

    class LaterSlip(Document):
        number: str
        kind: str | None = None

    before, after = Slip(number="S-1"), LaterSlip(number="S-1", kind="issue")
    assert LaterSlip.read(before.store()).fingerprint == before.fingerprint
    assert Slip.read(after.store()).fingerprint == after.fingerprint
