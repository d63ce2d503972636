"""Every code that needs a text in a language, found in contracts and source."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from contracts.attention import ConcernKind
from contracts.billing.events import PaymentMethod
from contracts.booking.calendar import Weekday
from contracts.booking.events import AppointmentStatus, UsualService
from contracts.http import Route
from contracts.parts.events import SpecialOrderState
from contracts.parts.stock import Location
from contracts.parts.task import TaskState
from contracts.problems import PROBLEMS
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from contracts.shared import Payer
from contracts.workshop.agreement import EstimateKind
from contracts.workshop.custody import Thing
from contracts.workshop.lane import LaneAside, LeftLane
from contracts.workshop.leg import LegState
from contracts.workshop.order import LineState, WorkOrderStatus
from gateway.http.explaining import LABELS
from locales import SOURCE
from servicelane.simulation.rules import RULES
from servicelane.suite import SERVICES, service_class
from services.billing import service as _whole_model  # noqa: F401  # its classes name each other: a part of them cannot be mapped
from services.billing.account.share import CUSTOMER
from services.billing.invoice.buyer import THE_DEALER
from tests.contracts import console_texts
from tests.contracts.command_texts import said
from tests.contracts.refusal_codes import raised
from tests.contracts.rule_codes import rules

service_class("billing")  # all of it: SQLAlchemy configures no mappers while some of what they name is not imported

TOLD_BY_THEIR_TITLE = ("shutting_down", "attachment_store_unavailable")

CASES_OF_PROBLEMS = {
    "forbidden",
    "version_is_stale",
    "unsupported_media_type",
    "request_too_slow",
    *(code for code, status in PROBLEMS.items() if status in (503, 504) and code not in TOLD_BY_THEIR_TITLE),
}

FINDINGS = (
    ("invoice", "missing"),
    ("invoice", "double"),
    ("invoice", "unexpected"),
    ("deduction", "missing"),
    ("deduction", "double"),
    ("follow_up", "missing"),
    ("follow_up", "double"),
    ("credit_note", "missing"),
    ("credit_note", "double"),
    ("credit_note", "unequal"),
    ("deduction", "not_taken_back"),
    ("follow_up", "not_taken_back"),
)
"""What reconciliation can find wrong with which effect; tests/unit/gateway/test_effect.py provokes each."""


def routes() -> list[Route]:
    """Every route of every contract."""
    return [route for service in SERVICES for route in import_module(f"contracts.{service}.routes").ROUTES]


WORDS: dict[str, tuple[Any, ...]] = {
    "status": (WorkOrderStatus, AppointmentStatus),
    "state": (LineState, TaskState, LeftLane, LaneAside, SpecialOrderState, LegState),
    "kind": (EstimateKind, Thing),
    "location": (Location,),
    "method": (PaymentMethod,),
    "payment_method": (PaymentMethod,),
    "weekday": (Weekday,),
    "payer": (Payer,),
    "service_type": (UsualService,),
}
"""The facts that are words of the contracts; the catalogues (locales) say them in the caller's language."""

OTHER_FIELD = re.compile(r"""Invalid\.field\([^)]*\bfield=["'](\w+)["']""")


def other_fields() -> set[str]:
    """The fields that a rule compares its own with: sentences call them by their names in the language, not by their codes."""
    root = Path(__file__).parents[2]
    sources = [*(root / "services").rglob("*.py"), *(root / "chassis" / "wire").rglob("*.py")]
    return {name for source in sources for name in OTHER_FIELD.findall(source.read_text(encoding="utf-8"))}


FOR_PROGRAMS = {"field", "step", "vehicle_id", "work_order_id", "customer_id"}
"""Facts that no sentence needs."""


def facts() -> dict[str, frozenset[str]]:
    """The facts that go with a refusal wherever it is raised, by `service.code`."""
    found: dict[str, frozenset[str]] = {}
    for service in SERVICES:
        for one in raised("gateway" if service == "gateway" else f"services/{service}", {"Refused"}):
            for code in one.codes:
                found[f"{service}.{code}"] = found.get(f"{service}.{code}", one.facts) & one.facts
    return {key: told - FOR_PROGRAMS for key, told in found.items()}


def optional() -> set[str]:
    """Why it is so: where the sentence does not say it already."""
    return {f"cause.{code}" for code in (*PROBLEMS, *facts())}


def wanted(language: str) -> set[str]:
    """Every code that needs a text in this language."""
    found = {f"problem.{code}" for code in PROBLEMS}
    found |= {
        f"refusal.{service}.{code}" for service in SERVICES for code in import_module(f"contracts.{service}.refusals").REFUSALS
    }
    found |= {f"rule.{one.code}" for one in rules()}
    found |= {f"case.{key}" for key, told in facts().items() if told} | {f"case.{code}" for code in CASES_OF_PROBLEMS}
    found |= {f"remedy.{code}" for code in PROBLEMS} | {f"remedy.{key}" for key in facts()}
    found |= {f"word.{word}" for kinds in WORDS.values() for kind in kinds for word in get_args(kind)}
    found |= {f"word.{name}" for name in other_fields()}
    found |= {f"buyer.{payer}" for payer in get_args(Payer) if payer not in {CUSTOMER, *THE_DEALER}}
    found |= {"call.parts_here", *(f"problems.{label}" for label in LABELS)}
    found |= {f"role.{role}" for role in (*DEALER_ROLES, *GROUP_ROLES)}
    found |= {"finding.delivery", *(f"finding.{effect}.{fault}" for effect, fault in FINDINGS)}
    found |= {f"concern.{kind}" for kind in get_args(ConcernKind)}
    found |= {code for one in said() for code in one.codes}
    found |= {f"cli.simulate.rule.{rule}" for rule in RULES}
    found |= console_texts.wanted()
    if language != SOURCE:  # English comes from the contract
        found |= {f"route.{route.request.service}.{route.request.method}" for route in routes()} | {
            "route.gateway.tokens",
            "route.gateway.revocation",
        }
    return found
