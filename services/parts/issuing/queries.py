"""Queries of slips."""

from chassis import Work
from contracts.parts.issuing import GetSlip
from services.parts.issuing.slip import Slip


def get_slip(work: Work, query: GetSlip) -> Slip:
    """The slip as it was signed."""
    return work.get(Slip, query.slip_id)
