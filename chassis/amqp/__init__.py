"""The broker: connections, consumers, confirmed publishing, topology; `embedded/` is the same bus inside one process.

Promise: a message is confirmed or known not to be. Nothing here knows the database: what a message does is not decided here.
"""
