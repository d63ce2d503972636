"""SQLite has one writer at a time; whoever waits for it must not stop the process that it is in."""

from pathlib import Path

import eventlet
from sqlalchemy import text

from chassis.store.database import create_database_engine


def test_waiting_for_the_write_lock_lets_its_holder_go_on(tmp_path: Path) -> None:
    """The holder is in the same process, on an engine of its own, and between two statements when it is waited for."""
    url = f"sqlite:///{tmp_path / 'one.sqlite'}"
    holder, waiter = (create_database_engine(url, name=name) for name in ("holder", "waiter"))
    with holder.begin() as connection:
        connection.execute(text("CREATE TABLE seen (name TEXT)"))

    def read() -> list[str]:
        with waiter.begin() as connection:
            return list(connection.scalars(text("SELECT name FROM seen")))

    with holder.begin() as connection:
        connection.execute(text("INSERT INTO seen VALUES ('first')"))
        reading = eventlet.spawn(read)
        eventlet.sleep(0.05)
        connection.execute(text("INSERT INTO seen VALUES ('second')"))
    assert reading.wait() == ["first", "second"]
