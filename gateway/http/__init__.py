"""HTTP: how a request becomes a call of a service, and its answer or refusal a response. No rules of the trade live here.

A request passes: `server` (sockets) -> `app` (Flask) -> `guard` (token, dealer, role, headers, body) -> `api` (a view per route
of the contracts, the contract's schema) -> `dispatch` (RPC, or the gateway's own executor) -> `problems` when the answer is no.
"""
