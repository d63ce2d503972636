"""A dealer leaves the group: everything of theirs is written into one file, then erased but for the books.

Erasing goes step by step, each of which may be repeated: nobody may do anything there any more, nothing of theirs is on its way,
no row has come since the file was written; then the files in the store, then the rows, table by table. What was done stands in a
record beside the file.
"""

import getpass
import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text as sql

from chassis.process.settings import Settings
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from chassis.wire.messages import Command, Query
from contracts.gateway import account as contract
from gateway.evidence.store import Store, content_key, thumbnail_key
from gateway.service import GatewayService
from servicelane.dead_letters import open_executor
from servicelane.dealer_rows import GATEWAY, Counts, count, rows_of
from servicelane.failures import CannotDo
from servicelane.reconcile import open_store
from servicelane.suite import SERVICES
from servicelane.texts import text

MANIFEST = "manifest.json"
FILES = "attachments"
PASSING = {"former_membership", "idempotency", "timer"}
"""Tables whose rows come and go by themselves: more of them than in the file say nothing."""
WHO = (
    ("account", "account_id", contract.GetAccount, contract.ChangeAccount),
    ("api_client", "api_client_id", contract.GetApiClient, contract.ChangeApiClient),
)


@dataclass(frozen=True)
class Erased:
    """What is gone and what stays, in rows by table; how many people and programs were at this dealer, and files."""

    gone: Counts
    kept: Counts
    principals: int
    files: int


def export(dealer: str, file: Path) -> Counts:
    """Write all rows and files of the dealer into a new compressed tar file; how many rows. Raises CannotDo."""
    _expect(dealer)
    if file.exists():
        raise CannotDo(text("cli.leaving.exists", file=file))
    part = file.with_name(f"{file.name}.part")
    manifest: dict[str, Any] = {"dealer": dealer, "made_at": datetime.now(UTC).isoformat(), "rows": {}, "sha256": {}}
    with TemporaryDirectory(dir=file.parent) as folder, tarfile.open(part, "w:gz") as archive:
        part.chmod(0o600)
        for service in SERVICES:
            with rows_of(service, dealer) as rows:
                for one in rows.held:
                    written = Path(folder, "rows")
                    with written.open("w", encoding="utf-8") as lines:
                        for number, row in enumerate(rows.read(one), 1):
                            lines.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
                            manifest["rows"][one.name] = number
                    manifest["sha256"][f"{one.name}.jsonl"] = _fingerprint(written)
                    archive.add(written, f"{one.name}.jsonl")
        for sha256, content in _stored(dealer):
            written = Path(folder, "file")
            with written.open("wb") as copy:
                copy.writelines(content)
            manifest["sha256"][f"{FILES}/{sha256}"] = _fingerprint(written)
            archive.add(written, f"{FILES}/{sha256}")
        _add(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode())
    part.rename(file)
    found: Counts = manifest["rows"]
    return found


def erase(dealer: str, exported: Path) -> Erased:
    """Erase what the file has; see above. Raises CannotDo, and has erased nothing, where a step before is not true."""
    if Settings.read(GATEWAY).embedded:
        raise CannotDo(text("cli.leaving.embedded"))
    _expect(dealer)
    manifest = _checked(exported)
    if manifest["dealer"] != dealer:
        raise CannotDo(text("cli.leaving.other_dealer", file=exported, dealer=manifest["dealer"]))
    principals = sum(_let_go(dealer, *who) for who in WHO)
    _expect_nothing_on_its_way(dealer)
    newer = [
        name
        for name, there in count(dealer).items()
        if there > manifest["rows"].get(name, 0) and name.partition("/")[2] not in PASSING
    ]
    if newer:
        raise CannotDo(text("cli.leaving.changed_since", tables=", ".join(sorted(newer))))
    files = _erase_files(dealer)
    gone: Counts = {}
    for service in SERVICES:
        with rows_of(service, dealer, owner=True) as rows:
            for one in reversed(rows.held):
                if not one.kept:
                    gone[one.name] = rows.erase(one)
    kept = {name: there for name, there in count(dealer).items() if there}
    done = Erased({name: number for name, number in gone.items() if number}, kept, principals, files)
    record = {"at": datetime.now(UTC).isoformat(), "by": getpass.getuser(), "dealer": dealer, **vars(done)}
    with exported.with_name(f"{exported.name}.erased.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({**record, "exported_sha256": _fingerprint(exported)}, ensure_ascii=False) + "\n")
    return done


def _expect(dealer: str) -> None:
    with rows_of(GATEWAY, dealer) as rows:
        if not rows.count()[f"{GATEWAY}/dealer"]:
            raise CannotDo(text("cli.reconcile.no_dealer", dealer=repr(dealer)))


def _checked(exported: Path) -> dict[str, Any]:
    """The manifest of a file whose every member is as it was written."""
    try:
        with tarfile.open(exported) as archive:
            (said,) = (json.load(_opened(archive, one)) for one in archive if one.name == MANIFEST)
            found = {one.name: _digest(_opened(archive, one)) for one in archive if one.name != MANIFEST}
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise CannotDo(text("cli.leaving.no_export", file=exported, reason=error)) from None
    if found != said["sha256"]:
        raise CannotDo(text("cli.leaving.no_export", file=exported, reason="sha256"))
    manifest: dict[str, Any] = said
    return manifest


def _let_go(dealer: str, table: str, field: str, get: type[Query], change: type[Command]) -> int:
    """Nobody has roles at the dealer any more; who has none elsewhere is locked. How many had."""
    executor = open_executor(GATEWAY)
    with rows_of(GATEWAY, dealer) as rows:
        found = sorted(rows.values(f"{table}_membership", field))
    call = Call(principal="command-line", actor="command-line")
    for principal in found:
        known = executor.ask(get, GatewayService.use_case(get), {field: principal}, call)
        elsewhere = [one for one in known["dealers"] if one["dealer"] != dealer]
        left = {
            **{name: known[name] for name in ("name", "group_roles", "locale", "staff_number") if name in known},
            field: principal,
            "dealers": elsewhere,
            "active": known["active"] and bool(elsewhere or known["group_roles"]),
        }
        executor.execute(change, GatewayService.use_case(change), left, call, new_id())
    executor.engine.dispose()
    return len(found)


def _expect_nothing_on_its_way(dealer: str) -> None:
    for service in SERVICES:
        executor = open_executor(service)
        waiting = "SELECT count(*) FROM outbox WHERE dealer_id = :dealer AND sent_at IS NULL"
        parked = "SELECT count(*) FROM parked_message WHERE dealer_id = :dealer AND kind <> 'dead'"
        with executor.engine.connect() as connection:
            number = sum(connection.scalar(sql(query), {"dealer": dealer}) or 0 for query in (waiting, parked))
        executor.engine.dispose()
        if number:
            raise CannotDo(text("cli.leaving.on_its_way", service=service, number=number))


def _files_of(dealer: str) -> set[str]:
    with rows_of("workshop", dealer) as rows:
        attached = rows.values("attachment", "sha256")
    with rows_of(GATEWAY, dealer) as rows:
        return attached | rows.values("pending_file", "sha256")


def _stored(dealer: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    for store, sha256 in _each_file(dealer):
        content = store.get(content_key(dealer, sha256))
        if content is not None:
            try:
                yield sha256, content.blocks
            finally:
                content.close()


def _erase_files(dealer: str) -> int:
    files = _each_file(dealer)
    for store, sha256 in files:
        store.delete(content_key(dealer, sha256))
        store.delete(thumbnail_key(dealer, sha256))
    return len(files)


def _each_file(dealer: str) -> list[tuple[Store, str]]:
    """The checksum of each file of the dealer, with the store that has it."""
    store, files = open_store(), sorted(_files_of(dealer))
    if store is None and files:
        raise CannotDo(text("cli.leaving.no_store", number=len(files)))
    return [] if store is None else [(store, sha256) for sha256 in files]


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, BytesIO(content))


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    opened = archive.extractfile(member)
    if opened is None:
        raise ValueError(member.name)
    return opened


def _fingerprint(file: Path) -> str:
    with file.open("rb") as opened:
        return _digest(opened)


def _digest(opened: Any) -> str:
    return hashlib.file_digest(opened, "sha256").hexdigest()
