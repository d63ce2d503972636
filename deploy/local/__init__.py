"""The suite as processes of this machine, and people at work on it: what tests and measurements have in common.

    child         one process: started with a log of its own, signalled, stopped, killed
    installation  the environment of a prepared suite: its commands and its processes
    fleet         so many replicas of every service: killed, frozen, replaced, brought back to strength
    proc          what /proc says of processes: time, memory, ports
    desk          a service manager who takes in walk-ins and delivers their cars

It knows the product by its commands and its public interface only.
"""
