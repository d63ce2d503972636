"""The command as its users start it: a process of its own, whose environment names nothing but what a test gives."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.dev.infrastructure import PROJECT
from deploy.local.installation import COMMAND

Done = subprocess.CompletedProcess[str]
SECRET = "topsecret"  # what no line may contain
AWAY = "127.0.0.1:9"
SERVERS_AWAY = {
    "DATABASE_URL": f"postgresql+psycopg2://{{service}}:{SECRET}@{AWAY}/{{service}}",
    "AMQP_URI": f"amqp://user:{SECRET}@{AWAY}/vhost",
    "JWT_SECRET": "a secret for tests only, long enough to sign with",
}


def servicelane(*arguments: str | Path, **environ: str) -> Done:
    """Run it to its end."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, cwd=PROJECT, env=environment(**environ), capture_output=True, text=True, check=False, timeout=60
    )


# One process for many commands: starting one takes a second.
DRIVER = """
import contextlib, io, json, sys
import eventlet
eventlet.monkey_patch()
from servicelane.main import run_command
for arguments in json.load(sys.stdin):
    sys.argv = ["servicelane", *arguments]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run_command()
    print(json.dumps([status, out.getvalue(), err.getvalue()]))
"""


def each_of(commands: Sequence[Sequence[str]], **environ: str) -> dict[str, Done]:
    """What becomes of each of these commands, by its words; they run one after the other in one process."""
    driver = [sys.executable, "-W", "ignore", "-c", DRIVER]
    asked = json.dumps([list(words) for words in commands])
    done = subprocess.run(
        driver, cwd=PROJECT, env=environment(**environ), input=asked, capture_output=True, text=True, check=True, timeout=120
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {" ".join(words): Done(words, *answer) for words, answer in zip(commands, answers, strict=True)}


def environment(**environ: str) -> dict[str, str]:
    """The environment of a fresh login."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", **environ}


def the_line(done: Done, status: int = 2) -> str:
    """What a command that could not do it says: one line, and nothing secret."""
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (status, 1), (done.returncode, done.stdout, done.stderr)
    assert SECRET not in lines[0]
    return lines[0]


def nothing_in(folder: Path) -> Any:
    """That a folder is not there, or empty."""
    return not folder.exists() or not any(folder.iterdir())
