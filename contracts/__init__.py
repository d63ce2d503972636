"""The published language of ServiceLane: events with their subscribers, and what RPC and HTTP take and return.

Data only: no rules, no I/O. One folder per publishing service. `events`, `routes` and `refusals` are tables of the whole service;
every other module is a capability: its commands, its queries and what they answer. `shared` has what several of them are made of.
`samples/` keeps one golden JSON per event version: added, never edited.
"""
