"""The work order itself: its columns, jobs and lines, what they come to, and which transitions its status has.

Everything that is done to an order stands on this; what needs an estimate, a clocking or a delivery lives in the capability that
owns those, as functions on the order.
"""
