"""What the console sends is what the published document asks for: address, method, and every field of every form."""

import re
from typing import Any

import pytest

from console.action import Action
from console.page import Page
from console.screens import SCREENS
from servicelane.api_guide import document

BELOW = "/v1/dealers/{dealer}"
PAGES = [(page, action) for screen in SCREENS for page in screen.pages for action in page.actions.values()]


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    """The document."""
    return document()


def _operation(published: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    bare = re.sub(r"\{\w+\}", "{}", BELOW + path)
    found = [methods for known, methods in published["paths"].items() if re.sub(r"\{\w+\}", "{}", known) == bare]
    return found[0].get(method.lower()) if found else None


def _has(published: dict[str, Any], schema: dict[str, Any], path: list[str]) -> bool:
    if "$ref" in schema:
        return _has(published, published["components"]["schemas"][schema["$ref"].rpartition("/")[2]], path)
    several = [one for name in ("anyOf", "allOf", "oneOf") for one in schema.get(name, [])]
    if several and any(_has(published, one, path) for one in several):
        return True
    if not path:
        return True
    if path[0] == "*":
        return "items" in schema and _has(published, schema["items"], path[1:])
    known = schema.get("properties", {})
    return path[0] in known and _has(published, known[path[0]], path[1:])


def test_there_are_actions() -> None:
    """The search finds them."""
    assert len(PAGES) > 20


@pytest.mark.parametrize(("page", "action"), PAGES, ids=lambda one: getattr(one, "endpoint", getattr(one, "name", "")))
def test_an_action_is_in_the_document(published: dict[str, Any], page: Page, action: Action) -> None:
    """Its address and method are, and its schema has every field; one of another name would be refused at every click."""
    operation = _operation(published, action.method, action.path)
    assert operation is not None, f"{page.endpoint}: {action.method} {action.path}"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    unknown = [one.name for one in action.fields if not _has(published, body, one.name.split("."))]
    assert not unknown


def test_who_finds_a_screen_is_said_by_an_operation_of_the_document(published: dict[str, Any]) -> None:
    """Or nobody would find it."""
    lost = [screen.name for screen in SCREENS if screen.whose and _operation(published, *screen.whose) is None]
    assert not lost


def test_an_unknown_field_would_be_found(published: dict[str, Any]) -> None:
    """The search above can go red."""
    schema = {"$ref": "#/components/schemas/DeclineLines"}
    assert _has(published, schema, ["decision", "name"])
    assert not _has(published, schema, ["decision", "nickname"])
