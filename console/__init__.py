"""The console: what staff see in a browser. Server-rendered, and nothing but a client of the gateway's published HTTP interface.

It keeps no data, knows no rule of the trade and nothing of gateway, services or contracts. What a person may do it reads from the
interface's own document, what is wrong with an entry from the gateway's answer. Any number of replicas may run.

Reading order: `screens/` (one module a screen: what it reads, what can be done there), `page.py` (how a page is shown and an
action is sent), `action.py`, `form.py` and `filled.py` (the invisible protocol: keys, versions, typing that is never lost),
`gateway.py`, `session.py`.
"""
