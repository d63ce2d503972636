"""How a file becomes an attachment: looked at, noted, put into the store, recorded by workshop, and no longer pending.

In this order, so that what is recorded always has its bytes; what is put and not recorded is swept after a day (sweeping.py).
"""

import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from eventlet.semaphore import Semaphore

import media
from chassis import Invalid
from chassis.process import crash
from chassis.wire.call import Call
from chassis.wire.errors import Unavailable
from chassis.work.executor import Executor
from contracts.gateway.evidence import AttachFile, AttachLegFile
from contracts.workshop.evidence import GetUploadTerms, RecordAttachment, StoredFile, UploadTerms
from contracts.workshop.leg_evidence import GetLegUploadTerms, RecordLegAttachment
from gateway.evidence import pending
from gateway.evidence.naming import shown_name
from gateway.evidence.store import THUMBNAIL_TYPE, Store, content_key, thumbnail_key
from gateway.suite.caller import Caller

AT_ONCE = 2
"""So many files are looked at at the same time: each may take a processor and a gigabyte."""


class Attacher:
    """Answers `AttachFile` and `AttachLegFile`."""

    def __init__(self, caller: Caller, executor: Executor, store: Store, *, dealer_bytes: int) -> None:
        self._caller = caller
        self._executor = executor
        self._store = store
        self._dealer_bytes = dealer_bytes
        self._places = Semaphore(AT_ONCE)

    def attach(self, asked: AttachFile | AttachLegFile, file: BinaryIO, call: Call) -> Any:
        """The attachment as plain data. Raises Invalid naming the rule the file breaks; what workshop raises."""
        whose: GetUploadTerms | GetLegUploadTerms
        if isinstance(asked, AttachLegFile):
            whose = GetLegUploadTerms(leg_id=asked.leg_id)
        else:
            whose = GetUploadTerms(work_order_id=asked.work_order_id)
        terms = UploadTerms.load(self._caller.call(whose.service, whose.method, whose.dump(), call, call.seconds_left))
        with tempfile.TemporaryDirectory(prefix="attachment-") as folder:
            kept = self._examined(file, Path(folder), terms, call)
            # Where there is no room, workshop says so, unless it has the file already, or answers a repeat: nothing to be put.
            if terms.open and terms.stored_bytes + kept.size <= self._dealer_bytes:
                self._put(kept, call)
        recorded = _record(asked, kept, self._dealer_bytes)
        crash.here("attachment_before_record")
        answer = self._caller.call(recorded.service, recorded.method, recorded.dump(), call, call.seconds_left)
        crash.here("attachment_after_record")
        # A repeat is answered as it was then. Should the same photo be written otherwise since, what was put now is swept.
        self._executor.keep(lambda work: pending.forget(work, (_dealer(call), answer["sha256"])))
        return answer

    def _examined(self, file: BinaryIO, folder: Path, terms: UploadTerms, call: Call) -> media.Examined:
        limits = media.Limits(terms.photo_bytes, terms.video_bytes, terms.video_seconds)
        try:
            with self._places:
                return media.examine(file, folder, limits, seconds=call.seconds_left)
        except media.Unfit as unfit:
            broken = unfit.code
            raise Invalid.field("file", broken, **unfit.values) from None
        except media.Slow:
            raise Unavailable("too_busy", service="gateway") from None

    def _put(self, kept: media.Examined, call: Call) -> None:
        dealer = _dealer(call)
        self._executor.keep(lambda work: pending.note(work, (dealer, kept.sha256)))
        if kept.thumbnail is not None:
            self._store.put(thumbnail_key(dealer, kept.sha256), kept.thumbnail, THUMBNAIL_TYPE)
        self._store.put(content_key(dealer, kept.sha256), kept.content, kept.found.content_type)


def _record(asked: AttachFile | AttachLegFile, kept: media.Examined, most_bytes: int) -> RecordAttachment | RecordLegAttachment:
    """What workshop is to record of the file, of an order or of a leg."""
    name = shown_name(asked.file_name, kept.found.content_type)
    file = StoredFile(sha256=kept.sha256, size=kept.size, **vars(kept.found))
    if isinstance(asked, AttachLegFile):
        return RecordLegAttachment(leg_id=asked.leg_id, name=name, file=file, most_bytes=most_bytes, note=asked.note)
    return RecordAttachment(
        work_order_id=asked.work_order_id,
        kind=asked.kind,
        name=name,
        file=file,
        most_bytes=most_bytes,
        note=asked.note,
        job=asked.job,
        line_id=asked.line_id,
        item=asked.item,
    )


def _dealer(call: Call) -> str:
    assert call.dealer is not None, "files are attached at a dealer"
    return call.dealer
