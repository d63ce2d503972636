"""The price list as it is published: in editions, each in chunks that its readers take one at a time."""

from collections.abc import Sequence

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from chassis import Aggregate, Entity, Work, derived_id
from contracts.parts.events import PriceEntry, PriceListPublished
from services.parts.model import Base

CHUNK = 500


class PriceList(Entity, Base):
    """A dealer's price list; `edition` counts what was published of it."""

    __tablename__ = "price_list"

    edition: Mapped[int]


class PriceListChunk(Aggregate, Base):
    """A published part of an edition: an aggregate of its own, because each announces one event."""

    __tablename__ = "price_list_chunk"
    __table_args__ = (UniqueConstraint("dealer_id", "edition", "chunk", name="price_list_chunk_edition_key"),)

    edition: Mapped[int]
    chunk: Mapped[int]
    chunks: Mapped[int]


def publish(work: Work, entries: Sequence[PriceEntry]) -> int:
    """Announce these parts as the next edition; its number. The caller holds the catalogue's lock."""
    price_list = work.lock_or_create(PriceList, {"id": derived_id("price_list", work.dealer)}, edition=0)
    price_list.edition += 1
    chunks = -(-len(entries) // CHUNK)
    for number in range(1, chunks + 1):
        chunk = PriceListChunk(edition=price_list.edition, chunk=number, chunks=chunks)
        parts = list(entries[(number - 1) * CHUNK : number * CHUNK])
        chunk.announce(PriceListPublished(edition=chunk.edition, chunk=number, chunks=chunks, parts=parts))
        work.add(chunk)
        work.yield_control()
    return price_list.edition
