"""Adding parts to the catalogue and changing them; each change is published at once."""

from chassis import Refused, Work
from contracts.parts.catalogue import ChangePart, CreatePart, PartFacts
from services.parts.catalogue import price_list
from services.parts.catalogue.part import Part, numbers_of, scanned, successors_of
from services.parts.catalogue.supply_notice import tell_new


def create(work: Work, command: CreatePart) -> Part:
    """Add a part and publish it as an edition of its own."""
    work.advisory_lock("catalogue")
    taken = numbers_of(work, [command.part_number]).find(command.part_number)
    if taken is not None:
        raise Refused("part_number_taken", part_number=taken)
    part = Part(number=command.part_number)
    _change(work, part, command)
    work.add(part)
    price_list.publish(work, [part.entry()])
    tell_new(work, [part.number])
    return part


def change(work: Work, command: ChangePart) -> Part:
    """Change a part and publish it as an edition of its own."""
    work.advisory_lock("catalogue")
    part = work.edit(Part, command.part_id)
    _change(work, part, command)
    price_list.publish(work, [part.entry()])
    return part


def _change(work: Work, part: Part, facts: PartFacts) -> None:
    successor, successors = None, {}
    if facts.successor is not None:
        successor = numbers_of(work, [facts.successor]).find(facts.successor)
        if successor is None:
            raise Refused("successor_unknown", field="successor", part_number=facts.successor)
        successors = successors_of(work, [successor])
    if facts.barcode is not None and (taken := scanned(work, facts.barcode)) not in (None, part.number):
        raise Refused("barcode_taken", field="barcode", part_number=taken)
    part.change(facts, work.profile.currency, successor, successors)
