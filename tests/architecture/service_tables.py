"""The tables of a service: as its code maps them, and as its migrations made them in a database."""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import Engine, MetaData

from chassis import ModelBase
from chassis.store import tables
from servicelane.suite import service_class
from tests.infrastructure import ServiceDatabase

CHASSIS_TABLES = {*tables.metadata.tables, "alembic_version"}

SHARED_TABLES = {
    "booking": {
        "known_operation",  # the group's catalogue of operations (Rules B4, W5)
    },
    "workshop": {
        "operation",  # the group's catalogue of operations (Rule W5)
        "operations_publication",  # what was published of it
        "model_alias",  # what else the group's makes and models are called (Rule W5)
        "done_repair",  # what was done on which car, for comebacks at any dealer (Rule W2); no person, no price
        "declined_work",  # what was declined on which car, to be proposed at any dealer (Rule W8); no person, no price
        "delivered_visit",  # what was done on which car, at any dealer (Rule W22); no person, no price, no words
        "battery_trend",  # what was measured of which car's battery, at any dealer (Rule W33); no person, no price
        "inspection_template",  # what is measured, with its limits (Rule W3)
        "work_instruction",  # how the work of the group's operations is done, version by version (Rule W27)
        "person_account",  # which accounts are one person's (Rule W11): a person may work at several dealers
        "model_coefficient",  # the group's complexity coefficients (Rule W5)
    },
    "gateway": {
        "dealer",  # the registry: one group per deployment (Rule G0)
        "account",  # a person may work at several dealers (Rule G1)
        "account_membership",
        "former_membership",  # who worked at a dealer once
        "api_client",
        "api_client_membership",
        "pending_file",  # what lies in the store and may not be recorded yet, of all dealers: it is swept by one statement
        "session",  # a person's, who may work at several dealers
    },
}
"""What the group shares, service by service: tables without an owner among the dealers. Keep it short, with the reason."""


@dataclass(frozen=True)
class ServiceTables:
    """One service: the tables its code maps, and a database its migrations made."""

    name: str
    metadata: MetaData
    database: ServiceDatabase
    admin: Engine

    @property
    def shared(self) -> set[str]:
        """The names of its tables that belong to the group."""
        return SHARED_TABLES.get(self.name, set())

    @property
    def dealers(self) -> list[str]:
        """The names of its tables that must belong to a dealer: all that are not on a list."""
        return dealer_tables(self.name)


def dealer_tables(name: str) -> list[str]:
    """The names of a service's tables that must belong to a dealer."""
    return sorted(set(metadata_of(name).tables) - SHARED_TABLES.get(name, set()) - CHASSIS_TABLES)


def metadata_of(name: str) -> MetaData:
    """All tables a service maps: every module of it is imported, also one that a migration forgot."""
    package = import_module(service_class(name).__module__.rpartition(".")[0])
    bases = set()
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in module.name:
            bases |= {one for one in vars(import_module(module.name)).values() if _is_base(one)}
    (base,) = bases
    metadata: MetaData = base.metadata
    return metadata


def _is_base(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, ModelBase) and one is not ModelBase and ModelBase in one.__bases__
