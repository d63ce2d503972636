"""Writes what docs/api has that follows from the contracts: `python -m servicelane.api_guide docs/api` (`make docs`).

`roles.md` says who may call what; `servicelane.postman_collection.json` has a request for each operation, for Postman, Bruno and
Insomnia, which all read that format.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

from chassis.process.settings import Settings
from chassis.work.executor import Executor
from contracts import roles as of_people
from gateway.evidence.store import Store
from gateway.http.app import Interior, build_app
from gateway.http.settings import HttpSettings
from gateway.http.table import Row, Table, tag_of
from gateway.service import GatewayService
from gateway.suite.caller import Caller
from locales import SOURCE, sentence
from servicelane.dealership import STAFF
from servicelane.setup import ADMIN
from servicelane.welcome import DEALER

COLLECTION = "servicelane.postman_collection.json"
ROLES = "roles.md"
_FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_DEPTH = 8

HEAD = """\
# Who may call what

Generated from the route tables by `make docs`. A call takes any one of the roles named; at a dealer the service manager may do
whatever any role may. The last column has the sandbox's logins that may: `{admin}` and those of the dealer `{dealer}`.
"""


def document() -> dict[str, Any]:
    """The OpenAPI document, as a gateway with the usual settings serves it."""
    settings = Settings.read("gateway", {"AMQP_URI": "embedded://", "DATABASE_URL": "sqlite://", "JWT_SECRET": "x" * 64})
    interior = Interior(Executor(settings), GatewayService, cast("Caller", None), HttpSettings.read({}), cast("Store", None), 1)
    answer = build_app(interior).test_client().get("/v1/openapi.json")
    written: dict[str, Any] = json.loads(answer.get_data())
    return written


def roles() -> str:
    """The table of roles."""
    parts = [HEAD.format(admin=ADMIN, dealer=DEALER)]
    by_service: dict[str, list[Row]] = {}
    for row in Table.of_contracts().rows:
        by_service.setdefault(row.service, []).append(row)
    for service, rows in by_service.items():
        parts.append(f"\n## {tag_of(service)[0]}\n\n| call | what | roles | logins |\n|---|---|---|---|\n")
        parts += [_line(row) for row in sorted(rows, key=lambda row: (row.path, row.route.method))]
    return "".join(parts)


def collection() -> str:
    """The collection: a folder per service, the token and the addresses as variables."""
    written = document()
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, methods in written["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                folders.setdefault(operation["tags"][0], []).append(_item(written, path, method, operation, shared))
    whole = {
        "info": {"name": "ServiceLane", "description": "Generated from /v1/openapi.json by `make docs`.", "schema": _FORMAT},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
        "variable": [
            {"key": "base", "value": "http://127.0.0.1:8000"},
            {"key": "dealer", "value": DEALER},
            {"key": "token", "value": ""},
        ],
        "item": [{"name": name, "item": items} for name, items in folders.items()],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _line(row: Row) -> str:
    named = ", ".join(sentence(f"role.{role}", SOURCE) for role in row.route.roles)
    logins = [who for who, theirs in STAFF.items() if row.route.scope == "dealer" and row.allows(frozenset(theirs))]
    may = ", ".join(f"`{who}`" for who in (logins if row.route.scope == "dealer" else [ADMIN]))
    if row.route.scope == "own":
        named, may = "everybody who is signed in", "all"
    if row.route.scope == "link":
        named, may = "whoever has the token of a one-time link", "none: no signing in"
    if set(STAFF) == set(logins):
        named, may = ("everybody at the dealer" if len(row.route.roles) > len(logins) else named), "all"
    if row.route.roles == of_people.STAFF:
        named, may = "everybody but guard, washer and driver", "all but `guard`, `washer` and `driver`"
    if row.route.roles == (of_people.SERVICE_MANAGER,):
        named = "service manager only"
    return f"| `{row.route.method} {row.path}` | {row.route.summary} | {named} | {may} |\n"


def _item(whole: dict[str, Any], path: str, method: str, operation: dict[str, Any], shared: list[Any]) -> dict[str, Any]:
    parameters = [*shared, *operation.get("parameters", [])]
    headers = [
        {"key": one["name"], "value": "{{$guid}}" if one["name"] == "Idempotency-Key" else "", "disabled": not one["required"]}
        for one in parameters
        if one["in"] == "header"
    ]
    names = path.strip("/").replace("{dealer}", "\0").replace("{", ":").replace("}", "").replace("\0", "{{dealer}}")
    query = [
        {"key": one["name"], "value": "", "disabled": not one.get("required", False), "description": one.get("description", "")}
        for one in parameters
        if one["in"] == "query"
    ]
    variables = [
        {"key": one["name"], "value": "", "description": one.get("description", "")}
        for one in parameters
        if one["in"] == "path" and one["name"] != "dealer"
    ]
    request: dict[str, Any] = {
        "method": method.upper(),
        "description": operation.get("description", ""),
        "header": headers,
        "url": {
            "raw": "{{base}}/" + names,
            "host": ["{{base}}"],
            "path": names.split("/"),
            "query": query,
            "variable": variables,
        },
    }
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = content["application/json"].get("example") or _example(whole, content["application/json"]["schema"], _DEPTH)
        request["header"].append({"key": "Content-Type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": json.dumps(body, ensure_ascii=False, indent=2)}
    elif content:
        fields = whole["components"]["schemas"][next(iter(content.values()))["schema"]["$ref"].rpartition("/")[2]]["properties"]
        request["body"] = {"mode": "urlencoded", "urlencoded": [{"key": name, "value": ""} for name in fields]}
    return {"name": operation["summary"], "request": request}


def _example(whole: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    """A value of the schema: what must be there, by example where the document has one."""
    if "$ref" in schema:
        schema = {**whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], **schema}
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return _example(whole, schema[several][0], depth - 1)
    if schema.get("examples") or "enum" in schema:
        return (schema.get("examples") or schema["enum"])[0]
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object" and depth:
        return {name: _example(whole, schema["properties"][name], depth - 1) for name in schema.get("required", [])}
    if kind == "array":
        return [_example(whole, schema["items"], depth - 1)] if depth else []
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "")


def write(folder: Path) -> None:
    """Write both files."""
    (folder / ROLES).write_text(roles(), encoding="utf-8")
    (folder / COLLECTION).write_text(collection(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
