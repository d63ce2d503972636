"""What the processes are told: every variable is read by somebody, and whatever somebody must have is there."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from sqlalchemy.engine import make_url

from chassis.process.settings import Settings, Source
from chassis.wire.errors import SettingsError
from console.settings import ConsoleSettings
from gateway.evidence.settings import EvidenceSettings
from gateway.http.settings import HttpSettings
from gateway.http.tokens import Tokens
from servicelane.provision import expect_url
from services.workshop.order_file.adapter import SETTING as RECEIVER
from tests.cluster.manifests import SERVICES, Document, Manifests, container, environment, secrets

ELSEWHERE = {"SERVICE": "the image's command", "TMPDIR": "Python's own tempfile"}
"""Variables that are read by no settings class, and by whom they are."""
ADMINISTRATORS = {"ADMIN_DATABASE_URL": "postgresql", "RABBITMQ_MANAGEMENT_URL": "http"}
ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def every_variable_is_read_and_none_is_missing(manifests: Manifests) -> list[str]:
    """Of each process and of the job, asked of the settings classes themselves."""
    found = []
    for name, workload in manifests.workloads.items():
        variables, text = environment(workload), str(container(workload)["env"])
        used = {one for one in variables if f"$({one})" in text}
        found += [f"{name}: {one}" for one in misread(name, variables, used)]
        found += [f"{name}: {value} stands nowhere before" for value in variables.values() if "$(" in value]
        if name in SERVICES and variables.get("SERVICE") != name:
            found.append(f"{name}: it would run {variables.get('SERVICE')}")
    return found


def misread(name: str, variables: Mapping[str, str], used: Collection[str] = ()) -> list[str]:
    """What a process, or the job, says of these variables, and those that it does not read; `used` by others they may be."""
    found, asked = [], Asked(variables)
    try:
        _read_by(name, asked)
    except SettingsError as error:
        found.append(str(error))
    unread = set(variables) - asked.names - set(used) - set(ELSEWHERE)
    return found + [f"nothing reads {one}" for one in sorted(unread)]


def _read_by(name: str, asked: Mapping[str, str]) -> None:
    if name == "console":
        ConsoleSettings.read(asked)
    elif name == "migration":
        for service in SERVICES:
            _credentials(Settings.read(service, asked))
        for variable, scheme in ADMINISTRATORS.items():
            expect_url(variable, Source("", asked).text(variable, ""), scheme)
    else:
        settings = Settings.read(name, asked)
        if name == "gateway":
            HttpSettings.read(asked)
            EvidenceSettings.read(asked)
            Tokens(settings.jwt_secret, previous=settings.jwt_secret_previous)
        if name == "workshop":
            Source(name, asked).text(RECEIVER, "")


def _credentials(settings: Settings) -> None:
    """What `provision` asks of the settings: two roles, one database."""
    role, owner = make_url(settings.database_url), make_url(settings.migration_database_url)
    if role.username == owner.username or role.database != owner.database:
        raise SettingsError(f"{settings.service}: DATABASE_URL and MIGRATION_DATABASE_URL do not go together")


def the_job_prepares_what_the_processes_use(manifests: Manifests) -> list[str]:
    """The same users, databases, servers and secrets: what one of them spells otherwise nobody can open."""
    if not manifests.job:
        return ["there is no job"]
    found, prepared = [], environment(manifests.job)
    for service, workload in manifests.processes.items():
        if service in SERVICES:
            own, theirs = Settings.read(service, environment(workload)), Settings.read(service, prepared)
            if (own.amqp_uri, own.database_url) != (theirs.amqp_uri, theirs.database_url):
                found.append(f"{service}: the job prepares {theirs.amqp_uri} and {theirs.database_url}")
            if _secret(workload, "PASSWORD") != _secret(manifests.job, f"{service.upper()}_PASSWORD"):
                found.append(f"{service}: the job gives it another password")
    (shell, *_, script) = container(manifests.job)["command"]
    if shell != "sh" or script != "servicelane provision && servicelane migrate":
        found.append(f"the job does not prepare and migrate: {script}")
    if not at_least(manifests.job["spec"].get("ttlSecondsAfterFinished"), 1):
        found.append("the job stays for ever and cannot be applied again")
    return found


def at_least(value: int | None, least: int) -> bool:
    """Whether there is a value, and enough of it."""
    return value is not None and value >= least


def _secret(workload: Document, variable: str) -> object:
    return next((entry.get("valueFrom") for entry in container(workload)["env"] if entry["name"] == variable), None)


def no_secret_stands_in_a_manifest(manifests: Manifests) -> list[str]:
    """Passwords are named, never said; and none is made here that would overwrite the real one."""
    found = [f"a secret is made: {name}" for name in manifests.all("Secret")]
    said = re.compile(r"://[^:/@$]+:(?!\$\()[^@/]+@")
    for name, workload in manifests.workloads.items():
        for entry in container(workload)["env"]:
            telling = any(word in entry["name"] for word in ("PASSWORD", "SECRET", "ACCESS_KEY"))
            if said.search(str(entry.get("value", ""))) or (telling and "value" in entry):
                found.append(f"{name}: {entry['name']} says its secret")
    return found


def every_secret_is_written_down(manifests: Manifests) -> list[str]:
    """In docs/kubernetes.md, with its keys: whoever installs the suite makes them by that table."""
    text = (ROOT / "docs/kubernetes.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| `servicelane-")]
    named = {secret for name, workload in manifests.workloads.items() for secret in secrets(workload)}
    return [
        f"nobody is told to make {secret} with {key}"
        for secret, key in sorted(named)
        if not any(f"`{secret}`" in row and f"`{key}`" in row for row in rows)
    ]


def the_image_reads_what_it_is_told(manifests: Manifests) -> list[str]:
    """All run one image, whose command reads SERVICE; its tag says which release."""
    images = {container(workload)["image"] for workload in manifests.workloads.values()}
    found = [] if "${SERVICE:?" in DOCKERFILE else ["the image's command does not read SERVICE"]
    if len(images) != 1:
        found.append(f"not one image: {', '.join(sorted(images))}")
    return found + [f"{image} names no release" for image in images if image.rpartition(":")[2] in ("latest", image, "")]


CHECKS: tuple[Callable[[Manifests], list[str]], ...] = (
    every_variable_is_read_and_none_is_missing,
    the_job_prepares_what_the_processes_use,
    no_secret_stands_in_a_manifest,
    every_secret_is_written_down,
    the_image_reads_what_it_is_told,
)
