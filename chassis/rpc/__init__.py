"""Remote calls: a client that keeps its deadline, a server that drops what is past it; errors arrive typed.

Promise: every call ends in an answer, a typed error, or a known unknown outcome (504). What a command does is not decided here.
"""
