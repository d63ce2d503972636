"""The idempotency record: a command has its effect once, and a repeat is answered as the first one was.

The record is claimed before the rules are asked and stored with the effect, in one transaction: concurrent repeats wait for
the first, and when the first is refused nothing stays behind and the next one is tried afresh. A command without a key of
its own uses the id of its message, so that a redelivery after a crash is recognised too.
"""

from typing import Any

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from chassis.store.sql import insert_new
from chassis.store.tables import idempotency
from chassis.wire.call import Call
from chassis.wire.errors import KeyReused
from chassis.wire.replayed import Replayed

_IDENTITY = and_(*(column == bindparam(f"of_{column.name}") for column in idempotency.primary_key))
_ANSWERED = select(idempotency.c.request_hash, idempotency.c.answer).where(_IDENTITY)
_STORE = update(idempotency).where(_IDENTITY).values(answer=bindparam("answered"))


class Record:
    """The record of one command's key within one transaction."""

    def __init__(self, session: Session, call: Call, message_id: str) -> None:
        self._connection = session.connection()
        self._insert = insert_new(session, idempotency, idempotency.c.key)
        self._request_hash = call.request_hash
        self._identity = {
            "dealer_id": call.dealer or "",
            "principal": call.principal,
            "key": call.idempotency_key or f"message:{message_id}",
        }
        self._of = {f"of_{name}": value for name, value in self._identity.items()}

    def claim(self) -> bool:
        """Take the key for this transaction; False when it is done already. Waits for another transaction holding it."""
        claimed = self._connection.execute(self._insert, {**self._identity, "request_hash": self._request_hash})
        return claimed.first() is not None

    def answer(self) -> Replayed:
        """What the first one answered. Raises KeyReused when the key was used for another request."""
        found = self._connection.execute(_ANSWERED, self._of).one()
        if found.request_hash != self._request_hash:
            raise KeyReused("idempotency_key_reused")
        return Replayed(found.answer)

    def store(self, answer: Any) -> None:
        """Keep the answer together with the effect."""
        self._connection.execute(_STORE, {**self._of, "answered": answer})
