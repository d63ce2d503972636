"""Promising: when a car can be ready and how that is worked out (Rule W6), and whether what was promised still fits (Rule W10).

No work is given out here, and nobody is told what they did not ask for: a promise is worked out, kept and watched.
"""
