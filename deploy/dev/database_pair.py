"""Two PostgreSQL servers on the loopback, one of which follows the other, for the drills. Only installed binaries will do."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deploy.dev.control import SUPERUSER
from deploy.dev.postgres import PrivateDatabase
from deploy.dev.processes import User, run, wait_until
from deploy.dev.state import Store, create_private, write_atomically

COPY_SECONDS = 120
FOLLOW_SECONDS = 60
NOWHERE = 1
"""A port at which no primary is."""


class Member(PrivateDatabase):
    """One server of a pair: the primary, or the standby of `primary`."""

    def __init__(self, store: Store, binaries: Path, user: User | None) -> None:
        super().__init__(store, binaries, user)
        self._name = store.directory.name
        self._primary: Member | None = None
        self._port_of_primary = NOWHERE
        self._waits_for = ""

    def forget(self) -> None:
        """Nothing is left of a run that was killed: who followed whom then is not known."""
        self.thaw()
        self.kill()
        if self._data.exists():
            shutil.rmtree(self._data)

    def follow(self, primary: Member) -> None:
        """Throw away what is here, copy the primary and follow it."""
        self.forget()
        write_atomically(self._store.directory / "postgres-password", primary._password)
        self._primary, self._port_of_primary, self._waits_for = primary, primary.port, ""
        self.start()
        wait_until(lambda: primary.follower() == "streaming", "the standby to follow", seconds=FOLLOW_SECONDS)

    def promote(self) -> None:
        """The standby is the primary from now on, and waits for nobody."""
        self._primary = None
        self._pg_ctl("promote", "-w", "-t", "30")

    def lose_primary(self) -> None:
        """The standby hears nothing more from its primary, which is not told."""
        self._port_of_primary = NOWHERE
        self._rewrite()
        primary = self._primary
        wait_until(
            lambda: primary is None or not primary.follower(), "the standby to have lost its primary", seconds=FOLLOW_SECONDS
        )

    def wait_for_standby(self, on: bool) -> None:
        """Whether what is answered must be on the standby, too."""
        self._waits_for = "*" if on else ""
        self._rewrite()
        if on:
            query = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            wait_until(lambda: self._ask(query) == "1", "a synchronous standby", seconds=FOLLOW_SECONDS)

    def freeze(self) -> None:
        """SIGSTOP to all of its processes: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def follower(self) -> str:
        """What the standby does, as this primary sees it; nothing without one."""
        return self._ask("SELECT state FROM pg_stat_replication")

    def _signal(self, number: signal.Signals) -> None:
        if postmaster := self._postmaster():
            for one in [postmaster, *postmaster.children()]:
                one.send(number)

    def _more_configuration(self) -> str:
        lines = [f"synchronous_standby_names = '{self._waits_for}'"]
        if self._primary is not None:
            server = f"host=127.0.0.1 port={self._port_of_primary} user={SUPERUSER} password={self._password}"
            lines.append(f"primary_conninfo = '{server} application_name={self._name}'")
        return "\n".join(lines) + "\n"

    def _rewrite(self) -> None:
        """Its configuration as it is now, read by the server that runs."""
        conf = self._data / "servicelane.conf"
        kept = conf.read_text(encoding="utf-8").partition("synchronous_standby_names")[0]
        self._write(conf, kept + self._more_configuration())
        self._pg_ctl("reload")

    def _fill(self, draft: Path) -> None:
        if self._primary is None:
            super()._fill(draft)
            return
        run(
            [
                *(self._binaries / "pg_basebackup", "-D", draft, "-R", "-X", "stream", "-c", "fast"),
                *("-h", "127.0.0.1", "-p", str(self._primary.port), "-U", SUPERUSER),
            ],
            env={**self._environment, "PGPASSWORD": self._password},
            user=self._user,
            cwd=self._directory,
            seconds=COPY_SECONDS,
        )
        (draft / "postgresql.auto.conf").unlink()  # -R has written where the primary is; ours says so


class DatabasePair:
    """A primary and its standby, in folders of their own; `synchronous` is whether what is answered is on both."""

    def __init__(self, home: Path, binaries: Path, user: User | None, *, synchronous: bool) -> None:
        self._synchronous = synchronous
        members = []
        for name in ("first", "second"):
            create_private(home / name, mode=0o711)  # PostgreSQL's user passes through to its own
            members.append(Member(Store(home / name), binaries, user))
            members[-1].forget()
        self.primary, self.standby = members

    def start(self) -> None:
        """Both run, the one follows the other."""
        self.primary.start()
        if not (self.standby.is_running() and self.primary.follower() == "streaming"):
            self.primary.wait_for_standby(False)
            self.standby.follow(self.primary)
        self.primary.wait_for_standby(self._synchronous)

    def promote(self) -> None:
        """The primary is gone: the standby takes its place."""
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def url(self, of_primary: str) -> str:
        """A URL of the primary, for clients that go to whichever of the two takes writes."""
        parts = urlsplit(of_primary)
        hosts = "&".join(f"host=127.0.0.1:{one.port}" for one in (self.primary, self.standby))
        there = parts.netloc.rpartition("@")[0] + "@"
        return urlunsplit(parts._replace(netloc=there, query=f"{hosts}&target_session_attrs=read-write"))

    def discard(self) -> None:
        """End both."""
        for one in (self.standby, self.primary):
            one.thaw()
            one.discard()
