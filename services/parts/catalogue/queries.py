"""Queries of the catalogue. Searching it, which tells what there is of each part, is a query of stock."""

from chassis import Work
from contracts.parts.catalogue import GetCataloguePart
from services.parts.catalogue.part import Part


def get_catalogue_part(work: Work, query: GetCataloguePart) -> Part:
    """One part of the catalogue."""
    return work.get(Part, query.part_id)
