"""The idempotency record: a command has its effect once, and a repeat is answered as the first one was.

The record is claimed before the rules are asked and stored with the effect, in one transaction: concurrent repeats wait for
the first, and when the first is refused nothing stays behind and the next one is tried afresh. A command without a key of
its own uses the id of its message, so that a redelivery after a crash is recognised too.
"""

from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from chassis.call import Call
from chassis.errors import KeyReused
from chassis.sql import insert_new
from chassis.tables import idempotency


class Record:
    """The record of one command's key within one transaction."""

    def __init__(self, session: Session, call: Call, message_id: str) -> None:
        self._session = session
        self._request_hash = call.request_hash
        self._identity = {
            "dealer_id": call.dealer or "",
            "principal": call.principal,
            "key": call.idempotency_key or f"message:{message_id}",
        }

    def claim(self) -> bool:
        """Take the key for this transaction; False when it is done already. Waits for another transaction holding it."""
        claimed = self._session.execute(
            insert_new(self._session, idempotency, idempotency.c.key), {**self._identity, "request_hash": self._request_hash}
        )
        return claimed.first() is not None

    def answer(self) -> Any:
        """What the first one answered. Raises KeyReused when the key was used for another request."""
        found = self._session.execute(select(idempotency.c.request_hash, idempotency.c.answer).where(self._matches())).one()
        if found.request_hash != self._request_hash:
            raise KeyReused("idempotency_key_reused")
        return found.answer

    def store(self, answer: Any) -> None:
        """Keep the answer together with the effect."""
        self._session.execute(update(idempotency).where(self._matches()).values(answer=answer))

    def _matches(self) -> Any:
        return and_(*(idempotency.c[name] == value for name, value in self._identity.items()))
