"""Adding parts to the catalogue and changing them; each change is published at once."""

from chassis import Refused, Work
from contracts.parts.catalogue import ChangePart, CreatePart
from services.parts.catalogue import price_list
from services.parts.catalogue.part import Part, known_numbers, successors_of
from services.parts.model import normalised


def create(work: Work, command: CreatePart) -> Part:
    """Add a part and publish it as an edition of its own."""
    work.advisory_lock("catalogue")
    number = normalised(command.part_number)
    if known_numbers(work, [number]):
        raise Refused("part_number_taken", part_number=number)
    part = Part(number=number)
    part.change(command, work.profile.currency, _successors(work, command.successor))
    work.add(part)
    price_list.publish(work, [part.entry()])
    return part


def change(work: Work, command: ChangePart) -> Part:
    """Change a part and publish it as an edition of its own."""
    work.advisory_lock("catalogue")
    part = work.edit(Part, command.part_id)
    part.change(command, work.profile.currency, _successors(work, command.successor))
    price_list.publish(work, [part.entry()])
    return part


def _successors(work: Work, successor: str | None) -> dict[str, str]:
    if successor is None:
        return {}
    number = normalised(successor)
    if not known_numbers(work, [number]):
        raise Refused("successor_unknown", field="successor", part_number=number)
    return successors_of(work, [number])
