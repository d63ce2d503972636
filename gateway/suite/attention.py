"""What wants the service manager's attention: every service is asked at once for its matters; who does not answer is named."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import eventlet
import structlog

from chassis.events.standing_still import MessagesStandingStill, StandingMessages
from chassis.wire.call import Call
from chassis.wire.errors import ServiceError
from chassis.wire.messages import Query
from chassis.work.executor import Executor
from contracts.attention import MOST, Concern, ConcernGroup, ConcernKind, Concerns
from contracts.billing.attention import FindBillingConcerns
from contracts.booking.attention import FindBookingConcerns
from contracts.crm.attention import FindCareConcerns
from contracts.gateway.suite import Attention, AttentionCount, AttentionEntry, GetAttention
from contracts.parts.attention import FindPartsConcerns
from contracts.workshop.attention import FindWorkshopConcerns
from gateway.suite.caller import Caller, patience_with, told
from gateway.suite.reconciling import Reconciler
from locales import sentence

log = structlog.get_logger()

INCOMPLETE = "attention_incomplete"
HELD = timedelta(minutes=5)
"""A message that waits for another fact, or is tried again, mostly settles itself by then."""

FRESH = timedelta(seconds=60)
"""So long a reconciliation counts: what is younger than a minute is called under way anyway."""

DELIVERIES = 100
"""So many of the newest deliveries are looked at."""

ASKED = (
    FindWorkshopConcerns(),
    FindBookingConcerns(loaners=True),
    FindPartsConcerns(),
    FindBillingConcerns(),
    FindCareConcerns(),
)

OPENS: Mapping[ConcernKind, tuple[str, ...]] = {
    "late_order": ("/work-orders/{work_order_id}",),
    "promise_at_risk": ("/work-orders/{work_order_id}/promise",),
    "missed_report": ("/work-orders/{work_order_id}/promise",),
    "delivery_overtaken": ("/work-orders/{work_order_id}/delivery-plan",),
    "long_hold": ("/work-orders/{work_order_id}",),
    "unseen_answer": ("/work-orders/{work_order_id}",),
    "new_damage": ("/work-orders/{work_order_id}",),
    "lane_alert": ("/lane",),
    "loaner_offer": ("/work-orders/{work_order_id}",),
    "loaner_due": ("/loaners",),
    "loaner_not_needed": ("/loaners",),
    "equipment_overdue": ("/equipment",),
    "late_leg": ("/legs",),
    "leg_question": ("/legs",),
    "certificate_expiring": ("/certificates",),
    "forgotten_clock_off": ("/forgotten-clock-offs",),
    "observation_due": ("/observations",),
    "file_incomplete": ("/work-orders/{work_order_id}/file",),
    "record_unsent": ("/health-records",),
    "record_refused": ("/health-records",),
    "order_not_opened": ("/appointments/{appointment_id}",),
    "request_unanswered": ("/appointments/{appointment_id}",),
    "parts_late": ("/appointments/{appointment_id}",),
    "stock_discrepancy": ("/work-orders/{work_order_id}/deductions",),
    "parts_task": ("/work-orders/{work_order_id}/reservation", "/appointments/{appointment_id}/reservation"),
    "billing_task": ("/work-orders/{work_order_id}/account",),
    "late_follow_up": ("/follow-ups/{follow_up_id}",),
    "late_call_back": ("/calls/{call_id}",),
    "late_enquiry": ("/enquiries/{enquiry_id}",),
    "dead_message": ("/work-orders/{work_order_id}/timeline", "/appointments/{appointment_id}"),
    "held_message": ("/work-orders/{work_order_id}/timeline", "/appointments/{appointment_id}"),
    "broken_delivery": ("/work-orders/{work_order_id}/timeline",),
}
"""What shows the matter itself: the first path of which the ids are known."""

PLACEHOLDER = re.compile(r"{(\w+)}")

LISTS: Mapping[ConcernKind, str] = {
    "late_order": "/work-orders",
    "promise_at_risk": "/work-orders",
    "missed_report": "/due-reports",
    "delivery_overtaken": "/work-orders",
    "long_hold": "/work-orders",
    "unseen_answer": "/work-orders",
    "new_damage": "/work-orders",
    "lane_alert": "/lane/alerts",
    "loaner_offer": "/loaner-offers",
    "loaner_due": "/loaners",
    "loaner_not_needed": "/loaners",
    "equipment_overdue": "/equipment",
    "late_leg": "/legs",
    "leg_question": "/legs",
    "certificate_expiring": "/certificates",
    "forgotten_clock_off": "/forgotten-clock-offs",
    "observation_due": "/observations",
    "file_incomplete": "/open-files",
    "record_unsent": "/health-records",
    "record_refused": "/health-records",
    "order_not_opened": "/booking-tasks",
    "request_unanswered": "/booking-tasks",
    "parts_late": "/booking-tasks",
    "stock_discrepancy": "/parts-tasks",
    "parts_task": "/parts-tasks",
    "billing_task": "/billing-tasks",
    "late_follow_up": "/follow-ups",
    "late_call_back": "/desk-queue",
    "late_enquiry": "/desk-queue",
    "broken_delivery": "/reconciliation",
}
"""What shows all of a kind. Messages have no list over HTTP: they are the operators' to see to."""

Groups = Sequence[ConcernGroup]


class AttentionList:
    """Answers `GetAttention`; says what it says in the `language` of whoever asks."""

    def __init__(self, caller: Caller, executor: Executor, reconciler: Reconciler, language: Callable[[], str]) -> None:
        self._caller = caller
        self._executor = executor
        self._reconciler = reconciler
        self._language = language
        self._reconciled: dict[tuple[str, str], tuple[datetime, Groups]] = {}

    def of_dealer(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """The list as plain data."""
        GetAttention.load(payload)
        now, language = self._executor.clock.now(), self._language()
        patience = patience_with(call)
        still = MessagesStandingStill(parked_before=now - HELD)
        running = [
            ("reconciliation", eventlet.spawn(self._deliveries, call, language)),
            *((asked.service, eventlet.spawn(self._matters, asked, call, patience)) for asked in ASKED),
            *((asked.service, eventlet.spawn(self._messages, asked.service, still, call, patience)) for asked in ASKED),
        ]
        answers = [(source, thread.wait()) for source, thread in running]
        groups = [(source, group) for source, found in answers for group in found or ()]
        entries = (_entry(source, group.kind, one, call, language) for source, group in groups for one in group.items)
        return Attention(
            as_of=now,
            entries=sorted(entries, key=lambda one: (one.severity != "severe", one.since)),
            counts=[_count(source, group, call) for source, group in groups if group.count],
            missing=sorted({source for source, found in answers if found is None}),
        ).dump()

    def _matters(self, asked: Query, call: Call, patience: float) -> Groups | None:
        answered = told(self._caller, asked.service, asked, call, patience, incomplete=INCOMPLETE)
        return None if answered is None else Concerns.load(answered).groups

    def _messages(self, service: str, asked: Query, call: Call, patience: float) -> Groups | None:
        answered = told(self._caller, service, asked, call, patience, incomplete=INCOMPLETE)
        return None if answered is None else list(_standing(StandingMessages.load(answered)))

    def _deliveries(self, call: Call, language: str) -> Groups | None:
        """The newest deliveries held against their effects, as this process last saw them."""
        assert call.dealer is not None, "the guard admits nobody to a dealer's route without one"
        now, known = self._executor.clock.now(), self._reconciled.get((call.dealer, language))
        if known is not None and timedelta() <= now - known[0] < FRESH:
            return known[1]
        try:
            page = self._reconciler.newest(DELIVERIES, call, language)
        except ServiceError as error:
            log.warning(INCOMPLETE, missing="reconciliation", error=str(error))
            return None
        found = [
            Concern(
                severity="severe",
                since=one.announced_at,
                work_order_id=one.work_order_id,
                order_number=one.number,
                detail=one.what,
            )
            for one in page.findings
        ]
        groups = [ConcernGroup(kind="broken_delivery", count=len(found), items=found[:MOST])]
        self._reconciled[call.dealer, language] = now, groups
        return groups


def _standing(found: StandingMessages) -> Iterator[ConcernGroup]:
    kinds: tuple[tuple[ConcernKind, int, bool], ...] = (("dead_message", found.dead, True), ("held_message", found.held, False))
    for kind, count, dead in kinds:
        yield ConcernGroup(
            kind=kind,
            count=count,
            items=[
                Concern(
                    severity="severe" if dead else "warning",
                    since=one.since,
                    work_order_id=one.ids.get("work_order_id"),
                    appointment_id=one.ids.get("appointment_id"),
                    detail=f"{one.subscriber}: {one.reason}",
                )
                for one in found.items
                if one.dead is dead
            ],
        )


def _entry(service: str, kind: ConcernKind, concern: Concern, call: Call, language: str) -> AttentionEntry:
    ids = {name: value for name, value in vars(concern).items() if value is not None}
    paths = (path for path in OPENS[kind] if set(PLACEHOLDER.findall(path)) <= ids.keys())
    return AttentionEntry(
        **vars(concern),
        kind=kind,
        service=service,
        what=sentence(f"concern.{kind}", language),
        path=next((_at(path.format_map(ids), call) for path in paths), None),
    )


def _count(service: str, group: ConcernGroup, call: Call) -> AttentionCount:
    path = LISTS.get(group.kind)
    return AttentionCount(kind=group.kind, service=service, count=group.count, path=None if path is None else _at(path, call))


def _at(path: str, call: Call) -> str:
    return f"/v1/dealers/{call.dealer}{path}"
