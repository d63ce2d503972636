"""What travels: messages, their values and envelopes, typed errors, the context of a call.

Promise: a value that was read keeps its rule, and is written as it was read. No I/O, no database, no bus lives here.
"""
