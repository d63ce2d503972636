"""The gateway: the one door for HTTP, and the group's registry of dealers, accounts and API clients (Rules G0, G1).

Owns: the dealer registry, accounts, API clients, access tokens; the HTTP interface under /v1 and its documentation.
Publishes: `gateway.dealer.recorded`.
Consumes: nothing. Everything else it is asked it passes on by RPC to the service whose matter it is.

`domain/` holds the registry and the accounts like the rooms of any service, `http/` everything that knows of HTTP, `docs/` the
page at /docs; `service.py` is the nameko class in whose container the HTTP server runs.
"""
