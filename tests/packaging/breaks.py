"""What is made wrong in deploy/compose.yaml, so that each check is seen to notice: one thing at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.cluster.breaking import replace_at
from tests.packaging import checks
from tests.packaging.composition import Composition


@dataclass(frozen=True)
class Break:
    """What `make` makes wrong, the check that must notice, and what it must say."""

    check: Callable[[Composition], list[str]]
    complaint: str
    make: Callable[[Composition], object]


def put(path: str, value: Any) -> Callable[[Composition], None]:
    """Something else stands in the file, as `replace_at` has it."""
    return lambda given: replace_at(given.document, path, value)


def of(name: str, path: str, value: Any) -> Callable[[Composition], None]:
    """Of one service."""
    return put(f"services/{name}/{path}", value)


def told(name: str, variable: str, value: str | None) -> Callable[[Composition], None]:
    """One service is told something else."""
    return of(name, f"environment/{variable}", value)


def backup(path: str, value: Any) -> Callable[[Composition], None]:
    """The backup, which is not among the services that are started."""
    return lambda given: replace_at(given.tools["backup"], path, value)


def one_more(given: Composition) -> None:
    """deploy/env.example names what the file does not have."""
    given.environ = {"ONE_MORE": "PORT_OF_NOBODY"}


EMPTY = "/run/secrets/jwt_previous"
NOWHERE = "/run/secrets/nothing"
BREAKS = (
    Break(checks.every_process_is_there, "crm: it is not there", put("services/crm", None)),
    Break(checks.every_process_is_there, "loyalty is no process", put("services/loyalty", {"image": "x"})),
    Break(checks.every_process_is_there, "it would run parts", told("crm", "SERVICE", "parts")),
    Break(checks.every_process_is_there, "there is none", of("crm", "deploy", {"replicas": 1})),
    Break(checks.every_process_is_there, "not one image", of("crm", "image", "servicelane/crm")),
    Break(checks.every_process_is_there, "not one image", of("migrate", "build", None)),
    Break(checks.every_variable_is_read_and_none_is_missing, "nothing reads AMQP_URL", told("crm", "AMQP_URL", "amqp://h")),
    Break(checks.every_variable_is_read_and_none_is_missing, "nothing reads GATEWAY_URL", told("crm", "GATEWAY_URL", "http://h")),
    Break(checks.every_variable_is_read_and_none_is_missing, "DATABASE_URL is not set", told("crm", "DATABASE_URL", None)),
    Break(checks.every_variable_is_read_and_none_is_missing, "PASSWORD is not set", told("crm", "PASSWORD_FILE", None)),
    Break(checks.every_variable_is_read_and_none_is_missing, "cannot be read", told("crm", "PASSWORD_FILE", "/run/secrets/pass")),
    Break(checks.every_variable_is_read_and_none_is_missing, "JWT_SECRET is not set", told("gateway", "JWT_SECRET_FILE", EMPTY)),
    Break(
        checks.every_variable_is_read_and_none_is_missing,
        "JWT_SECRET_PREVIOUS_FILE names",
        told("gateway", "JWT_SECRET_PREVIOUS_FILE", NOWHERE),
    ),
    Break(
        checks.every_variable_is_read_and_none_is_missing,
        "ATTACHMENT_STORE is not set",
        told("gateway", "ATTACHMENT_STORE", None),
    ),
    Break(checks.every_variable_is_read_and_none_is_missing, "GATEWAY_URL is not set", told("console", "GATEWAY_URL", None)),
    Break(
        checks.every_variable_is_read_and_none_is_missing, "do not go together", told("migrate", "MIGRATION_DATABASE_URL", None)
    ),
    Break(
        checks.every_variable_is_read_and_none_is_missing,
        "RABBITMQ_MANAGEMENT_URL",
        told("migrate", "RABBITMQ_MANAGEMENT_URL", "x"),
    ),
    Break(
        checks.what_is_prepared_is_what_is_used,
        "what is not prepared",
        of("crm", "secrets", [{"source": "parts", "target": "password"}]),
    ),
    Break(checks.what_is_prepared_is_what_is_used, "what is not prepared", told("crm", "AMQP_URI", "amqp://crm:p@rabbitmq/x")),
    Break(checks.what_is_prepared_is_what_is_used, "DATABASE_URL is not set", told("crm", "DATABASE_URL", None)),
    Break(checks.what_is_prepared_is_what_is_used, "does not prepare", of("migrate", "command", ["servicelane", "migrate"])),
    Break(checks.every_secret_is_a_file, "nothing makes the secret loyalty", put("secrets/loyalty", {"file": "./l"})),
    Break(checks.every_secret_is_a_file, "is made for nobody", put("secrets/s3_secret_key", None)),
    Break(checks.every_secret_is_a_file, "is elsewhere", put("secrets/jwt/file", "./jwt")),
    Break(checks.every_secret_is_a_file, "reads password, which it is not given", of("crm", "secrets", None)),
    Break(checks.every_secret_is_a_file, "given owner and does not read it", of("console", "secrets", ["owner"])),
    Break(checks.every_secret_is_a_file, "there is no secret loyalty", of("crm", "secrets/0/source", "loyalty")),
    Break(checks.every_secret_is_a_file, "JWT_SECRET says its secret", told("gateway", "JWT_SECRET", "x" * 32)),
    Break(
        checks.every_secret_is_a_file, "AMQP_URI says its secret", told("crm", "AMQP_URI", "amqp://crm:swordfish@rabbitmq/%2F")
    ),
    Break(checks.everybody_reaches_whom_they_ask, "nobody is at", told("crm", "AMQP_URI", "amqp://crm:{password}@bus/%2F")),
    Break(
        checks.everybody_reaches_whom_they_ask, "nobody is at gateway:8001", told("console", "GATEWAY_URL", "http://gateway:8001")
    ),
    Break(checks.everybody_reaches_whom_they_ask, "console: it cannot reach gateway", of("console", "networks", ["apart"])),
    Break(checks.everybody_reaches_whom_they_ask, "does not lead to console", told("console", "HTTP_ADDRESS", "0.0.0.0:8081")),
    Break(checks.everybody_reaches_whom_they_ask, "does not lead to gateway", told("gateway", "HTTP_ADDRESS", "127.0.0.1:8000")),
    Break(checks.everybody_reaches_whom_they_ask, "the proxy could reach it", of("crm", "networks", ["front"])),
    Break(checks.everybody_reaches_whom_they_ask, "crm: it is open to the host", of("crm", "ports", ["9000:9000"])),
    Break(checks.everybody_reaches_whom_they_ask, "is not ciphered", told("proxy", "CONSOLE_SITE", "http://localhost")),
    Break(checks.the_doors_believe_their_proxy, "console: it believes None", told("console", "TRUSTED_PROXIES", None)),
    Break(checks.the_doors_believe_their_proxy, "gateway: it believes ::/0", told("gateway", "TRUSTED_PROXIES", "::/0")),
    Break(checks.everybody_has_bounds, "crm: it has no bounds", of("crm", "deploy", {"replicas": 2})),
    Break(
        checks.everybody_has_bounds,
        "not the bounds",
        of("crm", "deploy", {"resources": {"limits": {"cpus": "1", "memory": "512m"}}}),
    ),
    Break(checks.everybody_has_bounds, "has not so many", of("postgres", "deploy/resources/limits/cpus", "4")),
    Break(checks.everybody_has_bounds, "crm: its log grows for ever", of("crm", "logging", None)),
    Break(checks.everybody_has_bounds, "proxy: it is not started again", of("proxy", "restart", "no")),
    Break(checks.everybody_has_bounds, "proxy: nobody looks", of("proxy", "healthcheck", None)),
    Break(checks.everybody_has_bounds, "crm: nobody looks", of("crm", "healthcheck", {"disable": True})),
    Break(checks.everybody_has_bounds, "killed before the 50 s", of("crm", "stop_grace_period", "30s")),
    Break(checks.nobody_may_do_what_it_need_not, "crm: not true that it writes nothing", of("crm", "read_only", False)),
    Break(checks.nobody_may_do_what_it_need_not, "crm: not true that it has no capability", of("crm", "cap_add", ["NET_RAW"])),
    Break(checks.nobody_may_do_what_it_need_not, "migrate: not true that it has no cap", of("migrate", "cap_drop", [])),
    Break(checks.nobody_may_do_what_it_need_not, "gains no privilege", of("crm", "security_opt", None)),
    Break(checks.nobody_may_do_what_it_need_not, "has some memory", of("crm", "tmpfs", None)),
    Break(checks.nobody_may_do_what_it_need_not, "can write where it must", of("gateway", "volumes", None)),
    Break(checks.everybody_waits_for_whom_they_need, "crm: it waits for", of("crm", "depends_on/migrate", None)),
    Break(checks.the_database_has_a_connection_for_everybody, "may be needed", of("crm", "deploy", {"replicas": 12})),
    Break(checks.the_database_has_a_connection_for_everybody, "100 there are", of("postgres", "command", [])),
    Break(checks.what_is_written_down_is_read, "nothing reads PORT_OF_NOBODY", one_more),
    Break(checks.every_secret_is_a_file, "backup: it reads backup_key, which it is not given", backup("secrets", ["postgres"])),
    Break(checks.nobody_may_do_what_it_need_not, "backup: not true that it has no capability", backup("cap_drop", [])),
    Break(checks.backups_are_of_everything, "backs up every database", backup("command/8", "loyalty")),
    Break(checks.backups_are_of_everything, "the server's own tools", backup("image", "postgres:14")),
    Break(checks.backups_are_of_everything, "asks the server", backup("environment/PGHOST", "elsewhere")),
    Break(checks.backups_are_of_everything, "waits for it", backup("depends_on", {})),
    Break(checks.backups_are_of_everything, "has its scripts", backup("volumes/0", "./scripts:/scripts:ro")),
    Break(checks.backups_are_of_everything, "keeps what it makes", backup("volumes/1", "/tmp:/tmp")),
    Break(checks.backups_are_of_everything, "has bounds", backup("deploy", {})),
    Break(checks.backups_are_of_everything, "is asked for", backup("profiles", ["other"])),
)
