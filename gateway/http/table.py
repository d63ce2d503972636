"""The route table: every route of every contract, and what the gateway must know of a route besides."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from inspect import getdoc
from re import findall
from typing import Any

import contracts
from chassis.wire.call import Call
from chassis.wire.codec import schema_of
from chassis.wire.messages import Answer, Command, Query
from contracts.files import UploadedFile
from contracts.gateway.evidence import AttachFile, AttachLegFile
from contracts.http import Route
from contracts.parts.catalogue import ImportPriceList
from contracts.roles import SERVICE_MANAGER
from contracts.workshop.evidence import MOST_BYTES

MEGABYTE = 1024 * 1024
BODY_LIMIT = 2 * MEGABYTE

_HEAVY: dict[type, tuple[int, float]] = {
    ImportPriceList: (25 * MEGABYTE, 60.0),
    AttachFile: (MOST_BYTES + MEGABYTE, 60.0),
    AttachLegFile: (MOST_BYTES + MEGABYTE, 60.0),
}
"""Requests that may be larger and take longer (seconds) than any other."""

PREFIX = {"dealer": "/v1/dealers/{dealer}", "link": "/v1/dealers/{dealer}", "group": "/v1", "own": "/v1"}

TOKEN_HASH = frozenset({"token_hash"})
"""What the gateway itself says in a request of the scope `link`."""


@dataclass(frozen=True)
class Row:
    """One route with its full path."""

    service: str
    route: Route

    @cached_property
    def path(self) -> str:
        """The full path with {placeholders}."""
        return PREFIX[self.route.scope] + self.route.path

    @cached_property
    def rule(self) -> str:
        """The full path as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The fields of the request that its path fills."""
        return frozenset(findall(r"{(\w+)}", self.route.path))

    @property
    def proven(self) -> frozenset[str]:
        """The fields of the request that the gateway fills by what its caller has proven."""
        return TOKEN_HASH if self.route.scope == "link" else frozenset()

    @cached_property
    def is_command(self) -> bool:
        """Whether the request may change something."""
        return issubclass(self.route.request, Command)

    @cached_property
    def operation(self) -> str:
        """What generated clients call it: the request in lowerCamel, with the fields of its path that it does not demand."""
        schema = schema_of(self.route.request)
        named = [name for name in findall(r"{(\w+)}", self.route.path) if not schema.fields[name].required]
        words = "".join(word.title() for name in named for word in ["by", *name.removesuffix("_id").split("_")])
        request = self.route.request.__name__
        return request[0].lower() + request[1:] + words

    @property
    def uploads(self) -> bool:
        """Whether the request carries a file that is kept."""
        return issubclass(self.route.request, UploadedFile)

    @property
    def needs_key(self) -> bool:
        """Whether an Idempotency-Key is demanded."""
        return self.route.method == "POST"

    @property
    def answer(self) -> type[Answer] | None:
        """What is answered, if anything."""
        return self.route.request.answer

    @property
    def body_limit(self) -> int:
        """How many bytes a body may have."""
        return _HEAVY.get(self.route.request, (BODY_LIMIT, 0.0))[0]

    def seconds(self, usual: float) -> float:
        """How long an answer may take."""
        return _HEAVY.get(self.route.request, (0, usual))[1]

    def allows(self, roles: frozenset[str]) -> bool:
        """Whether someone with these roles (at the dealer, or in the group) may call it; a link asks for none."""
        if self.route.scope in ("own", "link"):
            return True
        if self.route.scope == "dealer" and SERVICE_MANAGER in roles:
            return True
        return not roles.isdisjoint(self.route.roles)


class Table:
    """All routes. Raises ValueError for two that are the same, or a placeholder that is no field of its request."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        seen: dict[tuple[str, str], Row] = {}
        for row in rows:
            one = seen.setdefault((row.route.method, row.path), row)
            if one is not row:
                raise ValueError(f"{row.route.method} {row.path} is claimed by {one.service} and {row.service}")
            unknown = row.placeholders - set(schema_of(row.route.request).fields)
            if unknown:
                raise ValueError(f"{row.path}: {row.route.request.__name__} has no field {', '.join(sorted(unknown))}")
        self._reads = [row for row in rows if row.route.method == "GET"]

    def location_of(self, row: Row) -> str | None:
        """Where what `row` creates is read: the path of a route that answers the same, with {id} for the new thing's own id.

        None for what is created and read only in lists.
        """
        if not row.route.creates:
            return None
        for read in self._reads:
            path = read.path
            own = [name for name in findall(r"{(\w+)}", path) if f"{{{name}}}" not in row.path]
            if (read.service == row.service or row.uploads) and _tells(read.answer, row.answer) and len(own) <= 1:
                return path.replace(f"{{{own[0]}}}", "{id}") if own else path
        return None

    @classmethod
    def of_contracts(cls) -> "Table":
        """The routes of every contract."""
        return cls([Row(service, route) for service, module in modules("routes") for route in module.ROUTES])


def _tells(read: type[Answer] | None, created: type[Answer] | None) -> bool:
    return read is not None and created is not None and issubclass(read, created)


def modules(name: str) -> Iterator[tuple[str, Any]]:
    """The module of that name of every contract that has one, with its service's name."""
    for found in pkgutil.iter_modules(contracts.__path__):
        path = f"contracts.{found.name}.{name}"
        if found.ispkg and find_spec(path) is not None:
            yield found.name, importlib.import_module(path)


def tag_of(service: str) -> tuple[str, str]:
    """What the document calls a service, and what it says of it: the contract's docstring, `Name: what it is about.`"""
    name, _, about = (getdoc(importlib.import_module(f"contracts.{service}")) or "").partition("\n")[0].partition(": ")
    return name, about[:1].upper() + about[1:]


def services() -> list[str]:
    """Every service that has a contract, but the gateway."""
    return [service for service, _ in modules("routes") if service != "gateway"]


@cache
def _rows() -> list[Row]:
    return Table.of_contracts().rows


def may_call(request: type[Command] | type[Query], call: Call) -> bool:
    """Whether who makes this call may make that request, too, at the same dealer."""
    return any(row.allows(frozenset(call.roles)) for row in _rows() if row.route.request is request)
