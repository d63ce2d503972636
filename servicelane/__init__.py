"""The composition root: the command line, the embedded suite, the demo and the operators' tools.

Here, and only here, all services are known at once.
"""
