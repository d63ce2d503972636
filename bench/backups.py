"""How long a backup takes and how large it is, and how long until a database is back, with so many delivered orders in it.

    python -m bench.backups [--orders 100000]      # writes bench/out/backups.json and backups.md

By the scripts of deploy/backup, as an operator runs them. The history is that of bench.scaling, of ten dealers; the services that
an order leaves something with are backed up one after the other and restored beside themselves, each under another name.
"""

import argparse
import json
import secrets
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bench.arms.arm import Arm
from bench.arms.ours import RUNNING, SharedDeployment
from bench.arms.worker import OUT
from bench.data.mixes import MIXES
from bench.data.sandbox import Sandbox
from bench.measuring import console, measured
from bench.report.host import on_host
from bench.scaling import GrowingArm
from deploy.dev.infrastructure import PROJECT
from deploy.dev.postgres import client_environment

SCRIPTS = PROJECT / "deploy/backup"
COPIED = "History is copied from fifty orders, so real files are larger: text that repeats is small when it is packed."
Row = dict[str, float | str]


def main() -> int:
    """Measure; the exit status is 1 when something could not be backed up or restored."""
    parser = argparse.ArgumentParser(prog="python -m bench.backups", description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000, help="delivered orders in every table")
    options = parser.parse_args()

    def judged(sandbox: Sandbox) -> int:
        rows = measure(sandbox, options.orders)
        OUT.mkdir(exist_ok=True)
        (OUT / "backups.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
        (OUT / "backups.md").write_text(page(rows, options.orders), encoding="utf-8")
        console.print(page(rows, options.orders), markup=False, soft_wrap=True)
        return 0

    return measured(judged)


def measure(sandbox: Sandbox, orders: int) -> list[Row]:
    """A row for each service."""
    mix = MIXES["ten"]
    arm: Arm = (ours := GrowingArm(sandbox, mix, SharedDeployment(sandbox, mix, "backups")))
    arm.prepare()
    ours.grow(orders)
    with TemporaryDirectory(dir=OUT) as folder:
        key = Path(folder, "key")
        key.write_text(secrets.token_hex(32), encoding="ascii")
        return [_measured(service, ours.urls[service], Path(folder), key) for service in RUNNING]


def _measured(service: str, url: str, folder: Path, key: Path) -> Row:
    database = urlsplit(url).path[1:]
    environment = {**client_environment(url), "KEY_FILE": str(key)}

    def run(*command: str) -> float:
        began = time.monotonic()
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return round(time.monotonic() - began, 1)

    asked = ["psql", "--no-psqlrc", "-tAc", "SELECT pg_database_size(current_database())", database]
    size = int(subprocess.run(asked, env=environment, check=True, capture_output=True, text=True).stdout)
    made = run("bash", str(SCRIPTS / "backup.sh"), str(folder), database)
    (file,) = (folder / database).iterdir()
    restored = run("bash", str(SCRIPTS / "restore.sh"), str(file), f"{database}_trial")
    subprocess.run(["dropdb", f"{database}_trial"], env=environment, check=True)
    file_size = file.stat().st_size
    file.unlink()
    row: Row = {"service": service, "bytes": size, "file_bytes": file_size, "backup_seconds": made, "restore_seconds": restored}
    console.print(str(row), markup=False)
    return row


def page(rows: list[Row], orders: int) -> str:
    """For docs/runbooks/backing-up.md."""
    lines = [
        f"With {orders:,} delivered orders of ten dealers in every table (`python -m bench.backups`; {on_host()}):",
        "",
        "| database | size | file | made and read back | restored |",
        "|---|---:|---:|---:|---:|",
    ]
    for one in rows:
        size, file = (f"{float(one[name]) / 1e6:,.0f} MB" for name in ("bytes", "file_bytes"))
        lines.append(f"| {one['service']} | {size} | {file} | {one['backup_seconds']} s | {one['restore_seconds']} s |")
    total = {name: sum(float(one[name]) for one in rows) for name in ("bytes", "file_bytes", "backup_seconds", "restore_seconds")}
    lines.append(
        f"| all four | {total['bytes'] / 1e6:,.0f} MB | {total['file_bytes'] / 1e6:,.0f} MB | {total['backup_seconds']:.0f} s | "
        f"{total['restore_seconds']:.0f} s |"
    )
    lines += [
        "",
        "History is copied from fifty orders, so real files are larger: text that repeats is small when it is packed.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
