"""Correcting the record of stock."""

from chassis import Refused, Work, new_id
from contracts.parts.receiving import CorrectStock
from contracts.parts.stock import Move
from services.parts.catalogue.part import numbers_of
from services.parts.reservation.queue import share_out
from services.parts.stock.move import Origin
from services.parts.stock.stock import open_stock


def correct(work: Work, command: CorrectStock) -> Move:
    """Correct the stock of a part; who waits for it gets what was found, and whose parts are gone is short at once."""
    if command.from_location == command.to_location:
        raise Refused("same_location", field="to_location")
    if "bin" not in (command.from_location, command.to_location):
        raise Refused("bin_not_involved", field="from_location")
    catalogue = numbers_of(work, [command.part_number])
    number = catalogue.known(command.part_number)
    catalogue.require_whole("quantity", command.part_number, command.quantity)
    stock = open_stock(work, [number])
    move = stock.move(
        "corrected",
        number,
        command.quantity.units,
        command.from_location,
        command.to_location,
        origin=Origin(new_id(), reason=command.reason),
    )
    share_out(work, stock, {number}, taken={number})
    return move.describe(work.profile.currency)
