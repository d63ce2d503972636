"""The inbox: which messages a subscriber has done. A row is written only together with the effect it stands for."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.store.sql import dialect

_CLAIM = {
    "postgresql": text(
        "INSERT INTO inbox (subscriber, message_id) "
        "SELECT * FROM unnest(CAST(:subscribers AS text[]), CAST(:ids AS text[])) "
        "ON CONFLICT DO NOTHING RETURNING subscriber, message_id"
    ),
    "sqlite": text(
        "INSERT INTO inbox (subscriber, message_id) "
        "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:pairs) WHERE true "
        "ON CONFLICT DO NOTHING RETURNING subscriber, message_id"
    ),
}


def claim(session: Session, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Mark these (subscriber, message id) pairs as done and return those that were not before, in one statement.

    Waits for another replica that holds one of them: it commits (then it is a double) or not (then it is ours).
    """
    if not keys:
        return set()
    if dialect(session) == "postgresql":
        parameters: dict[str, object] = {"subscribers": [key[0] for key in keys], "ids": [key[1] for key in keys]}
    else:
        parameters = {"pairs": json.dumps(keys)}
    return {(row.subscriber, row.message_id) for row in session.connection().execute(_CLAIM[dialect(session)], parameters)}


def fingerprint(body: str) -> str:
    """A stable id for a message that carries none."""
    return hashlib.sha256(body.encode()).hexdigest()
