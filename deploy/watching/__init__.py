"""How a running suite is watched: rules and alerts for Prometheus, dashboards for Grafana, and both as a cluster wants them.

    rules.yaml       what is made of the metrics, and when somebody is called; rules_test.yaml tries it, with promtool
    prometheus.yaml  how Prometheus finds the processes of compose.yaml
    kubernetes.py    the same rules as a resource of the Prometheus operator: deploy/kubernetes/overlays/group/alerts.yaml
    dashboards.py    what Grafana shows: dashboards/*.json

`python -m deploy.watching` writes what is generated; `make docs` does.
"""
