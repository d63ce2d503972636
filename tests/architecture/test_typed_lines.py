"""What the documents tell operators to type at `docker compose` and `kubectl` is there: no engine or cluster is needed."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SERVICES = set(yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"])
COMPOSE = re.compile(r"docker compose (?:--file deploy/compose\.yaml )?([a-z].*?)(?= +# |[`)|;]|$)", re.MULTILINE)
OPTIONS = {
    "config": {"--quiet": 0},
    "exec": {"--user": 1},
    "logs": {"--tail": 1},
    "ps": {"--quiet": 0},
    "run": {"--rm": 0},
    "start": {},
    "stop": {},
    "up": {"--build": 0, "--detach": 0, "--force-recreate": 0, "--no-deps": 0, "--no-recreate": 0, "--scale": 1},
}
"""What each command takes of what is typed, with how many words after it."""
PROCESSES = {path.parent.name for path in (ROOT / "deploy/kubernetes/base").glob("*/own.yaml")}
RUNS_IN_ONE = ("exec", "run")
KUBERNETES = re.compile(r"\b(deployment|job|cronjob|rabbitmqcluster|clusters\.postgresql\.cnpg\.io)/([a-z-]+[a-z])\b")
KINDS = {"clusters.postgresql.cnpg.io": "Cluster", "cronjob": "CronJob", "rabbitmqcluster": "RabbitmqCluster"}
PREFIX = "servicelane-"
"""The base has names without it."""

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def wrong(line: str) -> str | None:
    """What of a line after `docker compose` there is not."""
    try:
        command, *words = shlex.split(line.replace("…", "").rstrip("\\"))
    except ValueError:  # a quotation goes on in the next line; the words before it count
        command, *words = line.split()
    if command not in OPTIONS:
        return command
    named = []
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            named.append(word)
            if command in RUNS_IN_ONE:
                break
        elif word not in OPTIONS[command]:
            return word
        elif OPTIONS[command][word]:
            value = words.pop(0)
            named += [value.partition("=")[0]] if word == "--scale" else []
    return next((one for one in named if one not in SERVICES and not one.startswith("$")), None)


@every_document
def test_lines_for_compose_can_be_typed(document: Path) -> None:
    """Each command, option and service."""
    lines = COMPOSE.findall(document.read_text(encoding="utf-8"))
    assert {line: wrong(line) for line in lines if wrong(line)} == {}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("up --detach --scale workshops=3", "workshops"),
        ("up --detached", "--detached"),
        ("halt", "halt"),
        ("exec --user postgres database psql --command 'SELECT 1'", "database"),
        ("stop booking workshp", "workshp"),
    ],
)
def test_a_line_that_cannot_is_noticed(line: str, what: str) -> None:
    """By the word that is wrong."""
    assert wrong(line) == what


@pytest.fixture(scope="module")
def there() -> set[tuple[str, str]]:
    """Kinds and names in deploy/; the processes' own are patches of one deployment."""
    files = [*(ROOT / "deploy/kubernetes").rglob("*.yaml"), ROOT / "deploy/backup/kubernetes.yaml"]
    every = (one for file in files for one in yaml.safe_load_all(file.read_text(encoding="utf-8")))
    named = {(one["kind"], one["metadata"]["name"]) for one in every if isinstance(one, dict) and "metadata" in one}
    return {(kind, name.removeprefix(PREFIX)) for kind, name in named} | {("Deployment", one) for one in PROCESSES}


@every_document
def test_lines_for_kubectl_name_what_is_there(document: Path, there: set[tuple[str, str]]) -> None:
    """Deployments, jobs and custom resources of deploy/."""
    named = {
        (KINDS.get(kind, kind.capitalize()), name.removeprefix(PREFIX))
        for kind, name in KUBERNETES.findall(document.read_text(encoding="utf-8"))
    }
    assert named - there == set()
