"""What an operator may have to live through, drilled for real, and what needs an operator's tools. `make drills` runs them.

    test_brokers     three RabbitMQ nodes: killed, frozen, cut off, lost with their disk, full, replaced one by one
    test_databases   a primary with its standby: killed
    test_pooler      pgbouncer between the services and their databases
    test_broker_memory  what the broker's memory does under steady work
    test_watching    the alerts, by Prometheus' own tools and on a running suite
    test_upgrade     a release takes the place of the one before, and is taken back; by `make upgrade-drill`
    test_kubernetes  deploy/kubernetes, rendered by kubectl and held against the operators' schemas

A drill has the whole suite as real processes, two of each, and people at work meanwhile; it is judged as tests/faults judges.
What came of each stands in the printed table and in out/latest.json. A drill that lacks a tool fails and says which.
"""
