"""What deploy/compose.yaml must say, asked of the code and of deploy/kubernetes; what is wrong, in one line each."""

import re
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from chassis.amqp.consumer import DRAIN_SECONDS
from chassis.process.settings import FILE, Settings
from chassis.wire.errors import SettingsError
from tests.cluster.manifests import Manifests, container
from tests.cluster.running import LEAVING_SECONDS
from tests.cluster.servers import SPARE_CONNECTIONS
from tests.cluster.settings import DOCKERFILE, misread
from tests.packaging.composition import (
    DOORS,
    OURS,
    PREPARING,
    PROCESSES,
    PROXY,
    ROOT,
    SECRETS,
    SERVERS,
    SERVICES,
    Composition,
    Service,
    environment,
    networks,
    secrets,
)

SECRET_SETTINGS = re.compile(r"(PASSWORD|SECRET|ACCESS_KEY|RECORD_URL|JWT_SECRET_PREVIOUS)$")
SCRIPT = ROOT / "deploy/secrets.sh"
CADDYFILE = ROOT / "deploy/proxy/Caddyfile"
HERE = "./secrets/"
OPTIONAL = ("jwt_previous", "s3_access_key", "s3_secret_key", "health_record_url")
"""Secrets that an installation may not have: their files are empty."""


@cache
def made_secrets() -> Path:
    """What deploy/secrets.sh makes, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="secrets-"))
    subprocess.run(["sh", str(SCRIPT), str(folder)], check=True, timeout=60)
    return folder


def every_process_is_there(given: Composition) -> list[str]:
    """Each twice, and said which it is; nobody else but the servers, the proxy and what prepares."""
    found = [f"{name}: it is not there" for name in PROCESSES if name not in given.services]
    known = {*OURS, *SERVERS, PROXY}
    found += [f"{name} is no process" for name in given.services if name not in known]
    for name, service in given.processes.items():
        if service["environment"].get("SERVICE") != name:
            found.append(f"{name}: it would run {service['environment'].get('SERVICE')}")
        if given.replicas(name) < 2:
            found.append(f"{name}: when its only one ends, there is none")
    images = {service["image"] for service in given.ours.values()}
    if len(images) != 1 or "build" not in given.services.get(PREPARING, {}):
        found.append(f"not one image that is built here: {', '.join(sorted(images))}")
    return found


def every_variable_is_read_and_none_is_missing(given: Composition) -> list[str]:
    """Asked of the settings classes themselves, with the secrets' files where they will be."""
    found = []
    for name, service in given.ours.items():
        wrong = misread("migration" if name == PREPARING else name, environment(service, made_secrets()))
        found += [f"{name}: {one}" for one in wrong]
    return found


def what_is_prepared_is_what_is_used(given: Composition) -> list[str]:
    """The same users, passwords, databases and servers."""
    found, prepared = [], environment(given.services.get(PREPARING, {}), made_secrets())
    for name, service in given.processes.items():
        if name in SERVICES:
            try:
                own, theirs = Settings.read(name, environment(service, made_secrets())), Settings.read(name, prepared)
            except SettingsError as error:
                found.append(f"{name}: {error}")
                continue
            if (own.amqp_uri, own.database_url) != (theirs.amqp_uri, theirs.database_url):
                found.append(f"{name}: it uses what is not prepared for it")
    command = given.services.get(PREPARING, {}).get("command", [])
    if command != ["sh", "-euc", "servicelane provision && servicelane migrate"]:
        found.append(f"{PREPARING} does not prepare and migrate: {command}")
    return found


def every_secret_is_a_file(given: Composition) -> list[str]:
    """Named, made by deploy/secrets.sh, given to whoever reads it and to nobody else; none is said in the file."""
    found, named, made = [], given.document["secrets"], {one.name for one in made_secrets().iterdir()}
    found += [f"nothing makes the secret {name}" for name in sorted(set(named) - made)]
    found += [f"the secret {name} is made for nobody" for name in sorted(made - set(named))]
    found += [
        f"the secret {name} is elsewhere: {one['file']}" for name, one in named.items() if one["file"] != f"./secrets/{name}"
    ]
    for name, service in {**given.services, **given.tools}.items():
        had = {target: source for source, target in secrets(service)}
        files = {str(value) for variable, value in service.get("environment", {}).items() if variable.endswith(FILE)}
        read = {one.removeprefix(f"{SECRETS}/") for one in files}
        command = " ".join(service.get("command", []))
        read |= set(re.findall(rf"{SECRETS}/(\w+)", command))
        found += [f"{name}: it reads {one}, which it is not given" for one in sorted(read - set(had))]
        found += [f"{name}: it is given {one} and does not read it" for one in sorted(set(had) - read)]
        found += [f"{name}: there is no secret {one}" for one in sorted(set(had.values()) - set(named))]
        for variable, value in service.get("environment", {}).items():
            if SECRET_SETTINGS.search(variable) or re.search(r"://[^:/@{]+:(?!\{)[^@/]+@", str(value)):
                found.append(f"{name}: {variable} says its secret")
    found += [f"the secret {name} is empty" for name in made & set(named) if name not in OPTIONAL and not _written(name)]
    return found


def _written(name: str) -> str:
    return (made_secrets() / name).read_text(encoding="utf-8").strip()


def everybody_reaches_whom_they_ask(given: Composition) -> list[str]:
    """Hosts, ports and networks; and nobody is reached whom nobody asks."""
    found = []
    for name, service in given.ours.items():
        variables = environment(service, made_secrets())
        hosts: list[tuple[str | None, int | None]] = []
        if "AMQP_URI" in variables:
            hosts += [(urlsplit(variables["AMQP_URI"].replace("{", "").replace("}", "")).hostname, None)]
            hosts += [(make_url(variables["DATABASE_URL"]).host, None)]
        if "GATEWAY_URL" in variables:
            gateway = urlsplit(variables["GATEWAY_URL"])
            hosts += [(gateway.hostname, gateway.port)]
        for host, port in hosts:
            asked = given.services.get(host or "")
            if asked is None or port not in (None, _port(asked)):
                found.append(f"{name}: nobody is at {host}:{port}")
            elif not set(networks(service)) & set(networks(asked)):
                found.append(f"{name}: it cannot reach {host}")
    text = CADDYFILE.read_text(encoding="utf-8")
    behind = dict(re.findall(r"dynamic a (\w+) (\d+)", text))
    for name in DOORS:
        door = given.services.get(name, {})
        if behind.get(name) != str(_port(door)) or not set(networks(door)) & set(networks(given.services[PROXY])):
            found.append(f"{PROXY}: it does not lead to {name}")
    found += [f"{PROXY}: it leads to {one}" for one in behind if one not in DOORS]
    for name in (*SERVERS, *SERVICES):
        if name not in DOORS and set(networks(given.services.get(name, {}))) & set(networks(given.services[PROXY])):
            found.append(f"{name}: the proxy could reach it")
    found += [f"{name}: it is open to the host" for name, one in given.services.items() if one.get("ports") and name != PROXY]
    site = given.services[PROXY]["environment"]
    found += [f"{PROXY}: {one} is not read" for one in ("CONSOLE_SITE", "GATEWAY_SITE", "TLS") if f"{{${one}:" not in text]
    found += [f"{PROXY}: {name} is not ciphered" for name, one in site.items() if name.endswith("SITE") and "https://" not in one]
    return found


def _port(service: Service) -> int | None:
    address = service.get("environment", {}).get("HTTP_ADDRESS", "")
    return int(address.rpartition(":")[2]) if address.startswith("0.0.0.0:") else None


def the_doors_believe_their_proxy(given: Composition) -> list[str]:
    """And the network that it is in, whose addresses are nobody else's."""
    (named,) = given.document["networks"]["front"]["ipam"]["config"]
    found = []
    for name in DOORS:
        believed = given.services.get(name, {}).get("environment", {}).get("TRUSTED_PROXIES")
        if believed != named["subnet"]:
            found.append(f"{name}: it believes {believed}")
    return found


def everybody_has_bounds(given: Composition) -> list[str]:
    """Processor and memory, ours those of deploy/kubernetes; a log that is set aside; a restart; a look at how it is; time."""
    found, cluster = [], Manifests.of("small").workloads
    for name, service in given.services.items():
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        if not {"cpus", "memory"} <= set(limits):
            found.append(f"{name}: it has no bounds")
        elif name in OURS:
            theirs = container(cluster["migration" if name == PREPARING else name])["resources"]["limits"]
            if (limits["cpus"], f"{limits['memory'].upper()}i") != (theirs["cpu"], theirs["memory"]):
                found.append(f"{name}: not the bounds of deploy/kubernetes: {limits}, {theirs}")
        if float(limits.get("cpus", 0)) > 2:
            found.append(f"{name}: a host of two processors has not so many")
        options = service.get("logging", {}).get("options", {})
        if not options.get("max-size") or int(options.get("max-file", 1)) < 2:
            found.append(f"{name}: its log grows for ever")
        if service.get("restart") != ("on-failure:5" if name == PREPARING else "unless-stopped"):
            found.append(f"{name}: it is not started again")
        looked_at = "HEALTHCHECK" in DOCKERFILE if name in PROCESSES else service.get("healthcheck", {}).get("test")
        if name != PREPARING and (not looked_at or service.get("healthcheck", {}).get("disable")):
            found.append(f"{name}: nobody looks how it is")
    for name, service in given.processes.items():
        needed = 2 * DRAIN_SECONDS + LEAVING_SECONDS
        if int(service.get("stop_grace_period", "10s").removesuffix("s")) < needed:
            found.append(f"{name}: it is killed before the {needed:.0f} s are over that it may need")
    return found


def nobody_may_do_what_it_need_not(given: Composition) -> list[str]:
    """Nothing to write but what is mounted, no capability, no new privilege."""
    found = []
    for name, service in {**given.ours, **given.tools, PROXY: given.services[PROXY]}.items():
        asked = {
            "writes nothing of its image": service.get("read_only") is True,
            "has no capability": service.get("cap_drop") == ["ALL"]
            and service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == PROXY else []),
            "gains no privilege": service.get("security_opt") == ["no-new-privileges:true"],
            "has some memory to write to": any(one.startswith("/tmp:size=") for one in service.get("tmpfs", [])),
            "can write where it must": _writable(service),
        }
        found += [f"{name}: not true that it {what}" for what, true in asked.items() if not true]
    return found


def _writable(service: Service) -> bool:
    mounted = [one.split(":")[1] for one in service.get("volumes", []) if not one.endswith(":ro")]
    variables = service.get("environment", {})
    needed = [str(variables[one]) for one in ("TMPDIR", "ATTACHMENT_STORE") if one in variables]
    return all(any(one.startswith(mount) for mount in mounted) for one in needed if one.startswith("/"))


def everybody_waits_for_whom_they_need(given: Composition) -> list[str]:
    """At the start: services for the servers and for what prepares, doors for the doors behind them."""
    ready = {"rabbitmq": "service_healthy", "postgres": "service_healthy"}
    wanted = {name: {**ready, PREPARING: "service_completed_successfully"} for name in SERVICES}
    wanted |= {PREPARING: ready, "console": {"gateway": "service_healthy"}, PROXY: dict.fromkeys(DOORS, "service_healthy")}
    found = []
    for name, needed in wanted.items():
        waits = {other: how["condition"] for other, how in given.services.get(name, {}).get("depends_on", {}).items()}
        if waits != needed:
            found.append(f"{name}: it waits for {waits}, not for {needed}")
    return found


def the_database_has_a_connection_for_everybody(given: Composition) -> list[str]:
    """Also while there is one replica more of each."""
    command = " ".join(given.services["postgres"].get("command", []))
    held = int((re.search(r"max_connections=(\d+)", command) or ["", "100"])[1])
    needed = SPARE_CONNECTIONS
    for name, service in given.processes.items():
        if name in SERVICES:
            try:
                workers = Settings.read(name, environment(service, made_secrets())).workers
            except SettingsError:
                continue  # another check says so
            needed += (given.replicas(name) + 1) * (workers + 5) + 2
    return [] if needed <= held else [f"{needed} connections may be needed, {held} there are"]


def what_is_written_down_is_read(given: Composition) -> list[str]:
    """Every variable of the file stands in deploy/env.example, and none there that the file does not have."""
    text = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
    read = set(re.findall(r"\$\{(\w+)", text)) - {"REVISION", "SOURCE_DATE_EPOCH"}
    said = set(re.findall(r"^#(\w+)=", (ROOT / "deploy/env.example").read_text(encoding="utf-8"), re.MULTILINE))
    unread = said - read if given.environ.get("ONE_MORE") is None else {given.environ["ONE_MORE"]} - read
    return [f"nobody is told of {one}" for one in sorted(read - said)] + [f"nothing reads {one}" for one in sorted(unread)]


def backups_are_of_everything(given: Composition) -> list[str]:
    """Every database, of the server that is there, with its own tools, into what outlives the container."""
    backup, server = given.tools.get("backup", {}), given.services.get("postgres", {})
    folder, script = "/backups", "/scripts/backup.sh"
    variables, mounted = backup.get("environment", {}), dict(one.split(":")[:2][::-1] for one in backup.get("volumes", []))
    asked = {
        "backs up every database": backup.get("command") == ["bash", script, folder, *SERVICES],
        "has the server's own tools": backup.get("image") == server.get("image"),
        "asks the server": variables.get("PGHOST") == "postgres" and set(networks(backup)) & set(networks(server)),
        "waits for it": "postgres" in backup.get("depends_on", {}),
        "has its scripts": (ROOT / "deploy" / mounted.get("/scripts", "nowhere") / "backup.sh").is_file(),
        "keeps what it makes": mounted.get(folder) in given.document["volumes"],
        "has bounds": {"cpus", "memory"} <= set(backup.get("deploy", {}).get("resources", {}).get("limits", {})),
        "is asked for": backup.get("profiles") == ["backup"] and not backup.get("restart"),
    }
    return [f"backup: not true that it {what}" for what, true in asked.items() if not true]


CHECKS: tuple[Callable[[Composition], list[str]], ...] = (
    every_process_is_there,
    every_variable_is_read_and_none_is_missing,
    what_is_prepared_is_what_is_used,
    every_secret_is_a_file,
    everybody_reaches_whom_they_ask,
    the_doors_believe_their_proxy,
    everybody_has_bounds,
    nobody_may_do_what_it_need_not,
    everybody_waits_for_whom_they_need,
    the_database_has_a_connection_for_everybody,
    what_is_written_down_is_read,
    backups_are_of_everything,
)
