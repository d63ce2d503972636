"""`make bench`: measure pairs of arms, print what may be concluded, write bench/out/latest.json and bench/out/latest.svg."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from bench import against
from bench.arms.prepared import Prepared
from bench.arms.worker import OUT
from bench.data.mixes import MIXES, Mix
from bench.data.sandbox import Sandbox
from bench.line_up import PAIRS, PLACEBO, QUICK
from bench.measuring import console, measured
from bench.pairs import Pair, Plan
from bench.report import markdown, table
from bench.report.benchmark import Benchmark
from bench.slices import Meter

FULL = Plan(30, blocks=6, block_seconds=5)
BRIEF = Plan(12, blocks=4, block_seconds=3)
"""For a first impression; most intervals will be too wide."""
RATES = (10.0, 30.0)
WITH_RATES = (PLACEBO, "S-svc/F1")
"""The pairs whose latency is taken at these rates, too; all but reads at half of the yardstick's."""


def main() -> int:
    """Measure what the command line asks for; the exit status is 1 when an arm failed or an invariant did not hold."""
    options = _options()
    plan = BRIEF if options.quick else FULL
    plan = replace(plan, pairs=options.pairs or plan.pairs)

    def measure(sandbox: Sandbox) -> int:
        for log in OUT.glob("*.log"):
            log.unlink()
        mix = MIXES[options.mix]
        if options.against:
            duel = against.measure(sandbox, mix, options.against.resolve(), replace(plan, rates=RATES), console.print)
            against.show(duel, console)
            return 0 if duel.invariants_ok else 1
        run = _measure(sandbox, mix, plan, options.only)
        table.write(run, OUT)
        markdown.write(run, OUT)
        table.show(run, console)
        return 0 if run.invariants_ok else 1

    return measured(measure)


def _measure(sandbox: Sandbox, mix: Mix, plan: Plan, names: list[str]) -> Benchmark:
    arms, meter, run = Prepared(sandbox, mix), Meter(sandbox), Benchmark(mix.title)
    for name in PAIRS:
        if name in names:
            console.rule(name)
            ours, theirs = arms.pair(name)
            rates = RATES if name in WITH_RATES else ()
            if run.half and name != PLACEBO and not ours.reads:
                rates = (*rates, run.half)
            run.add(name, Pair(ours, theirs, replace(plan, rates=rates), meter, console.print).measure())
    return run


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--against", type=Path, metavar="DIR", help="compare this checkout with the one in DIR, and nothing else")
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"of {','.join(PAIRS)}")
    mixes = "; ".join(f"{one.name}: {one.title}" for one in MIXES.values())
    parser.add_argument("--mix", choices=MIXES, default="dealers", help=mixes.replace("%", "%%"))
    parser.add_argument("--pairs", type=int, help=f"pairs of slices, {FULL.pairs} if not said")
    parser.add_argument("--quick", action="store_true", help=f"{','.join(QUICK)} with {BRIEF.pairs} pairs each")
    options = parser.parse_args()
    options.only = options.only or list(QUICK if options.quick else PAIRS)
    unknown = set(options.only) - set(PAIRS)
    if unknown:
        parser.error(f"there is no pair {', '.join(sorted(unknown))}: choose from {', '.join(PAIRS)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
