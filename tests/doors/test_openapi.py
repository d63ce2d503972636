"""The published description: valid OpenAPI 3.1, complete, and readable from what is installed here."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from openapi_spec_validator import OpenAPIV31SpecValidator

from chassis.wire.codec import schema_of
from chassis.wire.messages import Answer, Part, Query
from contracts.http import Route
from contracts.shared import Share
from gateway.http import evidence
from gateway.http.components import Components
from gateway.http.table import Row
from locales import languages, sentence
from tests.doors.house import ROWS, House, name

OtherShare = type("Share", (Part,), {"__annotations__": {"name": str}})


@pytest.fixture(scope="module")
def document(built_house: House) -> dict:
    """/v1/openapi.json."""
    response = built_house.app.test_client().get("/v1/openapi.json")
    assert response.status_code == 200
    return response.get_json()


def operations(document: dict) -> Iterator[tuple[str, dict]]:
    """Every operation with its name."""
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            if method != "parameters":
                yield f"{method.upper()} {path}", one


def parameters(document: dict) -> Iterator[tuple[str, dict]]:
    """Every parameter, with the path or operation it belongs to."""
    for path, methods in document["paths"].items():
        yield from ((path, one) for one in methods.get("parameters", []))
    for operation, described in operations(document):
        yield from ((operation, one) for one in described.get("parameters", []))


def everywhere(part: Any, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every object of the document, with where it stands."""
    if isinstance(part, dict):
        yield path, part
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, inner in inside:
        yield from everywhere(inner, f"{path}/{key}")


def faults(document: dict, schema: dict, example: Any) -> list[ValidationError]:
    """What is wrong with an example."""
    whole = {"$ref": schema["$ref"]} if "$ref" in schema else schema
    return list(Draft202012Validator({**whole, "components": document["components"]}).iter_errors(example))


def undescribed(document: dict) -> Iterator[str]:
    """What has no description of its own."""
    components = document["components"]
    told: list[tuple[str, dict]] = [(f"schema {title}", one) for title, one in components["schemas"].items()]
    for schema, one in components["schemas"].items():
        told += [(f"{schema}.{field}", known) for field, known in one.get("properties", {}).items()]
    for kind in ("responses", "headers", "securitySchemes"):
        told += [(f"{kind} {title}", one) for title, one in components[kind].items()]
    for operation, one in operations(document):
        told += [(operation, one), *((f"{operation}: {status}", answer) for status, answer in one["responses"].items())]
    told += [(f"{where}: parameter {one['name']}", one) for where, one in parameters(document)]
    answers = "#/components/responses/"
    return (title for title, one in told if not one.get("description") and not one.get("$ref", "").startswith(answers))


def test_the_document_is_valid_openapi(document: dict) -> None:
    """Version 3.1, by the official schema."""
    assert document["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_every_route_is_described(document: dict, row: Row) -> None:
    """With its titles, its headers, what it takes, what it answers and how it says no."""
    operation = document["paths"][row.path][row.route.method.lower()]
    assert operation["summary"] == row.route.summary
    assert operation["x-summary-zh"] == sentence(f"route.{row.route.request.service}.{row.route.request.method}", "zh")
    assert not operation["x-summary-zh"].isascii()
    assert [one for one in operation if one.startswith("x-summary-")] == [f"x-summary-{one}" for one in languages()[1:]]
    success = operation["responses"][str(row.route.status)]
    if row.answer is not None:
        reference = success["content"]["text/event-stream" if row.route.streams else "application/json"]["schema"]["$ref"]
        assert reference.rpartition("/")[2] in document["components"]["schemas"]
    for status in ("401", "403", "404", "422"):
        problem = document["components"]["responses"][operation["responses"][status]["$ref"].rpartition("/")[2]]
        assert list(problem["content"]) == ["application/problem+json"]
    headers = {one["name"]: one["required"] for one in operation.get("parameters", []) if one["in"] == "header"}
    if row.is_command:
        assert headers == {"Idempotency-Key": row.needs_key, "If-Match": row.route.if_match}
        rest = set(schema_of(row.route.request).fields) - row.placeholders - row.proven
        assert ("requestBody" in operation) == bool(rest)
        if rest:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert set(document["components"]["schemas"][schema]["properties"]) == rest
    else:
        known = ["Last-Event-ID"] if row.route.streams else ["If-None-Match", *(["Range"] if row.route.delivers else [])]
        assert headers == dict.fromkeys(known, False)
        assert "requestBody" not in operation
        assert ("304" in operation["responses"]) is not row.route.streams


def test_nothing_is_described_that_is_not_there(document: dict) -> None:
    """Every operation is a route of a contract, but for the tokens'."""
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods if method != "parameters"
    }
    assert described == {(row.route.method, row.path) for row in ROWS} | {("POST", "/v1/tokens"), ("POST", "/v1/tokens/revoke")}


def test_operations_are_named_as_commands_each_by_a_name_of_its_own(document: dict) -> None:
    """Generated clients call their methods by them."""
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert {"deliverWorkOrder", "getAccessToken", "getReservationByAppointment", "getReservationByWorkOrder"} <= set(names)
    assert [name for name in names if not re.fullmatch("[a-z][A-Za-z]+", name)] == []


def test_tags_are_words_and_say_what_is_behind_them(document: dict) -> None:
    """Every operation has one of them."""
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert {"Customer care", "Workshop", "Signing in"} <= set(tags)
    assert {tag for _, operation in operations(document) for tag in operation["tags"]} == set(tags)
    assert all(name[0].isupper() and len(said) > 20 for name, said in tags.items())


def test_the_document_says_whose_it_is(document: dict) -> None:
    """The installed version, a licence, a contact."""
    info = document["info"]
    assert info["version"] == version("servicelane")
    assert info["license"]["identifier"] == "Apache-2.0"
    assert info["contact"]["name"]
    assert "Idempotency-Key" in info["description"]


def test_every_part_of_the_document_is_described(document: dict) -> None:
    """Operations, parameters, answers, headers, schemas and each of their properties: an integrator asks nobody."""
    assert list(undescribed(document)) == [], (
        "Say what these mean. A field: its name (or Message.name) in contracts/<service>/meanings.py, or in contracts/meanings.py"
        " if several services say it; a set of words by its name likewise. A request or answer: its docstring, whose first"
        " paragraph is a route's title and whose rest is its description."
    )


def test_examples_are_of_the_kind_they_stand_for(document: dict) -> None:
    """Bodies as a real visit sent them, and values of the golden samples: each passes the schema it stands at."""
    bodies = [
        (title, operation["requestBody"]["content"]["application/json"])
        for title, operation in operations(document)
        if "example" in next(iter(operation.get("requestBody", {}).get("content", {"": {}}).values()))
    ]
    assert len(bodies) > 15
    shown = [(title, body["schema"], body["example"]) for title, body in bodies]
    for title in ("POST /v1/tokens", "POST /v1/tokens/revoke"):
        form = dict(operations(document))[title]["requestBody"]["content"]["application/x-www-form-urlencoded"]
        shown += [(title, form["schema"], one["value"]) for one in form["examples"].values()]
    for title, schema in document["components"]["schemas"].items():
        for field, one in schema.get("properties", {}).items():
            shown += [(f"{title}.{field}", one, example) for example in one.get("examples", [])]
    assert len(shown) > 300
    wrong = [(title, [error.message for error in faults(document, schema, example)]) for title, schema, example in shown]
    assert [(title, said) for title, said in wrong if said] == [], (
        "A request's example no longer fits it: `python -m tests.clients.capture` writes contracts/examples.json anew"
    )


def test_no_two_classes_share_a_name() -> None:
    """One would be described where the other travels: the table that has both is refused, naming both."""

    class Twins(Answer):
        items: list[Share]
        others: list[OtherShare]

    class ListTwins(Query, service="workshop", answer=Twins):
        pass

    row = Row("workshop", Route(method="GET", path="/twins", request=ListTwins, roles=("cashier",)))
    with pytest.raises(ValueError, match=r"both have a Share"):
        Components([row])


def test_what_is_asked_and_what_is_answered_are_two_schemas(document: dict) -> None:
    """A part of a request may leave out what has a default and refuses what is unknown; a part of an answer is always whole."""
    schemas = document["components"]["schemas"]
    asked, answered = schemas["ReceiptLineInput"], schemas["ReceiptLine"]
    assert asked["additionalProperties"] is False
    assert "additionalProperties" not in answered
    booking = schemas["BookAppointment"]
    assert set(booking["required"]) == {"customer_id", "vehicle_id", "channel", "service_type", "starts_at"}
    assert set(schemas["Appointment"]["required"]) == set(schemas["Appointment"]["properties"])


def test_a_default_makes_nothing_mandatory(document: dict) -> None:
    """Generators of types take a default for a promise that the value is there; so bodies tell it in words."""
    found = [path for path, one in everywhere(document["components"]["schemas"]) if "default" in one and "type" in one]
    assert found == []
    assert document["components"]["schemas"]["RegisterCustomer"]["properties"]["preferred_channel"]["description"].endswith(
        'If left out: "phone".'
    )


def test_paths_and_query_strings_know_no_null(document: dict) -> None:
    """What is not said there is left out."""
    for where, parameter in parameters(document):
        assert "null" not in str(parameter["schema"]), (where, parameter["name"])
        assert parameter["schema"].get("default", 0) is not None


def test_money_is_one_component(document: dict) -> None:
    """Amount as a decimal string, and a currency: one type in every generated client."""
    money = document["components"]["schemas"]["Money"]
    assert money["required"] == ["amount", "currency"]
    assert document["components"]["schemas"]["WorkOrder"]["properties"]["total"]["$ref"] == "#/components/schemas/Money"
    again = [path for path, one in everywhere(document) if set(one.get("properties", {})) == {"amount", "currency"}]
    assert again == ["/components/schemas/Money"]


def test_words_and_ids_are_typed(document: dict) -> None:
    """A set of words is a component where the contracts name it, and text everywhere; an id is a UUID."""
    assert [path for path, one in everywhere(document) if "enum" in one and "string" not in str(one.get("type"))] == []
    schemas = document["components"]["schemas"]
    assert schemas["WorkOrder"]["properties"]["status"]["$ref"] == "#/components/schemas/WorkOrderStatus"
    assert schemas["WorkOrder"]["properties"]["id"]["format"] == "uuid"
    patterns = [one for path, one in everywhere(document) if str(one.get("pattern", "")).startswith("^[0-9a-f]{8}-")]
    assert patterns
    assert all(one["format"] == "uuid" for one in patterns)


def test_patterns_are_ones_a_browser_reads(document: dict) -> None:
    """No control characters, and none of Python's own signs."""
    patterns = {str(one["pattern"]) for _, one in everywhere(document) if "pattern" in one}
    assert patterns
    assert [pattern for pattern in patterns if re.search(r"\\[ZAxu]|\(\?P|[^ -~]", pattern)] == []


def test_a_component_stands_under_one_media_type(document: dict) -> None:
    """A generator makes one class of a component, and one way to send it."""
    kinds = defaultdict(set)
    for _, one in everywhere(document):
        for media_type, content in one.get("content", {}).items() if isinstance(one.get("content"), dict) else []:
            if content["schema"] != evidence.BYTES:  # which are the same under any
                kinds[content["schema"]["$ref"]].add(media_type)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


def test_the_document_is_kept_and_compressed(built_house: House) -> None:
    """Half a megabyte of text travels as a tenth; who has it asks whether it still is the newest."""
    client = built_house.app.test_client()
    plain = client.get("/v1/openapi.json")
    squeezed = client.get("/v1/openapi.json", headers={"Accept-Encoding": "br, gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data
    assert len(squeezed.data) * 5 < len(plain.data)
    for answer, sent in ((plain, {}), (squeezed, {"Accept-Encoding": "gzip"})):
        assert answer.headers["Vary"] == "Accept-Encoding"
        again = client.get("/v1/openapi.json", headers={**sent, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert plain.headers["ETag"] != squeezed.headers["ETag"]


def test_the_documentation_page_needs_nobody_else(built_house: House) -> None:
    """Page and assets come from here, under a policy that forbids inline code and other hosts."""
    client = built_house.app.test_client()
    page = client.get("/docs")
    assert page.status_code == 200
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    html = page.get_data(as_text=True)
    assert not re.search(r"https?://|<script>|<style|onload=", html)
    for link in re.findall(r'(?:src|href)="([^"]+)"', html):
        asset = client.get(link)
        assert asset.status_code == 200, link
        assert len(asset.data) > 100
    assert "/v1/openapi.json" in client.get("/docs/start.js").get_data(as_text=True)
    assert client.get("/docs/index.html").status_code == 404
