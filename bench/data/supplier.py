"""Makes the orders of a checkout and checks its books with the checkout's own code, whichever checkout this file is of.

    python -P bench/data/supplier.py      # PYTHONPATH is the checkout; one line of JSON in, one line out

{"mix"} -> the templates; {"urls", "templates", "count"} -> [[dealer, id, version]]; {"urls", "amqp_uri"} -> what does not hold.
"""

import json
import sys
from typing import Any

from bench.data import invariants, mixes, multiply, seed


def answer(job: dict[str, Any]) -> Any:
    """Do one job."""
    if "mix" in job:
        return seed.templates(mixes.MIXES[job["mix"]])
    if "count" in job:
        orders = multiply.Multiplier(job["urls"], job["templates"]).orders(job["count"])
        return [[order.dealer, order.id, order.version] for order in orders]
    return invariants.violations(job["urls"], job["amqp_uri"], invariants.OURS)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(json.loads(sys.stdin.readline()))) + "\n")
