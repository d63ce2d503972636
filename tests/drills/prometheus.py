"""A Prometheus of our own: the real one, on a folder of a test, with the rules that are installed."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import pytest
import requests
import yaml

from deploy.dev.state import free_port
from deploy.local.child import Child, bare_environment
from deploy.watching.kubernetes import RULES
from tests.waiting import awaited

PACKAGE = "Debian's package is prometheus"


def tool(name: str, what: str) -> str:
    """Where a tool is; without it the test says what was not done."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name}: {what} ({PACKAGE})")
    return found


class Prometheus:
    """Scrapes these addresses twice a second while the block lasts."""

    def __init__(self, folder: Path, addresses: Sequence[str]) -> None:
        program = tool("prometheus", "nothing was scraped")
        self._url = f"http://127.0.0.1:{free_port()}"
        settings = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [
                {"job_name": "servicelane", "honor_labels": True, "static_configs": [{"targets": list(addresses)}]}
            ],
        }
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        command = [
            program,
            f"--config.file={folder}/prometheus.yaml",
            f"--storage.tsdb.path={folder}/series",
            f"--web.listen-address={self._url.rpartition('/')[2]}",
        ]
        self._child = Child("prometheus", command, bare_environment(), folder / "prometheus.log")
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        awaited(self._ready, "Prometheus to be ready")
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()

    def ask(self, query: str) -> list[dict[str, Any]]:
        """What a query finds now."""
        answer = self._session.get(f"{self._url}/api/v1/query", params={"query": query}, timeout=10).json()
        assert answer["status"] == "success", answer
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    def firing(self) -> set[tuple[str, str]]:
        """The alerts that call somebody now, each with its service."""
        alerts = self._session.get(f"{self._url}/api/v1/alerts", timeout=10).json()["data"]["alerts"]
        return {(one["labels"]["alertname"], one["labels"].get("service", "")) for one in alerts if one["state"] == "firing"}

    def _ready(self) -> bool:
        assert self._child.running, self._child.log.read_text(encoding="utf-8")[-2000:]
        try:
            return self._session.get(f"{self._url}/-/ready", timeout=2).ok
        except requests.RequestException:
            return False
