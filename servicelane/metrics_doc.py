"""docs/metrics.md, made of the metrics themselves: `python -m servicelane.metrics_doc`."""

from chassis.process.metrics import Described, described

HEAD = """\
# Metrics

Generated from `chassis/process/metrics.py` by `make docs`; edit that, not this file.

Every process serves them at `/metrics` of its `PROBE_ADDRESS`, in Prometheus' text format. Each series has the label `service`,
which a scrape must leave as it is (`honor_labels`): in the embedded mode one process is several services. What is known to come
stands at zero from the start. What is done with them: [operating](operating.md).

| metric | type | labels beside `service` | what it says |
|---|---|---|---|
"""

TAIL = """
Beside them stand `servicelane_process_*` of the metrics library: processor time, memory, open files and start of the process.
`servicelane reconcile --textfile` writes two for a node exporter: `servicelane_reconcile_findings`, and when that was,
`servicelane_reconcile_finished_seconds`.

## Buckets

"""


def render() -> str:
    """The whole document."""
    families = list(described())
    rows = [f"| `{one.name}` | {one.kind} | {_labels(one)} | {one.text} |" for one in families]
    buckets: dict[tuple[float, ...], list[str]] = {}
    for one in families:
        if one.buckets:
            buckets.setdefault(one.buckets, []).append(f"`{one.name}`")
    steps = [f"- {', '.join(names)}: {', '.join(f'{edge:g}' for edge in edges)}" for edges, names in buckets.items()]
    return HEAD + "\n".join(rows) + "\n" + TAIL + "\n".join(steps) + "\n"


def _labels(one: Described) -> str:
    return ", ".join(f"`{label}`" for label in one.labels if label != "service") or "–"


if __name__ == "__main__":
    print(render(), end="")
