"""Who may import whom: the contracts of import-linter in pyproject.toml hold, and each of them can be broken."""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("chassis", "contracts", "files", "services", "gateway", "console", "servicelane", "locales", "media")
RULES = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
}


def lint(tree: Path) -> tuple[set[str], str]:
    """The ids of the rules broken in a tree, and what import-linter printed."""
    done = subprocess.run([LINT, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False, timeout=120)
    printed = done.stdout + done.stderr
    verdicts = [line for line in printed.splitlines() if "BROKEN" in line]
    broken = {rule for rule, name in RULES.items() if any(line.startswith(name) for line in verdicts)}
    assert bool(broken) == (done.returncode != 0), printed
    return broken, printed


def test_nobody_imports_what_it_may_not() -> None:
    """Every rule holds in the project as it is."""
    broken, printed = lint(ROOT)
    assert not broken, printed


@dataclass(frozen=True)
class Offence:
    """An import that breaks a rule: what a module at `path` would say."""

    rule: str
    path: str
    says: str


OFFENCES = [
    Offence("one-way", "chassis/offender.py", "import contracts.shared"),
    Offence("one-way", "chassis/offender.py", "from locales import sentence"),
    Offence("one-way", "locales/offender.py", "from chassis.wire.values import Money"),
    Offence("one-way", "contracts/offender.py", "from services.parts import service"),
    Offence("one-way", "services/parts/offender.py", "import gateway.dealer.queries"),
    Offence("one-way", "services/crm/customer/offender.py", "import servicelane.suite"),
    Offence("one-way", "gateway/offender.py", "import services.parts.service"),
    Offence("chassis-floors", "chassis/wire/offender.py", "from chassis.process import settings"),
    Offence("chassis-floors", "chassis/store/offender.py", "from chassis.work.unit_of_work import Work"),
    Offence("chassis-floors", "chassis/brand_new/offender.py", "import json"),
    Offence("services-apart", "services/billing/invoice/offender.py", "from services.workshop.order import work_order"),
    Offence("services-apart", "services/brand_new/service.py", "from services.parts import service"),
    Offence("booking-capabilities", "services/booking/calendar/offender.py", "from services.booking.appointment import booking"),
    Offence("booking-capabilities", "services/booking/appointment/offender.py", "from services.booking import service"),
    Offence("workshop-capabilities", "services/workshop/order/offender.py", "from services.workshop.agreement import estimate"),
    Offence(
        "workshop-capabilities", "services/workshop/shop_floor/offender.py", "import services.workshop.handing_over.delivery"
    ),
    Offence("parts-capabilities", "services/parts/stock/offender.py", "from services.parts.reservation import queue"),
    Offence("billing-capabilities", "services/billing/account/offender.py", "from services.billing.invoice import tax"),
    Offence("billing-capabilities", "services/billing/gate_pass/offender.py", "from services.billing.task import billing_task"),
    Offence("billing-capabilities", "services/billing/brand_new/offender.py", "import json"),
    Offence("crm-capabilities", "services/crm/vehicle/offender.py", "from services.crm.follow_up import follow_up"),
    Offence("gateway-capabilities", "gateway/suite/offender.py", "from gateway.http import problems"),
    Offence("gateway-capabilities", "gateway/dealer/offender.py", "from gateway.account.account import Account"),
    Offence("gateway-capabilities", "gateway/brand_new/offender.py", "import json"),
    Offence("console-floors", "console/form.py", "from console.page import Screen"),
    Offence("console-floors", "console/brand_new.py", "import json"),
    Offence("console-is-a-client", "console/screens/offender.py", "from contracts.roles import SERVICE_ADVISOR"),
    Offence("console-is-a-client", "console/screens/offender.py", "import gateway.http.problems"),
    Offence("console-is-a-client", "console/screens/offender.py", "from chassis.work.unit_of_work import Work"),
    Offence("face", "services/parts/stock/offender.py", "from chassis.work.unit_of_work import Work"),
    Offence("face", "contracts/parts/offender.py", "from chassis.store.columns import IdType"),
    Offence("no-transport", "services/parts/stock/offender.py", "import eventlet.semaphore"),
    Offence("no-transport", "services/brand_new/offender.py", "from flask import request"),
    Offence("no-transport", "gateway/account/offender.py", "from nameko.rpc import rpc"),
    Offence("bus-libraries", "services/workshop/offender.py", "import kombu"),
    Offence("bus-libraries", "services/brand_new/service.py", "from amqp import Channel"),
    Offence("bus-libraries", "gateway/http/offender.py", "from nameko.standalone.rpc import ClusterRpcClient"),
    Offence("bus-libraries", "contracts/offender.py", "import nameko"),
    Offence("bus-libraries", "servicelane/offender.py", "import kombu.entity"),
    Offence("contracts-are-data", "contracts/parts/offender.py", "from sqlalchemy import select"),
    Offence("invariants-read-tables", "servicelane/invariants/offender.py", "from services.billing.invoice import invoice"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project's code that may be spoilt."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("offence", OFFENCES, ids=lambda one: f"{one.rule}: {one.path} says {one.says}")
def test_each_rule_can_go_red(tree: Path, offence: Offence) -> None:
    """A module that breaks a rule is seen, in a service that nobody listed too."""
    module = tree / offence.path
    for folder in (module.parent, module.parent.parent):
        if not (folder / "__init__.py").exists() and folder != tree:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "__init__.py").touch()
    module.write_text(f"{offence.says}\n", encoding="utf-8")
    broken, printed = lint(tree)
    assert offence.rule in broken, printed


def test_every_rule_has_an_offence_that_proves_it() -> None:
    """A rule that nothing shows able to fail may never have worked."""
    assert {offence.rule for offence in OFFENCES} == set(RULES)
