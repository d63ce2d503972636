"""The gateway: HTTP for everyone outside, and the group's registry of dealers, accounts and API clients (Rules G0, G1).

Owns: the dealer registry, accounts, API clients, sessions, access tokens; the files of attachments; the HTTP interface under /v1
and its documentation.
Publishes: `gateway.dealer.recorded`.
Consumes: nothing. Every other request it passes on by RPC to the service that owns the matter.

Capabilities, lower ones know nothing of upper ones: `dealer` (the registry), `account` (who may call, with which roles), `suite`
(what is asked of several services at once), `evidence` (the files of attachments), `http` (everything that knows of HTTP).
`model` is what mapped classes stand on; `service.py` is the nameko class in whose container the HTTP server runs; `docs/` is the
page at /docs.

All tables are the group's (Rule G1): they stand on the short list of tables that belong to no dealer.
"""
