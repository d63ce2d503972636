"""Queries of slips."""

from sqlalchemy import select

from chassis import Work, page
from contracts.parts.issuing import GetSlip, ListSlips, Slips
from services.parts.issuing.slip import Slip


def get_slip(work: Work, query: GetSlip) -> Slip:
    """The slip as it was signed."""
    return work.get(Slip, query.slip_id)


def list_slips(work: Work, query: ListSlips) -> Slips:
    """Those of one order; none of an order for which nothing changed hands."""
    found, cursor = page(work, select(Slip).where(Slip.work_order_id == query.work_order_id), query, keys=[Slip.id])
    return Slips(items=[one.describe() for one in found], next_cursor=cursor)
