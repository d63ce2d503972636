"""Rows of the embedded suite, changed as time would have changed them: a test has none to wait."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID


def changed(data: Path, service: str, table: str, row: str, **times: datetime) -> None:
    """As if these times of a row had been others."""
    columns = ", ".join(f"{name} = ?" for name in times)
    values = [written(value) for value in times.values()]
    with closing(sqlite3.connect(data / f"{service}.sqlite", timeout=30)) as files, files:
        done = files.execute(f"UPDATE {table} SET {columns} WHERE id = ?", (*values, row.replace("-", "")))
        assert done.rowcount == 1, (table, row)


def stranded(data: Path, appointment: str, now: datetime) -> None:
    """The car that came yesterday and that nobody took on, as the evening's look round finds it."""
    came, found = written(now - timedelta(hours=20)), written(now - timedelta(hours=12))
    with closing(sqlite3.connect(data / "booking.sqlite", timeout=30)) as files, files:
        files.execute("UPDATE appointment SET arrived_at = ? WHERE id = ?", (came, appointment.replace("-", "")))
        files.execute(
            """INSERT INTO booking_task (dealer_id, id, version, updated_at, visit_id, kind, state, appointment_id, customer_id,
                                         plate, advisor, arrived_at, opened_at)
               SELECT dealer_id, lower(hex(randomblob(16))), 1, ?, visit_id, 'order_not_opened', 'open', id, customer_id,
                      vehicle ->> '$.plate', advisor, arrived_at, ? FROM appointment WHERE id = ?""",
            (found, found, appointment.replace("-", "")),
        )


def written(moment: datetime) -> str:
    """As SQLAlchemy writes it."""
    return moment.replace(tzinfo=None).isoformat(" ", timespec="microseconds")


def run_out(data: Path, service: str, table: str, row: str, timer: str, **times: datetime) -> None:
    """As if the times of a row had passed, and with them its timer."""
    changed(data, service, table, row, **times)
    with closing(sqlite3.connect(data / f"{service}.sqlite", timeout=30)) as files, files:
        due = [written(min(times.values())), timer, UUID(row).hex]
        done = files.execute("UPDATE timer SET due_at = ? WHERE name = ? AND subject = ?", due)
        assert done.rowcount == 1, (timer, row)
