"""The refusals each use case can end with: `make docs` writes them to contracts/refused.json.

Found by reading the source, from the use case over every function, method and property of its service that it names. A method is
known by its name alone: where two classes have one of the same name, both count. So an operation may be said to refuse what it
never does, but it refuses nothing that is not said.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from chassis.wire.messages import Command, Query
from contracts.gateway.evidence import AttachFile, AttachLegFile, GetLinkedContent, GetLinkedThumbnail
from contracts.workshop.evidence import RecordAttachment
from contracts.workshop.leg_evidence import RecordLegAttachment
from contracts.workshop.linked import GetLinkedPicture
from gateway.http.dispatch import OF_ALL_SERVICES
from gateway.http.table import Table
from servicelane.suite import service_class

ROOT = Path(__file__).parents[1]

RULED_BY: dict[type[Command] | type[Query], type[Command] | type[Query]] = {
    AttachFile: RecordAttachment,
    AttachLegFile: RecordLegAttachment,
    GetLinkedContent: GetLinkedPicture,
    GetLinkedThumbnail: GetLinkedPicture,
}
"""Requests that the gateway takes, and whose rules are those of another one that it makes."""

Function = ast.FunctionDef
Place = tuple[str, str]
"""A module and the qualified name of a function in it."""


class Source:
    """The functions of one service, and which of them each names."""

    def __init__(self, folder: str) -> None:
        self._functions: dict[Place, Function] = {}
        self._methods: dict[str, list[Place]] = defaultdict(list)
        self._known: dict[str, dict[str, tuple[str, str]]] = {}
        self._constants: dict[str, dict[str, ast.expr]] = {}
        for file in sorted((ROOT / folder).rglob("*.py")):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            self._read(module, ast.parse(file.read_text(encoding="utf-8")))

    def codes(self, start: Place) -> list[str]:
        """Every code of a refusal that can be reached from a function."""
        found: set[str] = set()
        seen, waiting = set(), [start]
        while waiting:
            place = waiting.pop()
            body = self._functions.get(place) or self._constants.get(place[0], {}).get(place[1])
            if place not in seen and body is not None:
                seen.add(place)
                for node in ast.walk(body):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                        found |= set(codes_in(node.args[0], self._constants[place[0]]))
                    waiting += self._named(place[0], node)
        return sorted(found)

    def _read(self, module: str, tree: ast.Module) -> None:
        known = self._known[module] = {}
        self._constants[module] = constants_of(tree)
        known |= {name: (module, name) for name in self._constants[module]}
        for node in tree.body:
            match node:
                case ast.ImportFrom(module=str(source), names=names):
                    known |= {one.asname or one.name: (source, one.name) for one in names}
                case ast.FunctionDef(name=name):
                    known[name] = (module, name)
                    self._functions[module, name] = node
                case ast.ClassDef(name=name, body=body):
                    known[name] = (module, name)
                    for method in body:
                        if isinstance(method, ast.FunctionDef):
                            self._functions[module, f"{name}.{method.name}"] = method
                            self._methods[method.name].append((module, f"{name}.{method.name}"))

    def _named(self, module: str, node: ast.AST) -> list[Place]:
        """The functions that a node names: one of a module, or all methods of that name; a class is made by `__init__`."""
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in self._known[module]:
                source, thing = self._known[module][owner]
                exact = [(f"{source}.{thing}", name), (source, f"{thing}.{name}")]
                return [place for place in exact if self._has(place)] or self._methods.get(name, [])
            case ast.Attribute(attr=name):
                return self._methods.get(name, [])
            case ast.Name(id=name) if name in self._known[module]:
                source, thing = self._known[module][name]
                source, thing = self._known.get(source, {}).get(thing, (source, thing))  # a package may pass on what it imports
                return [(source, thing), *((source, f"{thing}.{made}") for made in ("__init__", "__post_init__"))]
        return []

    def _has(self, place: Place) -> bool:
        return place in self._functions or place[1] in self._constants.get(place[0], {})


def constants_of(tree: ast.Module) -> dict[str, ast.expr]:
    """A module's constants."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and node.value is not None
    }


def codes_in(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The literal codes an expression may be: a text, a choice of two, a constant, a look-up in a constant table."""
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from codes_in(body, constants)
            yield from codes_in(orelse, constants)
        case ast.Name(id=name) if name in constants:
            yield from codes_in(constants[name], constants)
        case ast.Subscript(value=ast.Name(id=name)) if isinstance(table := constants.get(name), ast.Dict):
            for value in table.values:
                yield from codes_in(value, constants)


@cache
def _source(service: str) -> Source:
    return Source("gateway" if service == "gateway" else f"services/{service}")


def table() -> dict[str, list[str]]:
    """For each request that has a route, as `service.method`: the refusals it can be answered with."""
    found = {}
    streamed = {row.route.request for row in Table.of_contracts().rows if row.route.streams or row.route.delivers}
    for request in sorted({row.route.request for row in Table.of_contracts().rows}, key=lambda one: (one.service, one.method)):
        if request in OF_ALL_SERVICES or request in streamed - RULED_BY.keys():
            codes = []
        else:
            request_there = RULED_BY.get(request, request)
            use_case = service_class(request_there.service).use_case(request_there)
            codes = _source(request_there.service).codes((use_case.__module__, use_case.__qualname__))
        found[f"{request.service}.{request.method}"] = codes
    return found


def render() -> str:
    """The table as it is written."""
    return json.dumps(table(), indent=1) + "\n"


if __name__ == "__main__":
    print(render(), end="")
