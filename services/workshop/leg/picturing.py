"""Photos of a leg, kept as those of an order (Rules B14 and W31)."""

from chassis import Refused, Work
from contracts.workshop.leg import LegState
from contracts.workshop.leg_evidence import RecordLegAttachment
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.volume import count
from services.workshop.leg.leg import Leg

PICTURED: tuple[LegState, ...] = ("under_way", "done", "failed")
"""States of a leg of which there is something to see."""


def record_attachment(work: Work, command: RecordLegAttachment) -> Attachment:
    """The leg itself stays as it is. Raises Refused for one that nobody has begun, or that is off."""
    leg = work.get(Leg, command.leg_id)
    if leg.state not in PICTURED:
        raise Refused("leg_not_open", state=leg.state)
    attachment = Attachment.keep(command, by=work.actor, at=work.now, visit_id=leg.visit_id, leg_id=leg.id, kind="other")
    count(work, command.file, command.most_bytes)
    work.add(attachment)
    return attachment
