"""Identifiers: UUIDv7 for what is new (sortable by time), UUIDv5 for what another fact already determines."""

from uuid import UUID, uuid5

from uuid6 import uuid7

_SERVICELANE = UUID("6f1c4d0a-3c55-5a0e-9a55-5e1a1ce1a9e0")


def new_id() -> str:
    """A new identifier; later ones sort after earlier ones."""
    return str(uuid7())


def derived_id(*facts: object) -> str:
    """The identifier that these facts determine: the same facts give the same identifier, on every replica and for ever."""
    return str(uuid5(_SERVICELANE, "\x1f".join(str(fact) for fact in facts)))
