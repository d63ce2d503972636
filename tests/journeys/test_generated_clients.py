"""What integrators generate from the document works against a running suite: a client for Python, and requests at random."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from deploy.dev import api_tools
from servicelane.client import signed_in
from servicelane.setup import ADMIN
from servicelane.welcome import DEALER, PASSWORD
from tests.deployment import Embedded

SECONDS = 180
VISIT = Path(__file__).parents[1] / "clients" / "visit.py"
SIGN_OUT = "/v1/sessions/end-all"
"""Asked at random it would leave the rest of the requests without a session."""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
)


@pytest.fixture(scope="module")
def embedded(own_embedded: Embedded) -> Embedded:
    """One in which requests at random may change anything."""
    return own_embedded


def test_a_generated_client_drives_a_whole_visit(embedded: Embedded, tmp_path: Path) -> None:
    """Booking to gate pass with the classes and functions that openapi-python-client writes; nothing is left out of it."""
    (tmp_path / "servicelane.json").write_bytes(requests.get(f"{embedded.base_url}/v1/openapi.json", timeout=30).content)
    tools = api_tools.ensure()
    generate = (
        "generate",
        "--path",
        "servicelane.json",
        "--output-path",
        "servicelane_client",
        "--meta",
        "none",
        "--fail-on-warning",
    )
    tools.run("openapi-python-client", *generate, seconds=SECONDS, cwd=tmp_path)
    (tmp_path / "visit.py").write_bytes(VISIT.read_bytes())
    said = tools.run("python", "visit.py", embedded.base_url, DEALER, PASSWORD, seconds=SECONDS, cwd=tmp_path)
    assert "closed, 2 invoices" in said


def test_requests_at_random_find_no_fault_and_no_answer_off_its_schema(embedded: Embedded, tmp_path: Path) -> None:
    """Schemathesis as service manager and as administrator, with a budget: no 5xx, nothing that is not described."""
    for login in (f"{DEALER}.manager", ADMIN):
        token = signed_in(embedded.base_url, login, PASSWORD)["access_token"]
        scope = ("--exclude-path-regex", "{dealer}/") if login == ADMIN else ("--include-path-regex", "/v1/dealers/{dealer}/")
        command = [Path(sys.executable).with_name("schemathesis"), "run", f"{embedded.base_url}/v1/openapi.json"]
        command += ["--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases", "examples,fuzzing", *scope]
        # A stream does not end, and no random request waits for that: tests/doors/test_changes.py reads it.
        command += [
            "--exclude-path",
            "/v1/dealers/{dealer}/changes",
            "--exclude-path",
            "/v1/tokens",
            "--exclude-path",
            SIGN_OUT,
            "--suppress-health-check",
            "all",
            "--seed",
            "1",
            "--no-color",
        ]
        command += ["--max-examples", "3", "--max-time", "60"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
