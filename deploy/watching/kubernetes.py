"""The rules as the Prometheus operator takes them: the same text, in a resource."""

from pathlib import Path
from textwrap import indent

HERE = Path(__file__).parent
RULES = HERE / "rules.yaml"
ALERTS = HERE.parent / "kubernetes/overlays/group/alerts.yaml"

_HEAD = """\
# Generated from deploy/watching/rules.yaml by `make docs`; edit that, not this file.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: servicelane
  labels: { app.kubernetes.io/part-of: servicelane, app.kubernetes.io/component: process }
spec:
"""


def render() -> str:
    """The whole resource. `up` is of the PodMonitor, whose job the operator names by namespace and monitor."""
    groups = "groups:\n" + RULES.read_text(encoding="utf-8").partition("groups:\n")[2]
    return _HEAD + indent(groups.replace('job="servicelane"', 'job=~".*servicelane"'), "  ", lambda line: line != "\n")
