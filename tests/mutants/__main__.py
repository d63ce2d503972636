"""Run every mutant, or those named on the command line, and write what was seen to docs/mutants.md.

Exit status 1 if one survives: if a test of it passes although the safeguard is off, or fails for another reason.
"""

import sys

from rich.console import Console

from tests.mutants.catalogue import MUTANTS
from tests.mutants.document import record
from tests.mutants.mutant import ROOT
from tests.mutants.run import Outcome, failures, run


def main(names: list[str]) -> int:
    """Returns the exit status."""
    console = Console(soft_wrap=True, highlight=False)
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    red = failures(ROOT, dict.fromkeys(test for mutant in chosen for test in mutant.tests))
    if red:
        console.print("these fail although nothing is switched off:", *(one.test for one in red), sep="\n  ", markup=False)
        return 1
    survivors = 0
    for mutant in chosen:
        outcome = run(mutant)
        console.print(f"{mutant.name}: {_verdict(outcome)}", markup=False)
        if outcome.killed:
            record(outcome)
        else:
            survivors += 1
    return 1 if survivors else 0


def _verdict(one: Outcome) -> str:
    if one.killed:
        return f"killed by {len(one.red)} in {one.seconds:.0f} s"
    green = "".join(f"\n  still green: {test}" for test in one.still_green)
    odd = "".join(f"\n  for another reason: {red.test}: {red.headline}" for red in one.for_another_reason)
    return f"SURVIVED{green}{odd}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
