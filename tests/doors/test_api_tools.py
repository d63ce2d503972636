"""What integrators point at the document: linters find nothing in it, and TypeScript compiles a client of it."""

import json
import shutil
from pathlib import Path

import pytest

from deploy.dev import api_tools
from deploy.dev.api_tools import LOCKED, ApiTools
from deploy.dev.processes import InfrastructureError
from tests.doors.house import House

SECONDS = 180
CLIENTS = Path(__file__).parents[1] / "clients"


@pytest.fixture(scope="module")
def tools() -> ApiTools:
    """The locked tools, installed on first use."""
    return api_tools.ensure()


@pytest.fixture
def folder(built_house: House, tmp_path: Path) -> Path:
    """A folder with the document."""
    document = built_house.app.test_client().get("/v1/openapi.json").get_data()
    (tmp_path / "servicelane.json").write_bytes(document)
    return tmp_path


def _lint(tools: ApiTools, folder: Path) -> None:
    document = folder / "servicelane.json"
    tools.run(
        "spectral", "lint", document, "--ruleset", LOCKED / "spectral.yaml", "--fail-severity=hint", seconds=SECONDS, cwd=folder
    )
    tools.run("redocly", "lint", document, "--extends=recommended-strict", "--max-problems=20", seconds=SECONDS, cwd=folder)


def test_the_linters_find_nothing(tools: ApiTools, folder: Path) -> None:
    """Spectral's rules for OpenAPI and redocly's recommended ones, warnings included."""
    _lint(tools, folder)


def test_the_linters_would_find_something(tools: ApiTools, folder: Path) -> None:
    """A path parameter that nobody describes."""
    document = json.loads((folder / "servicelane.json").read_text(encoding="utf-8"))
    document["paths"]["/v1/dealers/{dealer}"]["parameters"] = []
    (folder / "servicelane.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InfrastructureError, match="dealer"):
        _lint(tools, folder)


def test_a_strict_client_in_typescript_compiles(tools: ApiTools, folder: Path) -> None:
    """Its types are generated from the document; what must not compile does not (`@ts-expect-error`)."""
    tools.run("openapi-typescript", "servicelane.json", "-o", "servicelane.d.ts", seconds=SECONDS, cwd=folder)
    for name in ("client.ts", "tsconfig.json"):
        shutil.copy(CLIENTS / name, folder / name)
    (folder / "node_modules").symlink_to(tools.node_modules)
    tools.run("tsc", "--project", "tsconfig.json", seconds=SECONDS, cwd=folder)
