"""Queries of the catalogue."""

from sqlalchemy import or_, select

from chassis import Work, page
from chassis.wire.keys import bare
from chassis.wire.searching import writings
from contracts.parts.catalogue import CatalogueParts, GetCataloguePart, ListParts
from contracts.shared import BARCODE
from services.parts.catalogue.part import Part


def get_catalogue_part(work: Work, query: GetCataloguePart) -> Part:
    """One part of the catalogue."""
    return work.get(Part, query.part_id)


def list_parts(work: Work, query: ListParts) -> CatalogueParts:
    """Both sides are folded alike: a number is found with or without its dashes, a name without its accents or by pinyin."""
    found = select(Part)
    if query.search:
        found = found.where(
            or_(
                Part.number_key.contains(bare(query.search), autoescape=True),
                Part.barcode_key == BARCODE.key(query.search),
                *(Part.names.contains(one, autoescape=True) for one in writings(query.search)),
            )
        )
    items, cursor = page(work, found, query, keys=[Part.number])
    return CatalogueParts(items=[part.describe() for part in items], next_cursor=cursor)
