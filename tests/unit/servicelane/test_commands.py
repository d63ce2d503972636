"""Whatever is wrong, a command ends with one line on standard error, its exit status, and no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.dev.infrastructure import PROJECT
from deploy.local.installation import COMMAND
from servicelane.suite import SERVICES
from tests.unit.servicelane.command import AWAY, SERVERS_AWAY, Done, each_of, environment, servicelane, the_line

NAMED = [
    ["run", "partz"],
    ["run", "--embedded", "partz"],
    ["migrate", "parts", "partz"],
    ["provision", "partz"],
    ["topology", "partz"],
    ["republish", "partz", "--since", "2026-01-01"],
    ["recall", "partz", "--since", "2026-01-01"],
    ["dead-letters", "list", "partz"],
    ["dead-letters", "show", "partz", "some-message"],
    ["dead-letters", "replay", "partz", "--all"],
]
MISUSED = {
    "--nonsense": "--nonsense",
    "nonsense": "nonsense",
    "run --embedded parts": "the embedded suite is all services",
    "run parts --port 9000": "only with --embedded",
    "run --embedded --port many": "--port",
    "run --embedded --port 99999": "65535",
    "reconcile --since nonsense": "'nonsense' is no time",
    "republish parts": "name events, or say --since",
    "republish parts nonsense": "'nonsense' is no event id",
    "recall parts": "--since",
    "recall parts --since nonsense": "'nonsense' is no time",
    "dealer erase sh-pudong --exported nowhere.tar.gz": "say --confirm sh-pudong",
    "dead-letters list": "SERVICE",
    "dead-letters replay parts": "name one message, or say --all",
    "health nonsense": "nonsense is no address",
    "health http://127.0.0.1:port": "is no address",
}
WITHOUT_DATABASE = {
    "migrate parts": "parts",
    "reconcile": "booking",
    "dead-letters list billing": "billing",
    "dead-letters replay billing --all": "billing",
    "republish workshop --since 2026-01-01": "workshop",
    "recall workshop --since 2026-01-01": "workshop",
    "dealer export sh-pudong --to /tmp/no/such/folder": "gateway",
    "accounts create-admin boss --password long-enough": "gateway",
}


@pytest.fixture(scope="module")
def without_settings() -> dict[str, Done]:
    """What commands do in an empty environment."""
    return each_of([*NAMED, *(words.split() for words in MISUSED), [], ["accounts"], ["dead-letters"], ["--version"]])


@pytest.fixture(scope="module")
def without_servers() -> dict[str, Done]:
    """What commands do whose servers are away."""
    return each_of([*(words.split() for words in WITHOUT_DATABASE), ["topology", "crm"]], **SERVERS_AWAY)


@pytest.mark.parametrize("words", [" ".join(words) for words in NAMED])
def test_a_name_that_is_no_services_is_said_first_with_those_that_are(without_settings: dict[str, Done], words: str) -> None:
    """Before any setting is missed."""
    said = the_line(without_settings[words])
    assert "'partz'" in said or "is all services" in said
    assert "not set" not in said
    if "--embedded" not in words:
        assert all(name in said for name in SERVICES)


@pytest.mark.parametrize("words", MISUSED)
def test_wrong_usage_is_one_line_that_names_the_help(without_settings: dict[str, Done], words: str) -> None:
    """The line says what is wrong, and where to read on."""
    line = the_line(without_settings[words])
    assert MISUSED[words] in line
    assert "--help says more" in line


def test_without_a_command_the_help_is_shown(without_settings: dict[str, Done]) -> None:
    """Of a group of commands too."""
    assert all("\nCommands:\n" in without_settings[words].stderr for words in ("", "accounts", "dead-letters"))


def test_the_version_is_printed(without_settings: dict[str, Done]) -> None:
    """As the package's metadata has it."""
    done = without_settings["--version"]
    assert (done.returncode, done.stdout.split()[0]) == (0, "servicelane")


@pytest.mark.parametrize("words", WITHOUT_DATABASE)
def test_a_database_that_is_away_is_named_with_its_service_and_address(without_servers: dict[str, Done], words: str) -> None:
    """Never with its password."""
    service = WITHOUT_DATABASE[words]
    said = the_line(without_servers[words])
    assert f"the database of {service} ({AWAY}/{service}) cannot be used: Connection refused" in said


def test_a_broker_that_is_away_is_named_with_its_service_and_address(without_servers: dict[str, Done]) -> None:
    """Never with its password."""
    said = the_line(without_servers["topology crm"])
    assert f"the broker of crm ({AWAY}/vhost) cannot be used: Connection refused" in said


@pytest.mark.parametrize(
    ("variable", "wrong", "said"),
    [
        ("ADMIN_DATABASE_URL", "", "ADMIN_DATABASE_URL is not set"),
        ("ADMIN_DATABASE_URL", "admin:topsecret@host", "ADMIN_DATABASE_URL must be a URL"),
        ("ADMIN_DATABASE_URL", f"postgresql://admin:topsecret@{AWAY}/postgres", f"ADMIN_DATABASE_URL ({AWAY}/postgres) cannot"),
        ("RABBITMQ_MANAGEMENT_URL", "admin:topsecret@host", "RABBITMQ_MANAGEMENT_URL must be a URL"),
        ("AMQP_URI", "nonsense", "AMQP_URI must be a URI"),
        ("DATABASE_URL", "postgresql+psycopg2://parts:topsecret@host:port/parts", "DATABASE_URL is not a database URL"),
    ],
)
def test_what_provisioning_lacks_is_named(variable: str, wrong: str, said: str) -> None:
    """A missing or wrong URL by its variable, a server that is away with its address."""
    environ = {
        **SERVERS_AWAY,
        "MIGRATION_DATABASE_URL": f"postgresql+psycopg2://owner:topsecret@{AWAY}/parts",
        "ADMIN_DATABASE_URL": f"postgresql://admin:topsecret@{AWAY}/postgres",
        "RABBITMQ_MANAGEMENT_URL": f"http://admin:topsecret@{AWAY}",
        variable: wrong,
    }
    assert said in the_line(servicelane("provision", "parts", **environ))


def test_a_database_without_tables_says_what_makes_them(tmp_path: Path) -> None:
    """Not the statement that failed."""
    environ = {**SERVERS_AWAY, "DATABASE_URL": f"sqlite:///{tmp_path}/{{service}}.sqlite"}
    said = the_line(servicelane("dead-letters", "list", "parts", **environ))
    assert "lacks tables: run `servicelane migrate`" in said


def test_a_refusal_is_said_in_words(tmp_path: Path) -> None:
    """A rule of a field, and one of the gateway."""
    environ = {**SERVERS_AWAY, "DATABASE_URL": f"sqlite:///{tmp_path}/{{service}}.sqlite", "AMQP_URI": "embedded://"}
    create = ["accounts", "create-admin", "boss", "--password"]
    made = each_of([["migrate", "gateway"], [*create, "short"], [*create, "long-enough"], [*create, "long-enough-2"]], **environ)
    migrated, weak, first, second = made.values()
    assert (migrated.returncode, first.returncode, first.stdout) == (0, 0, "created boss\n")
    assert "password: " in the_line(weak)
    assert "10" in the_line(weak)
    assert "There is an account with this login already." in the_line(second)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """With the service it should be of."""
    (tmp_path / "parts.sqlite").write_text("something else entirely")
    environ = {**SERVERS_AWAY, "DATABASE_URL": f"sqlite:///{tmp_path}/{{service}}.sqlite"}
    said = the_line(servicelane("dead-letters", "list", "parts", **environ))
    assert f"the database of parts ({tmp_path}/parts.sqlite) cannot be used: file is not a database" in said


def test_a_probe_that_does_not_answer_is_a_finding() -> None:
    """Status 1, for a health check; a wrong address is 2."""
    assert "does not answer: Connection refused" in the_line(servicelane("health", f"http://{AWAY}"), status=1)


def test_a_reader_that_went_away_ends_a_command_quietly() -> None:
    """As `| head -1` does; the status is not that of a finding."""
    with subprocess.Popen(
        [*COMMAND, "--version"], cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as one:
        assert one.stdout is not None
        one.stdout.close()
        said = one.stderr.read() if one.stderr else b""
    assert (one.returncode, said) == (141, b"")


def test_help_loads_neither_services_nor_the_libraries_of_database_and_broker() -> None:
    """Or it would take seconds."""
    heavy = {"chassis", "services", "sqlalchemy", "alembic", "flask", "kombu", "rich.table"}
    script = (
        "import sys; from servicelane.main import run_command\n"
        "for words in ([], ['run'], ['dead-letters', 'list']):\n"
        "    sys.argv = ['servicelane', *words, '--help']; run_command()\n"
        f"print(*{heavy} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, env=environment(), capture_output=True, text=True, check=True
    )
    assert (done.stdout.count("Usage:"), done.stderr.split()) == (3, [])
