"""The unit of work: what a use case is given, and what runs it - one transaction, one effect, one answer.

Promise: state, announced events and the idempotency record are committed together or not at all. No bus lives here.
"""
