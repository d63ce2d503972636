"""A long step shows that it goes on: one line written anew on a terminal, a line every ten seconds elsewhere."""

import io
import sys

from deploy.dev import processes, progress
from deploy.dev.progress import Progress, last_line
from deploy.dev.virtualenv import _pip_at

SLOW = (
    "import time; print('Collecting alembic', flush=True); time.sleep(0.5); print('Collecting amqp', flush=True); time.sleep(0.5)"
)


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self):
        return True


def shown(stream, monkeypatch):
    """What a slow command shows on this stream, looked at every 0.2 s."""
    monkeypatch.setattr(progress, "TERMINAL_SECONDS", 0.2)
    monkeypatch.setattr(progress, "OTHER_SECONDS", 0.2)
    processes.run([sys.executable, "-c", SLOW], seconds=20, progress=Progress("installing", last_line, stream))
    return stream.getvalue()


def test_elsewhere_each_look_is_a_line(monkeypatch):
    lines = shown(io.StringIO(), monkeypatch).splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("  installing: ") for line in lines)
    assert "Collecting amqp" in lines[-1]


def test_a_terminal_has_one_line_which_is_gone_at_the_end(monkeypatch):
    text = shown(Terminal(), monkeypatch)
    assert "\n" not in text
    assert "installing: Collecting alembic" in text
    assert text.endswith("\r\x1b[K")


def test_pip_is_as_far_as_its_output_says():
    fetching = "Collecting alembic==1\nRequirement already satisfied: amqp==5\nCollecting attrs==2\n"
    assert _pip_at(fetching, packages=9) == "3 of 9 packages fetched"
    assert _pip_at(f"{fetching}Installing collected packages: alembic, attrs\n", packages=9) == "unpacking 9 packages"
