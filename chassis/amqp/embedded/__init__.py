"""A kombu transport that lives in one process: the same bus, to the extent the embedded mode needs it.

Promise: a publish is confirmed only when every bound consumer has acknowledged it, so nothing needs recovering after a kill.
"""
