"""docs/api: every command of the guide runs, in its order, on a fresh sandbox; what is generated is up to date."""

import json
import os
import re
import subprocess

import pytest
import requests

from servicelane import api_guide
from servicelane.client import signed_in
from servicelane.welcome import DEALER, PASSWORD
from tests.contracts.refusal_codes import ROOT
from tests.deployment import Embedded

GUIDE = ROOT / "docs" / "api"
SECONDS = 180


@pytest.fixture(scope="module")
def embedded(own_embedded: Embedded) -> Embedded:
    """A fresh sandbox, which is reset at the end."""
    return own_embedded


def test_what_is_generated_is_current() -> None:
    """The table of roles and the collection."""
    assert (GUIDE / api_guide.ROLES).read_text(encoding="utf-8") == api_guide.roles(), "run `make docs`"
    assert (GUIDE / api_guide.COLLECTION).read_text(encoding="utf-8") == api_guide.collection(), "run `make docs`"


def test_the_collection_has_every_operation() -> None:
    """Once, with its method; and every POST a key."""
    items = [one for folder in json.loads(api_guide.collection())["item"] for one in folder["item"]]
    operations = [one for path in api_guide.document()["paths"].values() for name, one in path.items() if name != "parameters"]
    assert sorted(one["name"] for one in items) == sorted(one["summary"] for one in operations)
    for one in items:
        keyed = {header["key"] for header in one["request"]["header"] if header.get("value") == "{{$guid}}"}
        tokens = "/v1/tokens" in one["request"]["url"]["raw"]
        assert (one["request"]["method"] == "POST" and not tokens) <= ("Idempotency-Key" in keyed), one["name"]


def test_every_command_of_the_guide_runs(embedded: Embedded) -> None:
    """As it stands there, with this sandbox's address; and says what the guide says it says."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (GUIDE / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 9
    environment = {**os.environ, "url": f"{embedded.base_url}/v1", "NO_PROXY": "*"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    said = done.stdout
    assert re.search(r"work order \S+ is closed", said)
    assert re.search(r"the first answer\nIdempotency-Replayed: true", said)
    assert re.search(r"^200\n412$", said, re.MULTILINE), said
    assert "['fulfilled']" in said
    assert "Ask the slot offers" in said
    assert "ratelimit-policy" in said.lower()


def test_a_sandbox_is_reset_by_fresh(embedded: Embedded) -> None:
    """Its customers are gone and its tokens are worth nothing; the logins are as on the first day. Not while it runs."""
    token = signed_in(embedded.base_url, f"{DEALER}.agent", PASSWORD)["access_token"]
    customers = f"{embedded.base_url}/v1/dealers/{DEALER}/customers"
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "reset"}
    made = requests.post(customers, json={"name": "Li Na", "phone": "+86 139 0000 8765"}, headers=headers, timeout=30)
    assert made.status_code == 201
    running = embedded.second("--fresh")
    assert running.returncode == 2
    assert requests.get(customers, headers=headers, timeout=30).json()["items"]
    embedded.stop()
    embedded.start("--fresh")
    assert requests.get(customers, headers=headers, timeout=30).status_code == 401
    token = signed_in(embedded.base_url, f"{DEALER}.agent", PASSWORD)["access_token"]
    headers["Authorization"] = f"Bearer {token}"
    assert requests.get(customers, headers=headers, timeout=30).json()["items"] == []
