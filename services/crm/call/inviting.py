"""What was ordered for a customer has come: somebody calls them (Rule P5, docs/domain.md)."""

from datetime import timedelta

from chassis import Work, set_timer
from contracts.parts.order_part_events import OrderPartEvent, OrderPartFacts
from locales import sentence
from services.crm.call.awaited_part import AwaitedPart, parts_here
from services.crm.call.call import Call
from services.crm.customer.customer import Customer

WITHIN = timedelta(hours=24)
"""So soon somebody calls (default); later the service manager hears of it."""


def follow_order_part(work: Work, event: OrderPartEvent) -> None:
    """Once all parts of an order are here its customer is called, once; no more if one is gone again, or on the car.

    Who was called is told nothing new when a part goes away; who was not is called about what is left.
    """
    part = event.order_part
    work.advisory_lock("order_part")  # two of an order's parts may be heard of at once: the last one opens the call
    before = parts_here(work, part.work_order_id)
    work.project(AwaitedPart, part.order_part_id, work_order_id=part.work_order_id, facts=part.dump())
    now = parts_here(work, part.work_order_id)
    owed = True
    if before is not None and (now is None or now[0] != before[0]):
        owed = _settle(work, Call.id_of_parts(part.work_order_id, before[0])) or now is None or now[0] > before[0]
    if now is not None and owed:
        _open(work, Call.id_of_parts(part.work_order_id, now[0]), now[1])


def _open(work: Work, call_id: str, parts: list[OrderPartFacts]) -> None:
    customer, known = work.find(Customer, parts[0].customer_id), work.find(Call, call_id)
    if customer is None or (known is not None and known.state != "settled"):
        return
    numbers = ", ".join(sorted({one.part_number for one in parts}))
    about = sentence("call.parts_here", work.profile.locale, order=parts[0].order_number or "–", parts=numbers)
    due_at = work.now + WITHIN
    if known is not None:  # it took care of itself while more was awaited, which nobody wants any more
        work.edit(Call, call_id).open_again(about[:500], due_at=due_at, at=work.now)
    else:
        call = Call.parts_came(
            call_id,
            customer_id=customer.id,
            name=customer.name,
            phone=customer.phone,
            plate=parts[0].plate,
            about=about[:500],
            due_at=due_at,
            at=work.now,
            visit_id=None if work.cause is None else work.cause.correlationid,
        )
        work.add(call)
    set_timer(work, "escalate_call", call_id, due_at)


def _settle(work: Work, call_id: str) -> bool:
    """Whether it was still to be made."""
    call = None if work.find(Call, call_id) is None else work.lock_root(Call, call_id)
    if call is None or call.state != "open":
        return False
    work.change(call)
    call.settle(at=work.now)
    set_timer(work, "escalate_call", call_id, None)
    return True
