"""Recalling how far certificates were counted, once the database was restored from a backup (Rule W32)."""

from chassis import Work
from contracts.workshop.completion_events import CompletionCertified
from services.workshop.completion.completion_certificate import CompletionSeries
from services.workshop.order.recalling import count_to


def recall_number(work: Work, event: CompletionCertified) -> None:
    """A number that was told is no other certificate's; its own cannot be made again, so a gap stays and says so."""
    count_to(work, CompletionSeries, event.number)
