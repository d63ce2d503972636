"""The rows of the registration table that are about promised times, and what is heard of the parts that they depend on."""

from chassis import command, query, subscribe, timer
from contracts.parts.events import (
    PartsReserved,
    SpecialOrderChanged,
    SpecialOrderRaised,
    SpecialOrderSettled,
    SpecialOrderWithdrawn,
)
from contracts.parts.order_part_events import OrderPartArrived, OrderPartAwaited, OrderPartClosed
from contracts.workshop.progress import ListDueReports
from contracts.workshop.promise import (
    ExplainMiss,
    GetPromise,
    ListMisses,
    MeasurePromises,
    NoteWaiting,
    ReportProgress,
    RevisePromise,
)
from services.workshop.promise import hearing, telling, watching
from services.workshop.promise import queries as promise


class PromiseRows:
    """Part of `WorkshopService`."""

    get_promise = query(GetPromise, promise.get_promise)
    watch_promise = timer(watching.watch)
    revise_promise = command(RevisePromise, telling.revise)
    explain_miss = command(ExplainMiss, telling.explain)
    note_waiting = command(NoteWaiting, telling.note_waiting)
    report_progress = command(ReportProgress, telling.report)
    escalate_report = timer(telling.escalate)
    list_due_reports = query(ListDueReports, promise.list_due_reports)
    list_misses = query(ListMisses, promise.list_misses)
    measure_promises = query(MeasurePromises, promise.measure_promises)
    record_reservation = subscribe(PartsReserved, hearing.record_reservation)
    follow_special_order = subscribe(
        (SpecialOrderRaised, SpecialOrderChanged, SpecialOrderSettled, SpecialOrderWithdrawn), hearing.follow_special_order
    )
    follow_order_part = subscribe((OrderPartAwaited, OrderPartArrived, OrderPartClosed), hearing.follow_order_part)
