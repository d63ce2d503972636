"""Deleting what was put into the store and never recorded: a gateway was killed in between, or workshop refused it.

Any gateway may do so, at the same time as others: a file is decided about under the lock of its row, which whoever puts the same
content again waits for.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from threading import Event

import structlog

from chassis import Work
from chassis.wire.call import Call
from chassis.wire.errors import ServiceError
from chassis.work.executor import Executor
from contracts.workshop.evidence import FindRecordedFiles, RecordedFiles
from gateway.evidence import pending
from gateway.evidence.pending import Key, PendingFile
from gateway.evidence.store import Store, content_key, thumbnail_key
from gateway.suite.caller import Caller

log = structlog.get_logger()

KEPT_FOR = timedelta(days=1)
LOOK_SECONDS = 3600.0
_AT_ONCE = 100
_PATIENCE_SECONDS = 10.0


class Sweeper:
    """Looks once an hour, by one statement for all dealers.

    A file must be old at two looks: should the clock jump ahead, what is on its way just now is recorded before the second.
    """

    def __init__(self, caller: Caller, executor: Executor, store: Store) -> None:
        self._caller = caller
        self._executor = executor
        self._store = store
        self._old: dict[Key, datetime] = {}

    def run(self, stop: Event) -> None:
        """Sweep until `stop` is set."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except ServiceError as error:  # workshop, the database or the store is away: in an hour they may be back
                log.warning("attachments_not_swept", reason=str(error))

    def look(self) -> None:
        """Delete what was old at the look before, too, and is not recorded."""
        before = self._executor.clock.now() - KEPT_FOR
        found = self._executor.read(lambda work: pending.begun_before(work, before, _AT_ONCE), Call())
        old, self._old = self._old, found
        by_dealer: dict[str, list[Key]] = defaultdict(list)
        for key, begun_at in found.items():
            if old.get(key) == begun_at:
                by_dealer[key[0]].append(key)
        for dealer, keys in by_dealer.items():
            recorded = self._recorded(dealer, [sha256 for _, sha256 in keys])
            for key in keys:
                self._settle(key, found[key], recorded=key[1] in recorded)

    def _recorded(self, dealer: str, asked: list[str]) -> set[str]:
        query = FindRecordedFiles(sha256=asked)
        call = Call(dealer=dealer, principal="gateway", actor="gateway")
        return set(
            RecordedFiles.load(self._caller.call(query.service, query.method, query.dump(), call, _PATIENCE_SECONDS)).sha256
        )

    def _settle(self, key: Key, begun_at: datetime, *, recorded: bool) -> None:
        def settle(work: Work) -> None:
            row = work.lock(PendingFile, *key)
            if row is None or row.begun_at != begun_at:  # it was put again meanwhile
                return
            if not recorded:
                self._store.delete(content_key(*key))
                self._store.delete(thumbnail_key(*key))
                log.info("attachment_swept", dealer=key[0], sha256=key[1])
            work.delete(row)

        self._executor.keep(settle)
