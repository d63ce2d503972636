"""The idempotency record: a command has its effect once, and a repeat is answered as the first one was.

The record takes its key and is stored in one statement, with the effect, in one transaction. Of concurrent repeats all but the
first wait there for the first one to commit, undo what they did, and answer from its record. A refusal stores nothing, so that
the next one is tried afresh; and what is refused is answered from the record if it was done before. A command without a key of
its own uses the id of its message, so that a redelivery after a crash is recognised too.
"""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from chassis.store.sql import insert_new
from chassis.store.tables import idempotency
from chassis.wire.call import Call
from chassis.wire.errors import KeyReused
from chassis.wire.replayed import Replayed

_ANSWERED = select(idempotency.c.request_hash, idempotency.c.answer).where(
    *(column == bindparam(column.name) for column in idempotency.primary_key)
)


class Record:
    """The record of one command's key."""

    def __init__(self, call: Call, message_id: str) -> None:
        self._request_hash = call.request_hash
        self._same_request = {call.request_hash, call.request_hash_before or call.request_hash}
        self._identity = {
            "dealer_id": call.dealer or "",
            "principal": call.principal,
            "key": call.idempotency_key or f"message:{message_id}",
        }

    def store(self, session: Session, answer: Any) -> bool:
        """Keep the answer together with the effect; False when there is one already. Waits for another transaction storing it."""
        insert = insert_new(session, idempotency, idempotency.c.key)
        row = {**self._identity, "request_hash": self._request_hash, "answer": answer}
        return session.connection().execute(insert, row).first() is not None

    def find(self, session: Session) -> Replayed | None:
        """What the first one answered. Raises KeyReused when the key was used for another request."""
        found = session.connection().execute(_ANSWERED, self._identity).one_or_none()
        if found is None:
            return None
        if found.request_hash not in self._same_request:
            raise KeyReused("idempotency_key_reused")
        return Replayed(found.answer)
