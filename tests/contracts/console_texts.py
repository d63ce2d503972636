"""Every text of the console, found in its templates, its code and its tables."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from console import checks, shell
from console.screens import SCREENS, equipment, follow_ups, in_shop, isolation, order, orders
from contracts.attention import ConcernKind, Severity
from contracts.billing.account import AccountWant, PaymentKind, SettlementState
from contracts.billing.events import PaymentMethod
from contracts.billing.invoice import InvoiceKind
from contracts.billing.task import BillingTaskKind
from contracts.booking.appointment import BookingChannel, PartsState
from contracts.booking.calendar import Weekday
from contracts.booking.events import AppointmentStatus, AppointmentTag, RescueState, UsualService
from contracts.booking.loaner import LoanSheetKind, LoanState
from contracts.booking.task import BookingTaskKind, BookingTaskState
from contracts.crm.call import CallOutcome
from contracts.crm.customer import ConsentPurpose
from contracts.crm.follow_up import FollowUpOutcome, FollowUpState
from contracts.crm.invitation import InvitationReason
from contracts.crm.vehicle import VinWarning
from contracts.gateway.search import HitKind
from contracts.parts.catalogue import Source
from contracts.parts.events import SpecialOrderState
from contracts.parts.issuing import SlipKind
from contracts.parts.order_part_events import OrderPartState
from contracts.parts.purchasing import PurchaseOrderState
from contracts.parts.stock import Location, MoveKind
from contracts.parts.stocktaking import StocktakeState
from contracts.parts.task import TaskKind
from contracts.shared import Channel, LineKind, NextAppointment, Payer
from contracts.signing import SignatureMeans
from contracts.workshop.agreement import DecisionKind, DecisionMeans, EstimateKind, OldParts
from contracts.workshop.attendance import AbsenceKind, Planned
from contracts.workshop.battery import BatteryMethod
from contracts.workshop.certificate import CertificateState, TrainingState
from contracts.workshop.comeback import ComebackCause, Priority, RoadTestAsk, TestDriveOutcome, WorkClass
from contracts.workshop.completion import VoidCause
from contracts.workshop.custody import Thing
from contracts.workshop.damage import DamageKind, Panel
from contracts.workshop.declined_work import Origin
from contracts.workshop.delivery_time import DeliveryState
from contracts.workshop.dispatch_proposal import NobodyBecause
from contracts.workshop.equipment import Condition, EquipmentKind, ServiceResult
from contracts.workshop.evidence import AttachmentKind
from contracts.workshop.final_inspection import Fuel
from contracts.workshop.handing_over import ShownThing
from contracts.workshop.health_record import HealthRecordState
from contracts.workshop.isolation import HighVoltage, IsolationState, IsolationStepKind
from contracts.workshop.lane import LaneAside, LaneCause, LaneRelief, LaneTrigger
from contracts.workshop.leg import LegDirection, LegQuestion, LegState
from contracts.workshop.loaner_offer import LoanerAnswer
from contracts.workshop.multi_point import Finding, Worse
from contracts.workshop.observation import ObservationState
from contracts.workshop.order import Coverage, HoldReason, LineState, WorkOrderStatus
from contracts.workshop.order_file import FileDocument
from contracts.workshop.progress import ReportKind, ToldHow
from contracts.workshop.promise import ArrivalKnownBy, MissCause, MissTold, NoTimeBecause, PartsKnown, PromiseAnswer, PromiseMoved
from contracts.workshop.quality import Stage
from contracts.workshop.readiness import ReversalState
from contracts.workshop.signing_link import LinkState
from contracts.workshop.vehicle_history import Since
from contracts.workshop.visit import VisitLineState, VisitStage, VisitStepName, VisitStepState, VisitUnknown
from contracts.workshop.visit_link import VisitLinkState
from contracts.workshop.walk_around import Equipment
from contracts.workshop.wash import WashState, WashTiming
from servicelane.events_doc import events as published
from servicelane.suite import SERVICES

CONSOLE = Path(__file__).parents[2] / "console"
SAID = re.compile(r"""\bt\(\s*["']([a-z_]+(?:[.-][a-z_]+)*)["'](?! ~)([^)]*)""")
VALUE = re.compile(r"\b(\w+)=")

WORDS: dict[str, Any] = {
    "status": WorkOrderStatus,
    "line": LineState,
    "kind": LineKind,
    "attachment": AttachmentKind,
    "payer": Payer,
    "hold": HoldReason,
    "reversal": ReversalState,
    "estimate": EstimateKind,
    "old_parts": OldParts,
    "decision": DecisionKind,
    "link": Literal[LinkState, "open", "expired"],
    "visit_link": Literal[VisitLinkState, "open"],
    "visit_stage": VisitStage,
    "visit_step": VisitStepName,
    "visit_step_state": VisitStepState,
    "visit_line": VisitLineState,
    "visit_finding": Literal["amber", "red"],
    "visit_old_parts": OldParts,
    "visit_promise": PromiseMoved,
    "visit_report": ReportKind,
    "visit_picture": Literal["finding", "additional_work", "old_part"],
    "means": Literal[DecisionMeans, SignatureMeans],
    "payment_method": PaymentMethod,
    "settlement": SettlementState,
    "want": AccountWant,
    "payment_kind": PaymentKind,
    "invoice": InvoiceKind,
    "appointment": AppointmentStatus,
    "follow_up": FollowUpState,
    "hit": HitKind,
    "concern": ConcernKind,
    "severity": Severity,
    "slip": SlipKind,
    "parts_task": TaskKind,
    "special_order": SpecialOrderState,
    "order_part": OrderPartState,
    "billing_task": BillingTaskKind,
    "outcome": FollowUpOutcome,
    "call": CallOutcome,
    "next": NextAppointment,
    "invite_reason": InvitationReason,
    "service_type": UsualService,
    "booked_by": BookingChannel,
    "tag": AppointmentTag,
    "leg_direction": LegDirection,
    "leg_state": LegState,
    "leg_question": LegQuestion,
    "deposit": Literal["due", "paid"],
    "parts_state": PartsState,
    "effect": order.EffectState,
    "loan": LoanState,
    "rescue": RescueState,
    "loan_sheet": LoanSheetKind,
    "booking_task": BookingTaskKind,
    "task_state": BookingTaskState,
    "way": Channel,
    "consent": ConsentPurpose,
    "vin_warning": VinWarning,
    "priority": Priority,
    "panel": Panel,
    "damage": DamageKind,
    "equipment": Equipment,
    "thing": Thing,
    "finding": Finding,
    "worse": Worse,
    "coverage": Coverage,
    "lane_trigger": LaneTrigger,
    "lane_aside": LaneAside,
    "lane_relief": LaneRelief,
    "lane_cause": LaneCause,
    "loaner_answer": LoanerAnswer,
    "equipment_kind": EquipmentKind,
    "condition": Condition,
    "test_drive": TestDriveOutcome,
    "comeback_cause": ComebackCause,
    "wash": WashState,
    "high_voltage": HighVoltage,
    "completion_void": VoidCause,
    "isolation": IsolationState,
    "battery_method": BatteryMethod,
    "isolation_step": IsolationStepKind,
    "wash_timing": WashTiming,
    "delivery": DeliveryState,
    "stage": Stage,
    "observation": ObservationState,
    "filed": FileDocument,
    "record": HealthRecordState,
    "filed_means": Literal[SignatureMeans, "paper", "other"],
    "fuel": Fuel,
    "origin": Origin,
    "left_since": Since,
    "work_class": WorkClass,
    "service_result": ServiceResult,
    "purchase_order": PurchaseOrderState,
    "stocktake": StocktakeState,
    "inspected": Literal["accepted", "damaged", "short", "wrong_part"],
    "part_source": Source,
    "location": Location,
    "move": MoveKind,
    "certificate": CertificateState,
    "training": TrainingState,
    "absence": AbsenceKind,
    "planned": Planned,
    "nobody": NobodyBecause,
    "promise_moved": PromiseMoved,
    "no_time": NoTimeBecause,
    "parts_known": PartsKnown,
    "shown_thing": ShownThing,
    "road_test_ask": RoadTestAsk,
    "arrival_known_by": ArrivalKnownBy,
    "told_how": ToldHow,
    "miss_told": MissTold,
    "promise_answer": PromiseAnswer,
    "miss_cause": MissCause,
    "report_kind": ReportKind,
    "weekday": Weekday,
}
"""The kinds of words that screens say, and what values each has in the contracts."""

CHOSEN: dict[str, Iterable[str]] = {
    "isolation.step": isolation.STEPS,
    "theme": shell.THEMES,
    "day": ("yesterday", "today", "tomorrow"),
    "error": ("forbidden", "absent", "busy", "unreachable", "defect", "refused"),
    "problem": (
        "gateway_unreachable",
        "too_many_requests",
        "forbidden",
        "not_found",
        "too_large",
        "bad_request",
        "defect",
    ),
    "word.source": (*SERVICES, "reconciliation"),
    "orders.show": orders.FILTERS,
    "visit.stage": get_args(VisitStage),
    "visit.request": get_args(EstimateKind),
    "visit.unknown": get_args(VisitUnknown),
    "equipment.show": equipment.FILTERS,
    "follow_ups.show": follow_ups.FILTERS,
    "word.unit": ("pc", "set", "pair", "l", "ml", "kg", "g", "m", "can", "bottle", "box"),
    "word.reproduced": ("yes", "no"),
    "order.add": ("labour", "parts", "sublet"),
    "order.effect": order.EFFECTS,
    "order.check": checks.CHECKS,
    "daily_report": ("arrivals", "without_order", "comebacks", "delivered", "on_hold", "late"),
    "in_shop.promised": in_shop.PROMISED,
    "board.waits": ("begun", "decision", "estimate", "foreman", "parts", "parts_here", "rework", "at_risk", "customer"),
}
"""Codes that are put together, by what stands before the last dot."""


NOT_OF_A_VISIT = (
    "gateway.",
    "crm.customer.",
    "crm.vehicle.",
    "crm.enquiry.",
    "crm.invitation.",
    "parts.price_list.",
    "parts.purchase_order.",
    "parts.stocktake.",
    "parts.supply.",
    "workshop.operations.",
    "workshop.lane_alert.relieved",
    "booking.briefing.",
    "booking.calendar.",
    "workshop.equipment.",
    "workshop.certificate.",
    "billing.tax_rate.",
    "billing.credit_limit.",
)
"""Events that belong to no order: no timeline shows them."""


def events() -> Iterator[str]:
    """The types of every event that a timeline can show."""
    for _, announced in published():
        yield from (one.type for one in announced if not one.type.startswith(NOT_OF_A_VISIT))


def said() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Where a text is said as it stands, its code, and the names of the values it is given."""
    for file in sorted([*CONSOLE.rglob("*.py"), *CONSOLE.rglob("*.html")]):
        for code, values in SAID.findall(file.read_text(encoding="utf-8")):
            yield file.name, f"console.{code}", frozenset(VALUE.findall(values))


def wanted() -> set[str]:
    """Every code that needs a text in every language."""
    found = {code for _, code, _ in said()}
    found |= {f"console.{before}.{choice}" for before, choices in CHOSEN.items() for choice in choices}
    found |= {f"console.word.{kind}.{value}" for kind, values in WORDS.items() for value in get_args(values)}
    found |= {f"console.word.event.{one}" for one in events()}
    found |= {f"console.{screen.name}.title" for screen in SCREENS if screen.whose}
    found |= {f"console.area.{screen.area}" for screen in SCREENS if screen.area != screen.name}
    found |= {f"console.{screen.name}.do.{name}" for screen in SCREENS for page in screen.pages for name in page.actions}
    return found
