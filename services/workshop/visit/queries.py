"""What the customer's link to an order leads to (Rule W17)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chassis import Money, Work, colleagues
from contracts.tax import rate_of
from contracts.workshop.visit import GetLinkedVisit, LinkedVisit, VisitLine, VisitPrice, VisitRequest, VisitUnknown
from services.workshop.agreement.estimate import estimates_of
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.agreement.pictures import describe, findings_of, pictures_of_visit
from services.workshop.agreement.visit_link import VisitLink
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.queries import MOST_SHOWN
from services.workshop.multi_point.multi_point_inspection import inspections_of
from services.workshop.order.line import OrderLine, State
from services.workshop.order.promise import Promise
from services.workshop.order.promised import delivery_overtaken
from services.workshop.order.status import NOT_READY, TRANSITIONS, Transition
from services.workshop.order.tax import Tax, paid_by
from services.workshop.order.wash import Wash
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.projections.order_parts import OrderParts
from services.workshop.promise.finding import find
from services.workshop.visit.stage import line_state, stage_of, steps_of
from services.workshop.visit.told import promises_of, reports_of

KNOWN = (State.QUOTED, State.APPROVED, State.DECLINED)
"""What was put before the customer; what was only written down so far is the workshop's own."""


def get_linked_visit(work: Work, query: GetLinkedVisit) -> LinkedVisit:
    """The order as it stands, from its customer's side. Raises as the link does."""
    link = VisitLink.of(work, query.token_hash)
    order = work.get(WorkOrder, link.work_order_id)
    link.require_open(work, order)
    asked = [_Asked(order, one) for one in estimates_of(work, order.id)]
    items = [item for one in inspections_of(work, order) for item in one.items]
    wash = work.find(Wash, order.id)
    parts = work.find(OrderParts, order.id)
    found = bool(order.lines) or any(item.finding for item in items)
    stage = stage_of(order, wash, looked_at=found, parts_here=parts is not None and parts.complete)
    promise = work.find(Promise, order.id)
    pictures = work.all(pictures_of_visit(work, order).order_by(Attachment.id.desc()).limit(MOST_SHOWN))
    settings = work.settings(WorkshopSettings)
    return LinkedVisit(
        dealer_name=work.profile.name,
        time_zone=work.profile.time_zone,
        phone=settings.service_phone,
        advisor_name=colleagues(work, [order.advisor]).get(order.advisor),
        order_number=order.number,
        plate=order.vehicle_facts.plate,
        make=order.vehicle_facts.make,
        model=order.vehicle_facts.model,
        complaint=order.complaint,
        as_of=work.now,
        expires_at=link.until(work, order),
        stage=stage,
        steps=steps_of(order, wash, stage),
        promised_at=order.promised_at,
        first_promised_at=None if promise is None or promise.first_at == order.promised_at else promise.first_at,
        unknown_because=_unknown(work, order),
        promises=promises_of(work, order),
        reports=reports_of(work, order),
        delivery_at=None if order.delivered_at else order.delivery_at,
        delivery_overtaken=delivery_overtaken(order),
        delivered_at=order.delivered_at,
        taken_back_at=_taken_back(order),
        requests=[one.describe() for one in asked if one.lines],
        findings=findings_of(items, {line.id for line in order.lines if line.state in KNOWN}),
        pictures=[describe(one) for one in pictures],
        price=_price(order, asked),
    )


def _unknown(work: Work, order: WorkOrder) -> VisitUnknown | None:
    """Why no time is promised, once it is known what is to be done. Who is away is none of the customer's."""
    if order.promised_at is not None or not order.estimate_version or order.status not in NOT_READY:
        return None
    return "part_awaited" if find(work, order).no_time_because == "part_unknown" else "not_known"


class _Asked:
    """A version that was put before the customer, with those of its lines that are still of it."""

    def __init__(self, order: WorkOrder, document: EstimateDocument) -> None:
        self.order, self.document = order, document
        self.tax = Tax(order.tax_mode, rate_of(document.tax_rate))
        own = [line for line in order.lines if line.estimate_version == document.estimate_version and line.state in KNOWN]
        self.lines = [line for line in own if not line.approved or line.on_the_car]
        decides = order.status in TRANSITIONS[Transition.APPROVE]
        self.waiting = [line for line in own if decides and line.state is State.QUOTED]

    def paid(self, lines: Iterable[OrderLine]) -> Money:
        """What the customer pays of these lines, with tax."""
        return Money(sum(paid_by("customer_pay", line, self.tax) for line in lines), self.order.currency)

    def describe(self) -> VisitRequest:
        """The version, from its customer's side."""
        one = self.document
        return VisitRequest(
            estimate_version=one.estimate_version,
            kind=one.kind,
            issued_at=one.issued_at,
            document_hash=one.fingerprint,
            lines=[self._line(line) for line in self.lines],
            waiting_line_ids=[line.id for line in self.waiting],
            you_pay=self.paid(self.waiting or [line for line in self.lines if line.approved]),
            promised_at=one.promised_at,
            extra_minutes=one.extra_minutes,
            payment_method=one.payment_method,
            old_parts=one.old_parts,
            free_wash=one.free_wash,
            consents_up_to=one.call_threshold if one.consents_to_other_damage else None,
        )

    def _line(self, line: OrderLine) -> VisitLine:
        return VisitLine(
            line_id=line.id,
            number=line.number,
            kind=line.kind.value,
            description=line.description,
            name_zh=line.name_zh,
            name_en=line.name_en,
            quantity=line.installed,
            unit=line.unit,
            safety=line.safety,
            state=line_state(line, self.order),
            you_pay=self.paid([line]),
            others_pay=any(share["payer"] != "customer_pay" and share["minor"] for share in line.shares),
        )


def _price(order: WorkOrder, asked: Sequence[_Asked]) -> VisitPrice:
    approved = Money.total((one.paid(line for line in one.lines if line.approved) for one in asked), order.currency)
    waiting = Money.total((one.paid(one.waiting) for one in asked), order.currency)
    return VisitPrice(approved=approved, asked=waiting, total=Money.total((approved, waiting), order.currency))


def _taken_back(order: WorkOrder) -> datetime | None:
    """When its hand-over was taken back, if the last one was (Rule W15)."""
    if order.delivered_at is not None or order.reversal is None or order.reversal["state"] != "confirmed":
        return None
    assert order.reversal["answered_at"] is not None, "what is confirmed was answered"
    return datetime.fromisoformat(order.reversal["answered_at"])
