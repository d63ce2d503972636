"""Every code that needs a text in a language, found in contracts and source."""

import ast
from importlib import import_module

from contracts.http import Route
from contracts.problems import PROBLEMS
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from locales import SOURCE
from servicelane.suite import SERVICES
from tests.contracts.command_texts import said
from tests.contracts.refusal_codes import ROOT
from tests.contracts.rule_codes import rules

WITH_DETAILS = {"Refused", "PreconditionFailed", "Forbidden", "KeyReused", "Unavailable", "DeadlineExceeded"}

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


def details() -> set[str]:
    """The names of all facts that errors carry to the caller."""
    found = {"role_needed"}  # gateway/http/problems.py
    for folder in ("chassis", "services", "gateway"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WITH_DETAILS:
                    found |= {keyword.arg for keyword in node.keywords if keyword.arg is not None}
    return found


def wanted(language: str) -> set[str]:
    """Every code that needs a text in this language."""
    found = {f"problem.{code}" for code in PROBLEMS}
    found |= {
        f"refusal.{service}.{code}" for service in SERVICES for code in import_module(f"contracts.{service}.refusals").REFUSALS
    }
    found |= {f"rule.{one.code}" for one in rules()}
    found |= {f"detail.{name}" for name in details()}
    found |= {f"role.{role}" for role in (*DEALER_ROLES, *GROUP_ROLES)}
    found |= {"finding.delivery", *(f"finding.{effect}.{fault}" for effect, fault in FINDINGS)}
    found |= {code for one in said() for code in one.codes}
    if language != SOURCE:  # English comes from the contract
        found |= {f"route.{route.request.service}.{route.request.method}" for route in routes()} | {"route.gateway.tokens"}
    return found
