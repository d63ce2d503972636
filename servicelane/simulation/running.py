"""Running a simulation: the embedded suite under a simulated clock, whole days at some dealers, and what was seen of them."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial

from chassis.process.clock import simulated_clock
from chassis.process.settings import Settings
from servicelane import embedded, running
from servicelane.client import Client
from servicelane.health_record_sandbox import HealthRecordSandbox
from servicelane.invariants import Finding
from servicelane.reconcile import reconcile
from servicelane.setup import ADMIN, create_administrator
from servicelane.simulation import (
    booking,
    call_backs,
    customer_care,
    enquiries,
    equipment,
    legs,
    loaners,
    management,
    out_of_hours,
    parts_desk,
    purchasing,
    reception,
    short_parts,
    stocktakes,
    stories,
)
from servicelane.simulation.agenda import Agenda
from servicelane.simulation.house import ZONE, House
from servicelane.simulation.opening import open_group_of, open_house
from servicelane.simulation.rules import Sightings
from servicelane.suite import SERVICES

PASSWORD = "showroom-2026"
EVE = datetime.combine(date(2026, 3, 1), time_of_day(13), tzinfo=ZONE)
"""The Sunday before the first day: the dealers are opened, and customers call for the days to come."""
COLLECTED = 20_000, 20, 100
"""How many new objects, and how many collections of them, bring the next: the usual 700, 10, 10 cost a fifteenth of the time."""
WALK_INS = 2
"""Customers of a dealer who just come, on one day."""
ELECTRIC_DAYS = 3
"""Every so many days one of them has an electric car."""

Tell = Callable[[float], None]
"""Is told which part of the days is over."""


@dataclass(frozen=True)
class Plan:
    """What is to be lived: so many dealers and days, and at each dealer so many customers who call on a day."""

    dealers: int
    days: int
    seed: int
    calls: int = 4

    @property
    def dates(self) -> list[date]:
        """The eve and the days."""
        return [EVE.date() + timedelta(days=day) for day in range(self.days + 1)]


@dataclass(frozen=True)
class Outcome:
    """What a simulation came to. `rules` has every rule with how often it was seen; `findings` are what reconcile found."""

    rules: dict[str, int]
    orders: int
    findings: list[Finding]
    seconds: float

    def dump(self) -> dict[str, object]:
        """As `--json` prints it."""
        told = {name: value for name, value in asdict(self).items() if name != "findings"}
        return {**told, "reconcile_ok": not self.findings, "seconds": round(self.seconds, 1)}


def simulate(plan: Plan, tell: Tell) -> Outcome:
    """Live the days, in a temporary folder; the same plan lives the same days."""
    began = time.monotonic()
    seen = Sightings()
    with embedded.passing("simulation"), HealthRecordSandbox() as records:
        os.environ["SIMULATED_SINCE"] = EVE.isoformat()
        os.environ["WORKSHOP_HEALTH_RECORD_URL"] = records.url
        os.environ.setdefault("PASSWORD_MEMORY_MIB", "12")
        gc.set_threshold(*COLLECTED)
        embedded.prepare(partial(create_administrator, ADMIN, PASSWORD))
        running.run_during(SERVICES, lambda: _live(plan, seen, records, tell))
        findings = reconcile(everything=True)
    return Outcome(seen.counts(), seen.orders, findings, time.monotonic() - began)


def _live(plan: Plan, seen: Sightings, records: HealthRecordSandbox, tell: Tell) -> None:
    settings = Settings.read("gateway")
    assert settings.simulated_since is not None, "it was set before the services were started"
    agenda = Agenda(simulated_clock(settings.simulated_since))
    base_url = embedded.base_url()
    admin = Client.sign_in(base_url, ADMIN, PASSWORD, now=lambda: agenda.clock.now().timestamp())
    open_group_of(admin)
    houses = [
        House(
            f"dealer-{number}",
            number,
            str(plan.seed),
            base_url=base_url,
            password=PASSWORD,
            agenda=agenda,
            seen=seen,
            records=records,
        )
        for number in range(1, plan.dealers + 1)
    ]
    for number, house in enumerate(houses, 1):
        house.others = [other for other in houses if other is not house]
        open_house(admin, base_url, house, name=f"{number} 号店", password=PASSWORD)
    end = datetime.combine(plan.dates[-1], time_of_day(23, 59), tzinfo=ZONE)
    for day, today in enumerate(plan.dates):
        for house in houses:
            _begin_day(house, day, plan)
        morning = datetime.combine(today + timedelta(days=1), time_of_day(6), tzinfo=ZONE)
        agenda.live_until(min(morning, end), lambda now: tell((now - EVE) / (end - EVE)))


def _begin_day(house: House, day: int, plan: Plan) -> None:
    """What a dealer's day has in store: the eve has only calls, the last day none for later."""
    agenda, rest = house.agenda, plan.dates[day + 1 : day + 3]
    if rest:
        booking.day_of_calls(house, plan.calls, rest)
    if day == 0:
        return
    agenda.begin(house.now, management.rounds(house))
    agenda.begin(house.now, management.alarm(house))
    agenda.begin(house.now, management.look_at_the_day(house))
    agenda.begin(house.now, management.close_the_day(house))
    agenda.begin(house.now, parts_desk.day_of_store(house, day))
    agenda.begin(house.now, purchasing.day_of_orders(house, day))
    agenda.begin(house.now, stocktakes.day_of_counting(house, day))
    agenda.begin(house.now, customer_care.day_of_calls(house))
    agenda.begin(house.now, customer_care.day_of_invitations(house))
    agenda.begin(house.now, call_backs.day_of_promises(house))
    agenda.begin(house.now, enquiries.day_of_questions(house))
    agenda.begin(house.now, loaners.day_of_fleet(house))
    agenda.begin(house.now, equipment.day_of_equipment(house))
    agenda.begin(house.now, legs.day_of_driver(house))
    if rest:
        agenda.begin(house.now, legs.day_of_forgetting(house))
    if rest and house.one_in(2, "collected"):
        agenda.begin(house.now, legs.day_of_collecting(house, rest[0]))
    if rest:
        agenda.begin(house.now, out_of_hours.night(house))
        agenda.begin(house.now, short_parts.day_of_ordering(house, day, rest[0]))
    for walks_in in range(WALK_INS):
        at = house.at(9) + timedelta(minutes=house.random.randrange(300))
        electric = walks_in == 0 and day % ELECTRIC_DAYS == 1
        agenda.begin(at, stories.walks_in(house, house.town.electric_car() if electric else house.town.car()))
    agenda.begin(house.at(9, 5), reception.pass_through(house))
