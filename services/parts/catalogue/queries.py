"""Queries of the catalogue."""

from sqlalchemy import or_, select

from chassis import Work, page
from contracts.parts.catalogue import CatalogueParts, ListParts
from services.parts.catalogue.part import Part


def list_parts(work: Work, query: ListParts) -> CatalogueParts:
    """A number is searched for by its beginning, a name by any piece of it."""
    found = select(Part)
    if query.search:
        words = query.search.strip()
        found = found.where(
            or_(
                Part.number.startswith(words.upper(), autoescape=True),
                Part.name_zh.contains(words, autoescape=True),
                Part.name_en.icontains(words, autoescape=True),
            )
        )
    items, cursor = page(work, found, query, keys=[Part.number])
    return CatalogueParts(items=[part.describe() for part in items], next_cursor=cursor)
