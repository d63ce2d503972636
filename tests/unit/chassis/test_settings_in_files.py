"""Settings that stand in files, and passwords that stand apart from the URLs they are for."""

import subprocess
import sys
from pathlib import Path

import pytest

from chassis.process.settings import Settings, Source, setting
from chassis.wire.errors import SettingsError
from console.settings import ConsoleSettings
from deploy.local.child import bare_environment
from gateway.account import secret
from gateway.evidence.settings import EvidenceSettings
from gateway.http.settings import HttpSettings

URLS = {
    "AMQP_URI": "amqp://{service}:{password}@bus/%2F",
    "DATABASE_URL": "postgresql+psycopg2://{service}:{password}@db/{service}",
}


def written(folder: Path, text: str, name: str = "secret") -> str:
    """A file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_setting_may_stand_in_a_file(tmp_path: Path) -> None:
    """Without the line's end that every editor writes."""
    file = written(tmp_path, "amqp://crm:p@bus/%2F\n")
    settings = Settings.read("crm", {**URLS, "AMQP_URI": "", "AMQP_URI_FILE": file, "PASSWORD": "p"})
    assert settings.amqp_uri == "amqp://crm:p@bus/%2F"


def test_an_empty_file_is_like_an_empty_variable(tmp_path: Path) -> None:
    """What need not be set is not; what must be is missed by its name."""
    told = {**URLS, "PASSWORD": "p", "JWT_SECRET_PREVIOUS_FILE": written(tmp_path, "\n")}
    assert Settings.read("gateway", told).jwt_secret_previous is None
    with pytest.raises(SettingsError, match=r"^GATEWAY_URL is not set$"):
        ConsoleSettings.read({"GATEWAY_URL_FILE": written(tmp_path, "")})


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (lambda given: Settings.read("gateway", {**URLS, "PASSWORD": "p", **given}).jwt_secret, "JWT_SECRET", "j" * 32),
        (
            lambda given: Settings.read("gateway", {**URLS, "PASSWORD": "p", **given}).jwt_secret_previous,
            "JWT_SECRET_PREVIOUS",
            "j" * 32,
        ),
        (
            lambda given: Settings.read("crm", {**URLS, "PASSWORD": "p", **given}).migration_database_url,
            "MIGRATION_DATABASE_URL",
            "postgresql+psycopg2://o:p@db/crm",
        ),
        (lambda given: EvidenceSettings.read({"ATTACHMENT_STORE": "/a", **given}).secret_key, "ATTACHMENT_S3_SECRET_KEY", "k"),
        (lambda given: EvidenceSettings.read({"ATTACHMENT_STORE": "/a", **given}).access_key, "ATTACHMENT_S3_ACCESS_KEY", "k"),
        (lambda given: HttpSettings.read(given).streams, "HTTP_STREAMS", 7),
        (lambda given: ConsoleSettings.read(given).gateway_url, "GATEWAY_URL", "http://gateway:8000"),
        (secret.memory_mib, "PASSWORD_MEMORY_MIB", 12),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_every_settings_class_reads_files_alike(tmp_path: Path, read, name: str, value: object) -> None:
    """One reader for all of them."""
    assert read({f"{name}_FILE": written(tmp_path, str(value))}) == value


def test_what_is_no_class_setting_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of health records, which has a password in it, and the administrators' URLs."""
    monkeypatch.setenv("HEALTH_RECORD_URL_FILE", written(tmp_path, "https://me:secret@records.example"))
    assert setting("workshop", "HEALTH_RECORD_URL") == "https://me:secret@records.example"


def test_a_password_takes_its_place_as_a_url_writes_it(tmp_path: Path) -> None:
    """So it may have any characters; and a brace in it is a brace."""
    file = written(tmp_path, "p@ss/w:rd {password}\n")
    settings = Settings.read("crm", {**URLS, "PASSWORD_FILE": file})
    assert settings.amqp_uri == "amqp://crm:p%40ss%2Fw%3Ard%20%7Bpassword%7D@bus/%2F"
    assert settings.database_url == "postgresql+psycopg2://crm:p%40ss%2Fw%3Ard%20%7Bpassword%7D@db/crm"


def test_each_service_has_a_password_of_its_own_and_owners_another() -> None:
    """As the container that prepares all of them is told."""
    told = {**URLS, "MIGRATION_DATABASE_URL": "postgresql+psycopg2://{service}_owner:{owner_password}@db/{service}"}
    told |= {"OWNER_PASSWORD": "o", "CRM_PASSWORD": "c", "PARTS_PASSWORD": "p"}
    read = {name: Settings.read(name, told) for name in ("crm", "parts")}
    assert [one.amqp_uri for one in read.values()] == ["amqp://crm:c@bus/%2F", "amqp://parts:p@bus/%2F"]
    assert read["crm"].migration_database_url == "postgresql+psycopg2://crm_owner:o@db/crm"


def test_a_services_own_file_beats_what_all_are_told(tmp_path: Path) -> None:
    """As its own variable does."""
    told = {"WORKERS": "3", "CRM_WORKERS_FILE": written(tmp_path, "5")}
    assert [Source(name, told).text("WORKERS", "10") for name in ("crm", "parts")] == ["5", "3"]


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        (
            {"PASSWORD_FILE": "/nowhere/secret"},
            "PASSWORD_FILE names /nowhere/secret, which cannot be read: No such file or directory",
        ),
        ({"PASSWORD_FILE": "/"}, "PASSWORD_FILE names /, which cannot be read: Is a directory"),
        ({"PASSWORD_FILE": "{empty}"}, "DATABASE_URL has the place of a password in it, and PASSWORD is not set"),
        ({"PASSWORD_FILE": "{lines}"}, "PASSWORD_FILE names {lines}, which has several lines"),
        ({"PASSWORD_FILE": "{binary}"}, "PASSWORD_FILE names {binary}, which is no text"),
        ({"PASSWORD": "p", "PASSWORD_FILE": "{empty}"}, "PASSWORD and PASSWORD_FILE are both set: which of them is meant?"),
        ({}, "DATABASE_URL has the place of a password in it, and PASSWORD is not set"),
    ],
    ids=["missing", "a folder", "empty", "several lines", "no text", "both", "no password"],
)
def test_a_wrong_one_stops_the_start_with_one_line(tmp_path: Path, told: dict[str, str], complaint: str) -> None:
    """Exit status 2, and the variable by its name; nothing of a secret is shown."""
    files = {"empty": written(tmp_path, "\n", "empty"), "lines": written(tmp_path, "pass\nword\n", "lines")}
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    files["binary"] = str(tmp_path / "binary")
    given = {name: value.format(**files) for name, value in told.items()}
    with pytest.raises(SettingsError) as refused:
        Settings.read("crm", {**URLS, **given})
    assert str(refused.value) == complaint.format(**files)


def test_a_missing_file_ends_the_process_with_status_2() -> None:
    """What an operator sees of it."""
    command = [sys.executable, "-W", "ignore", "-m", "servicelane", "run", "crm"]
    environment = {**bare_environment(), **URLS, "PASSWORD_FILE": "/run/secrets/password", "LANG": "C.UTF-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("PASSWORD_FILE names /run/secrets/password, which cannot be read: No such file or directory")
