"""What the projections say of a row, read beside it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import column_property


def said_of(owner: Any, value: Any, owner_id: Any, *which: Any) -> Any:
    """A column of `owner`: what another table says of it, the row whose `owner_id` it is; only who describes it asks."""
    its = owner_id.class_.dealer_id == owner.dealer_id, owner_id == owner.id
    found = select(value).where(*its, *which).limit(1)
    return column_property(found.correlate(owner.__table__).scalar_subquery(), deferred=True)
