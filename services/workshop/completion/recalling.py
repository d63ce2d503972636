"""Recalling how far certificates were counted, once the database was restored from a backup (Rule W32)."""

from chassis import Work
from contracts.workshop.completion_events import CompletionCertified
from services.workshop.completion.completion_certificate import CompletionSeries


def recall_number(work: Work, event: CompletionCertified) -> None:
    """A number that was told is no other certificate's; its own cannot be made again, so a gap stays and says so."""
    _, year, count = event.number.split("-")
    series = work.lock_or_create(CompletionSeries, {"year": int(year)}, last=0)
    series.last = max(series.last, int(count))
