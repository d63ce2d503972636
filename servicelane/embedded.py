"""The embedded mode: all services and the gateway in one process, a SQLite file each, the bus in memory.

Nothing to install and nothing to recover: what was answered is committed, and what was not yet sent is still in an outbox. Its
files are in one folder, which only their owner may read and only one suite at a time may use.
"""

import fcntl
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from chassis.process.server import listen
from chassis.process.settings import FILE, Settings
from chassis.wire.errors import SettingsError
from console.settings import ConsoleSettings, Demo
from servicelane.failures import CannotDo
from servicelane.preparing import declare_all, migrate_all
from servicelane.suite import SERVICES
from servicelane.texts import text

SECRET_FILE = "jwt.secret"
LOCK_FILE = "servicelane.lock"
LOG_FILE = "servicelane.log"
ATTACHMENTS = "attachments"
OPENED = "demo.opened"
"""The file that says that the demo's dealership is complete: a first start may have been interrupted."""
CONSOLE_PORT = "--console-port"
CONSOLE_ADDRESS = "CONSOLE_HTTP_ADDRESS"
LOOPBACK = "127.0.0.1, ::1"
ENDING = (signal.SIGINT, signal.SIGTERM)


def use(folder: Path) -> None:
    """Have this process work on the files of a suite, whether that suite runs or not. Raises CannotDo where there are none."""
    if not all((folder / f"{name}.sqlite").is_file() for name in SERVICES):
        raise CannotDo(text("cli.folder.not_a_suites", folder=folder))
    _point_at(folder)


@contextmanager
def occupied(folder: Path, address: str, *, fresh: bool = False) -> Iterator[None]:
    """Have this process be the suite that works on the folder and answers at `address`; makes what is not there yet.

    `fresh` forgets first what an earlier suite kept there: its databases, and with its secret every token; the log stays.

    Raises CannotDo, before anything is made, where the folder holds something else, another suite uses it, or the address
    cannot be listened on.
    """
    new = _is_new(folder)
    umask = os.umask(0o077)
    try:
        with ExitStack() as stack:
            if not new:
                stack.enter_context(_locked(folder))
            address = _free(address, "--port")
            if fresh:
                _forget(folder)
            if new:
                folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(_locked(folder))
            _close_to_others(folder)
            _make_secret(folder / SECRET_FILE)
            _point_at(folder)
            os.environ["HTTP_ADDRESS"] = address
            os.environ.pop("GATEWAY_HTTP_ADDRESS", None)
            yield
    finally:
        os.umask(umask)


@contextmanager
def passing(name: str) -> Iterator[None]:
    """Have this process be a suite of which nothing is left behind, however the block ends."""
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix=f"servicelane-{name}-") as folder, occupied(Path(folder), "127.0.0.1:0"):
        yield


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt  # the default would leave the folder behind


def prepare(*more: Callable[[], object]) -> None:
    """Create or migrate the databases, declare the bus, and do what more there is to do before the suite runs.

    Ctrl-C is answered between two steps: Python loses what is raised amid a garbage collection, and here there are many.
    """
    steps: list[Callable[[], object]] = [partial(migrate_all, [name]) for name in SERVICES]
    steps += [partial(declare_all, SERVICES), *more]
    for step in steps:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            step()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def base_url() -> str:
    """Where the gateway of this process answers."""
    return reached_at(Settings.read("gateway").http_address)


def reached_at(address: str) -> str:
    """The URL of an address that is listened on."""
    host, _, port = address.rpartition(":")
    return f"http://{ {'0.0.0.0': '127.0.0.1', '[::]': '[::1]'}.get(host, host) }:{port}"


def console_settings(port: int | None, demo: Demo) -> ConsoleSettings:
    """How the console of this process runs: beside the gateway, over plain HTTP; at CONSOLE_HTTP_ADDRESS where no port is given.

    Without both it takes 8080, or any if that is taken. Raises CannotDo when what was asked for cannot be listened on.
    """
    host = Settings.read("gateway").http_address.rpartition(":")[0]
    named = os.environ.get(CONSOLE_ADDRESS)
    if port is not None:
        address = _free(f"{host}:{port}", CONSOLE_PORT, CONSOLE_PORT)
    elif named:
        address = _free(named, CONSOLE_ADDRESS, CONSOLE_ADDRESS)
    else:
        try:
            address = _free(f"{host}:{ConsoleSettings.http_address.rpartition(':')[2]}", CONSOLE_PORT)
        except CannotDo:
            address = _free(f"{host}:0", CONSOLE_PORT)
    # Sign-ins are counted by browser: the gateway believes the console beside it whose that is.
    proxies = filter(None, (os.environ.get("TRUSTED_PROXIES"), LOOPBACK))
    os.environ["TRUSTED_PROXIES"] = ", ".join(dict.fromkeys(proxies))
    return ConsoleSettings(gateway_url=base_url(), http_address=address, secure_cookie=False, demo=demo)


def _point_at(folder: Path) -> None:
    """Name the folder's databases and the bus of this process to every service, whatever the environment named."""
    for name in ("AMQP_URI", "DATABASE_URL", "MIGRATION_DATABASE_URL"):
        _unset(name)
    os.environ["AMQP_URI"] = "embedded://servicelane/"
    os.environ["DATABASE_URL"] = f"sqlite:///{folder.absolute()}/{{service}}.sqlite"
    os.environ["ATTACHMENT_STORE"] = str(folder.absolute() / ATTACHMENTS)
    os.environ.setdefault("LOG_FILE", str(folder / LOG_FILE))
    secret = folder / SECRET_FILE
    if secret.exists():
        _unset("JWT_SECRET")
        os.environ["JWT_SECRET"] = secret.read_text(encoding="ascii")


def _unset(name: str) -> None:
    """Whatever the environment says of a setting."""
    for variable in (name, *(f"{service.upper()}_{name}" for service in SERVICES)):
        os.environ.pop(variable, None)
        os.environ.pop(variable + FILE, None)


def _is_new(folder: Path) -> bool:
    """Whether no suite has used the folder yet. Raises CannotDo where it holds something else."""
    if (folder / SECRET_FILE).exists():
        return False
    if folder.exists() and not folder.is_dir():
        raise CannotDo(text("cli.folder.no_folder", folder=folder))
    if folder.exists() and any(not one.name.startswith(".") and one.name != LOCK_FILE for one in folder.iterdir()):
        raise CannotDo(text("cli.folder.other_things", folder=folder))
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the only right to run a suite on the folder; it ends with the process, however that ends."""
    with (folder / LOCK_FILE).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotDo(text("cli.folder.in_use", folder=folder, process=_holder(file))) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _holder(file: TextIO) -> str:
    file.seek(0)
    return file.read().strip() or text("cli.folder.unknown_process")


def _close_to_others(folder: Path) -> None:
    """Only the owner may read the files, those of an earlier start too: they hold customers' data, and the tokens' secret."""
    folder.chmod(0o700)
    for pattern in ("*.sqlite*", f"{LOG_FILE}*", SECRET_FILE, LOCK_FILE):
        for file in folder.glob(pattern):
            file.chmod(0o600)


def _forget(folder: Path) -> None:
    for pattern in (OPENED, *(f"{name}.sqlite*" for name in SERVICES)):
        for file in folder.glob(pattern):
            file.unlink()
    shutil.rmtree(folder / ATTACHMENTS, ignore_errors=True)
    if (folder / SECRET_FILE).exists():
        (folder / SECRET_FILE).write_text("", encoding="ascii")  # made anew; by being there it says whose folder this is


def _make_secret(file: Path) -> None:
    if not file.exists() or not file.read_text(encoding="ascii"):  # a start that was killed leaves it empty
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")


def _free(address: str, option: str, setting: str = "HTTP_ADDRESS") -> str:
    """The address with its port, chosen if it says 0. Raises CannotDo when it cannot be listened on, naming what said so."""
    try:
        with closing(listen(address, setting)) as probe:
            return f"{address.rpartition(':')[0]}:{probe.getsockname()[1]}"
    except SettingsError as error:
        raise CannotDo(text("cli.folder.other_port", problem=error, option=option)) from None
