"""The rows of the registration table that are about promised times, and what is heard of the parts that they depend on."""

from chassis import query, subscribe, timer
from contracts.parts.events import (
    PartsReserved,
    SpecialOrderChanged,
    SpecialOrderRaised,
    SpecialOrderSettled,
    SpecialOrderWithdrawn,
)
from contracts.workshop.promise import GetPromise
from services.workshop.promise import hearing, watching
from services.workshop.promise import queries as promise


class PromiseRows:
    """Part of `WorkshopService`."""

    get_promise = query(GetPromise, promise.get_promise)
    watch_promise = timer(watching.watch)
    record_reservation = subscribe(PartsReserved, hearing.record_reservation)
    follow_special_order = subscribe(
        (SpecialOrderRaised, SpecialOrderChanged, SpecialOrderSettled, SpecialOrderWithdrawn), hearing.follow_special_order
    )
