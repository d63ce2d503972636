"""Work on the car: dispatch, clocking, waiting, installed parts, the quality check, and the board (Rules W9, W11, W22).

Technicians clock while the advisor edits, so a clocking is an aggregate of its own. What may be worked on was agreed elsewhere.
"""
