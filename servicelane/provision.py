"""What an administrator prepares before a service may run: its database with two roles, its user on the broker.

Used by the tests, by development and by deployments alike, so that all three have the same walls. Everything here may be
repeated: it brings what exists to the state described.
"""

import re
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

import psycopg2
import requests
import structlog
from psycopg2 import sql
from psycopg2.extensions import connection, cursor, encrypt_password

from chassis.process.settings import Settings, broker_addresses
from chassis.store.database import connect_limit
from chassis.wire.errors import SettingsError
from servicelane.failures import CannotDo, reaching
from servicelane.texts import text

log = structlog.get_logger(__name__)

NAME_LIMIT: Final = 63  # PostgreSQL cuts longer names silently
SERVICE_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
RUNTIME_SETTINGS: Final = {
    "idle_in_transaction_session_timeout": "30s",  # a frozen replica must not hold its locks
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "timezone": "UTC",  # a session says so itself, but a pooler does not pass it on
}
HTTP_SECONDS: Final = 30
DEAD_LETTER_DELIVERIES: Final = 1_000_000
"""So often a dead letter may be delivered before the broker drops it; RabbitMQ 4 would after 20, and a lost connection is one."""


class ProvisioningFailed(CannotDo):
    """The broker refused; the text says what was asked and what it answered."""


def provision(settings: Settings, *, admin_database_url: str, management_url: str) -> None:
    """Prepare what the settings of a service name: the database, owner and runtime role of its URLs, its broker user.

    The administrators' URLs are those of provision_database() and provision_broker_user(). Raises SettingsError naming the
    variable that names no user, no password or no server, CannotDo naming the server that is away.
    """
    role, role_password, database = _credentials("DATABASE_URL", settings.database_url)
    owner, owner_password, migrated = _credentials("MIGRATION_DATABASE_URL", settings.migration_database_url)
    if migrated != database:
        raise SettingsError(text("cli.provision.two_databases", migrated=repr(migrated), database=repr(database)))
    if owner == role:
        raise SettingsError(text("cli.provision.same_user"))
    user, password, vhost = _credentials("AMQP_URI", settings.amqp_uri)
    expect_url("ADMIN_DATABASE_URL", admin_database_url, "postgresql")
    expect_url("RABBITMQ_MANAGEMENT_URL", management_url, "http")
    with reaching(text("cli.provision.database_server"), admin_database_url):
        provision_database(
            admin_database_url,
            settings.service,
            database=database,
            owner=owner,
            owner_password=owner_password,
            role=role,
            role_password=role_password,
        )
    with reaching(text("cli.provision.management"), management_url):
        provision_broker_user(management_url, settings.service, user=user, password=password, vhost=vhost or "/")


def provision_database(
    admin_url: str,
    service: str,
    *,
    database: str,
    owner: str,
    owner_password: str,
    role: str,
    role_password: str,
) -> None:
    """Create the database of `service`, owned by `owner` (who migrates it), used by `role` (who runs the service).

    `role` reads and writes the rows of every table the owner has or will create and may do nothing else: it owns nothing,
    so row-level security binds it. Its sessions end what hangs (RUNTIME_SETTINGS). Nobody else may connect. `admin_url` is a
    superuser's. Raises ValueError for a name PostgreSQL would cut or two roles that are one, psycopg2.Error when refused.
    """
    for name in (database, owner, role):
        if not 0 < len(name.encode()) <= NAME_LIMIT:
            raise ValueError(f"{name!r} is not a name of 1 to {NAME_LIMIT} bytes")
    if owner == role:
        raise ValueError(f"{owner!r} cannot own the database and run the service: row-level security would not bind it")
    admin = _connect(admin_url)
    try:
        with admin.cursor() as session:
            # Two of us at once would both find a role missing. The lock ends with the connection.
            session.execute("SELECT pg_advisory_lock(hashtext('servicelane.provision'))")
            _create_role(session, owner, owner_password)
            _create_role(session, role, role_password)
            for setting, value in RUNTIME_SETTINGS.items():
                names = sql.Identifier(role), sql.Identifier(setting), sql.Literal(value)
                session.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*names))
            _create_database(session, database, owner, role)
    finally:
        admin.close()
    inside = _connect(admin_url, database)
    try:
        with inside.cursor() as session:
            _grant(session, owner, role)
    finally:
        inside.close()
    log.info("database_provisioned", service=service, database=database, owner=owner, role=role)


def provision_broker_user(management_url: str, service: str, *, user: str, password: str, vhost: str = "/") -> None:
    """Create the user of `service` on the broker with the permissions of broker_permissions() and no administration.

    And the policy that keeps its dead letters, broker_policies(). `management_url` is the management interface with an
    administrator's credentials, without `/api`. Raises ValueError for a name that is no service's, ProvisioningFailed when the
    broker refuses.
    """
    create_user(management_url, broker_permissions(service), user=user, password=password, vhost=vhost)
    space = quote(vhost, safe="")
    put(management_url, {f"policies/{space}/{name}": policy for name, policy in broker_policies(service).items()})
    log.info("broker_user_provisioned", service=service, user=user, vhost=vhost)


def create_user(management_url: str, permissions: dict[str, str], *, user: str, password: str, vhost: str) -> None:
    """Create a user of the broker with these permissions in one virtual host. Raises ProvisioningFailed."""
    name, space = quote(user, safe=""), quote(vhost, safe="")
    put(
        management_url,
        {f"users/{name}": {"password": password, "tags": ""}, f"permissions/{space}/{name}": permissions},
    )


def put(management_url: str, documents: dict[str, dict[str, Any]]) -> None:
    """Put documents into the broker's management interface, each at its path. Raises ProvisioningFailed."""
    parts = urlsplit(management_url)
    with requests.Session() as session:
        # The credentials are in the URL; the environment's proxy and .netrc have no say in an administrator's call.
        session.trust_env = False
        for path, document in documents.items():
            url = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/api/{path}"))
            answer = session.put(url, json=document, timeout=HTTP_SECONDS)
            if not answer.ok:
                said = text("cli.provision.broker_refused", path=path, status=answer.status_code, answer=answer.text[:200])
                raise ProvisioningFailed(said)


def broker_permissions(service: str) -> dict[str, str]:
    """What the user of `service` may configure, write and read, as the broker's regular expressions over names.

    Its own: everything called `<service>.…` (exchanges `.events` and `.dead`, queues), `rpc-<service>` and its reply queues.
    Shared: the exchange `nameko-rpc`, and reading any service's `.events` exchange, which is what binding a queue to it takes.
    So nobody publishes another service's events, takes its messages, or reaches a queue past the exchanges.
    """
    if not SERVICE_NAME.fullmatch(service):
        raise ValueError(f"{service!r} is not a service's name (lower-case letters, digits, underscores)")
    own = rf"{service}\..+|rpc-{service}|rpc\.reply-{service}-.+"
    return {
        "configure": f"^({own}|nameko-rpc)$",
        "write": f"^({own}|nameko-rpc)$",
        "read": rf"^({own}|nameko-rpc|{SERVICE_NAME.pattern}\.events)$",
    }


def broker_policies(service: str) -> dict[str, dict[str, Any]]:
    """The policies of what `service` declares, by name: as a policy, the limit holds for a queue that is there already, too."""
    limits = {"delivery-limit": DEAD_LETTER_DELIVERIES}
    return {f"{service}-dead-letters": {"pattern": rf"^{service}\.dead-letters$", "definition": limits, "apply-to": "queues"}}


def expect_url(variable: str, url: str, scheme: str) -> None:
    """Raises SettingsError naming the variable when its value is no URL with this scheme and a server."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme.startswith(scheme) and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        valid = False
    if not valid:
        raise SettingsError(text("cli.provision.no_url", variable=variable, scheme=scheme))


def _credentials(variable: str, url: str) -> tuple[str, str, str]:
    """(user, password, what the path names) of a URL that leads to a server."""
    parts = urlsplit(broker_addresses(url)[0])
    if not ((parts.hostname or "host" in parse_qs(parts.query)) and parts.username and parts.password):
        raise SettingsError(text("cli.provision.no_credentials", variable=variable))
    return unquote(parts.username), unquote(parts.password), unquote(parts.path[1:])


def _connect(url: str, database: str | None = None) -> connection:
    """A connection that commits each statement: databases are not created in a transaction."""
    parts = urlsplit(url)
    target = parts._replace(scheme="postgresql", path=f"/{quote(database, safe='')}" if database else parts.path)
    with connect_limit():
        opened = psycopg2.connect(urlunsplit(target))
    opened.autocommit = True
    return opened


def _create_role(on: cursor, name: str, password: str) -> None:
    """Create the role or bring it to this state. The server receives the password's verifier only, so no log can hold it."""
    on.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if on.fetchone() is None:
        on.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
    verifier = encrypt_password(password, name, scope=on.connection, algorithm="scram-sha-256")
    on.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}").format(
            sql.Identifier(name), sql.Literal(verifier)
        )
    )


def _create_database(on: cursor, database: str, owner: str, role: str) -> None:
    """Create the database or hand it to its owner. Text sorts by code point everywhere: cursors of pages depend on it."""
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner), "role": sql.Identifier(role)}
    on.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    create = "CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
    statements = [
        "ALTER DATABASE {database} OWNER TO {owner}" if on.fetchone() else create,
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
    ]
    for statement in statements:
        on.execute(sql.SQL(statement).format(**names))


def _grant(on: cursor, owner: str, role: str) -> None:
    """Let the runtime role use what the owner has in the database and what it will create there."""
    names = {"owner": sql.Identifier(owner), "role": sql.Identifier(role)}
    rows, numbers = "GRANT SELECT, INSERT, UPDATE, DELETE ON", "GRANT USAGE ON"
    for statement in [
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        rows + " ALL TABLES IN SCHEMA public TO {role}",
        numbers + " ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public " + rows + " TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public " + numbers + " SEQUENCES TO {role}",
    ]:
        on.execute(sql.SQL(statement).format(**names))
