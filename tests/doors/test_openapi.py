"""The published description: valid OpenAPI 3.1, complete, and readable from what is installed here."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.http.table import Row
from locales import languages, sentence
from tests.doors.house import ROWS, House, name


@pytest.fixture(scope="module")
def document(built_house: House) -> dict:
    """/v1/openapi.json."""
    response = built_house.app.test_client().get("/v1/openapi.json")
    assert response.status_code == 200
    return response.get_json()


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
    success = operation["responses"]["201" if row.route.creates else "200"]
    if row.answer is not None:
        reference = success["content"]["application/json"]["schema"]["$ref"]
        assert reference.rpartition("/")[2] in document["components"]["schemas"]
    for status in ("401", "403", "404", "422"):
        problem = document["components"]["responses"][operation["responses"][status]["$ref"].rpartition("/")[2]]
        assert list(problem["content"]) == ["application/problem+json"]
    headers = {one["name"]: one["required"] for one in operation.get("parameters", []) if one["in"] == "header"}
    if row.is_command:
        assert headers == {"Idempotency-Key": row.needs_key, "If-Match": row.route.if_match}
        schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        properties = document["components"]["schemas"][schema].get("properties", {})
        assert not row.placeholders & set(properties)
    else:
        assert headers == {}
        assert "requestBody" not in operation


def test_nothing_is_described_that_is_not_there(document: dict) -> None:
    """Every operation is a route of a contract, but for the tokens'."""
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods if method != "parameters"
    }
    assert described == {(row.route.method, row.path) for row in ROWS} | {("POST", "/v1/tokens")}


def test_operations_have_names_of_their_own(document: dict) -> None:
    """Generated clients call their methods by them."""
    names = [one["operationId"] for methods in document["paths"].values() for key, one in methods.items() if key != "parameters"]
    assert len(names) == len(set(names))


def test_money_is_described_as_it_travels(document: dict) -> None:
    """Amount as a decimal string, and a currency; no pattern that a browser cannot read."""
    total = document["components"]["schemas"]["workshop.WorkOrder"]["properties"]["total"]
    assert total["required"] == ["amount", "currency"]
    assert total["properties"]["amount"]["type"] == "string"
    assert "\\Z" not in str(document)


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
