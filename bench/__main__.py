"""`make bench`: measure, print the table, write bench/out/latest.json and bench/out/latest.svg."""

import argparse
import sys
from pathlib import Path

from bench.against import against, show
from bench.arms.arm import Arm, FastStreamArm, NamekoArm, RawArm
from bench.arms.ours import HttpArm, NamekoReadArm, ReadArm, ServicesArm, SharedDeployment
from bench.arms.worker import OUT
from bench.data.mixes import MIXES, Mix
from bench.data.sandbox import Sandbox
from bench.harness import Harness, Plan
from bench.measuring import console, measured
from bench.pairs import Plan as Pairs
from bench.report import table
from bench.report.results import YARDSTICK, Run

ARMS = ("F1", "F2", "P1", "P2", "S-svc", "S-http", "read")


def main() -> int:
    """Measure what the command line asks for; the exit status is 1 when an arm failed or an invariant did not hold."""
    options = _options()

    def measure(sandbox: Sandbox) -> int:
        for log in OUT.glob("*.log"):
            log.unlink()
        mix = MIXES[options.mix]
        if options.against:
            plan = Pairs(30, rates=(10, 30), blocks=8)
            if options.quick:
                plan = Pairs(12, rates=(10, 30), blocks=4, block_seconds=3)
            duel = against(sandbox, mix, options.against.resolve(), plan, console.print)
            show(duel, console)
            return 0 if duel.invariants_ok else 1
        run = Run(mix.title)
        _measure(sandbox, mix, options, run)
        table.write(run, OUT)
        table.show(run, console)
        return 0 if run.invariants_ok else 1

    return measured(measure)


def _measure(sandbox: Sandbox, mix: Mix, options: argparse.Namespace, run: Run) -> None:
    plan = Plan(
        rounds=options.rounds,
        orders=options.orders,
        warm_up=options.warm_up,
        clients=options.clients,
        latency_seconds=options.latency_seconds,
        latency_rate=options.rate,
    )
    deployment = SharedDeployment(sandbox, mix)
    made: dict[str, Arm] = {
        "F1": RawArm(sandbox, mix, name="F1", title="raw psycopg2 and py-amqp", batch=1),
        "F2": RawArm(sandbox, mix, name="F2", title="F1 in batches of 50", batch=50),
        "P1": NamekoArm(sandbox, mix),
        "P2": FastStreamArm(sandbox, mix),
        "S-svc": ServicesArm(sandbox, mix, deployment),
        "S-http": HttpArm(sandbox, mix, deployment),
    }
    arms = {name: made[name] for name in made if name == YARDSTICK or name in options.arms}
    readers: dict[str, Arm] = {}
    if "read" in options.arms:
        readers = {"ours": ReadArm(sandbox, mix, deployment), "nameko": NamekoReadArm(sandbox, mix, deployment)}
    for arm in [*arms.values(), *readers.values()]:
        with console.status(f"preparing {arm.name}"):
            arm.prepare()
    harness = Harness(sandbox, plan, run, console.print)
    for number in range(plan.rounds):
        console.rule(f"round {number + 1} of {plan.rounds}")
        harness.measure(arms, number)
        harness.measure_reads(readers, number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--arms", type=lambda text: text.split(","), help=f"of {','.join(ARMS)}; {YARDSTICK} always runs")
    mixes = "; ".join(f"{one.name}: {one.title}" for one in MIXES.values())
    parser.add_argument("--mix", choices=MIXES, default="dealers", help=mixes.replace("%", "%%"))
    parser.add_argument("--against", type=Path, metavar="DIR", help="compare this checkout with another one, in pairs")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--orders", type=int, help="orders per arm and round in the closed loop")
    parser.add_argument("--warm-up", type=int, default=50, help="orders before that, not measured")
    parser.add_argument("--clients", type=int, default=16, help="clients of the closed loop")
    parser.add_argument("--latency-seconds", type=float, help="how long the open loop runs; 0 leaves it out")
    parser.add_argument("--rate", type=float, help=f"orders per second of the open loop instead of half of {YARDSTICK}'s")
    parser.add_argument("--quick", action="store_true", help="one round of F1, S-svc and S-http in a minute and a half")
    options = parser.parse_args()
    defaults = {"arms": list(ARMS), "rounds": 3, "orders": 500, "latency_seconds": 4.0}
    if options.quick:
        defaults = {"arms": ["F1", "S-svc", "S-http"], "rounds": 1, "orders": 300, "latency_seconds": 3.0}
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    unknown = set(options.arms) - set(ARMS)
    if unknown:
        parser.error(f"there is no arm {', '.join(sorted(unknown))}: choose from {', '.join(ARMS)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
