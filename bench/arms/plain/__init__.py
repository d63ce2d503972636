"""The same job without ServiceLane: tables of comparable rows, the facts in them, and the work of each role.

What the yardstick (F1, F2) and the peers (P1, P2) have in common. Nothing here imports the chassis or a service.
"""
