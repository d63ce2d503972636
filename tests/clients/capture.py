"""Writes contracts/examples.json anew: `python -m tests.clients.capture` drives a visit on a suite of its own.

What the visit sent is kept, one body for each operation. To be run when an example no longer fits its request
(tests/doors/test_openapi.py says so).
"""

import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import contracts
from gateway.http.table import Table
from servicelane.dealership import STAFF, Dealership
from servicelane.visit import Visit
from servicelane.welcome import DEALER, PASSWORD
from tests.deployment import Embedded

TARGET = Path(contracts.__file__).parent / "examples.json"
ROWS = [(re.compile(re.sub(r"{\w+}", "[^/]+", row.path)), row) for row in Table.of_contracts().rows if row.is_command]


def main() -> int:
    """Drive the visit and write the bodies of its requests, one for each operation."""
    bodies: dict[str, Any] = {}

    def keep(response: Any, **_: Any) -> None:
        sent = response.request
        path = sent.path_url.partition("?")[0]
        row = next((row for regex, row in ROWS if row.route.method == sent.method and regex.fullmatch(path)), None)
        body = json.loads(sent.body) if sent.body else {}
        if row is not None and response.ok and body:
            bodies.setdefault(row.operation, body)

    with TemporaryDirectory() as folder:
        suite = Embedded(Path(folder))
        try:
            at = Dealership.sign_in(suite.base_url, DEALER, PASSWORD)
            for who in STAFF:
                getattr(at, who)._session.hooks["response"].append(keep)  # the client has no other use for a hook
            for done in Visit(at, vin="LSVAA49J132047371", plate="沪A·12345").steps():
                sys.stdout.write(f"{done}\n")
        finally:
            suite.stop()
    TARGET.write_text(json.dumps(bodies, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
