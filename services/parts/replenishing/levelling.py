"""Setting a part's levels by hand, and having them worked out again (Rule P4)."""

from chassis import NotFound, Work
from contracts.parts.level import DropStockLevel, SetStockLevel
from services.parts.catalogue.part import numbers_of
from services.parts.purchasing.watch import look_within_the_hour
from services.parts.replenishing.level import StockLevel


def put_level(work: Work, command: SetStockLevel) -> StockLevel:
    """Set them. Raises Invalid for half of what is counted, NotFound for a part that the catalogue does not have."""
    catalogue = numbers_of(work, [command.part_number])
    number = catalogue.known(command.part_number)
    for name in ("reorder_point", "order_up_to"):
        catalogue.require_whole(name, command.part_number, getattr(command, name))
    work.advisory_lock("stock_level")
    identity = StockLevel.id_for(number)
    if work.find(StockLevel, identity) is None:
        found = StockLevel(id=identity, part_number=number)
        work.add(found)
    else:
        found = work.edit(StockLevel, identity)
    found.put(command.reorder_point, command.order_up_to, at=work.now, by=work.actor)
    look_within_the_hour(work)
    return found


def drop_level(work: Work, command: DropStockLevel) -> StockLevel:
    """Work them out again. Raises NotFound where nothing was set."""
    number = numbers_of(work, [command.part_number]).of(command.part_number)
    found = work.edit(StockLevel, StockLevel.id_for(number))
    if not found.by_hand:
        raise NotFound("not_found", kind="stock_level", id=number)
    found.drop(at=work.now, by=work.actor)
    return found
