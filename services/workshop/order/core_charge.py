"""Core charges (旧件押金) of an order's part lines: billed with the part, less what old parts came back (Rule P1).

A core charge is a line of its own that goes wherever its part line goes; nobody decides on it by itself. It is quoted with its
part at the charge of the price list and stays so, as the part's price does.
"""

from collections.abc import Iterable, Sequence

from chassis import Money, Quantity, Refused
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.share import AgreedShare, FrozenShare, fixed, share_out
from services.workshop.pricing.price_book import part_price


def with_core_charges(lines: Sequence[OrderLine], among: Iterable[OrderLine]) -> list[OrderLine]:
    """These lines, and the core charges that go with them. Raises Refused for a core charge that is named by itself."""
    for line in lines:
        if line.kind is Kind.CORE_CHARGE:
            raise Refused("core_charge_follows_part", line=line.number)
    wanted = {line.id for line in lines}
    return [*lines, *(one for one in among if one.core_of in wanted)]


def core_charge_of(part: OrderLine) -> OrderLine:
    """The line for the core charge of a part line that is to be quoted."""
    return OrderLine(
        kind=Kind.CORE_CHARGE,
        core_of=part.id,
        job=part.job,
        description=part.description,
        name_zh=part.name_zh,
        name_en=part.name_en,
        unit=part.unit,
        part_number=part.part_number,
        quantity_units=part.quantity_units,
        payers=as_their_part(part.payers),
    )


def as_their_part(payers: Sequence[AgreedShare]) -> list[AgreedShare]:
    """Who pays the core charge: those who pay the part, in proportion. Amounts were agreed for the part alone."""
    return [AgreedShare(payer=one["payer"], weight=one["minor"]) for one in payers] if fixed(payers) else list(payers)


def recharge(core: OrderLine, part: OrderLine, currency: str) -> None:
    """Charge for what is on the car, less the old parts that came back."""
    assert part.installed is not None
    assert core.unit_price_minor is not None
    units = max(part.installed.units - core.returned_units, 0)
    core.charge(part_price(Money(core.unit_price_minor, currency), Quantity(units)), core.payers)
    core.installed_units = units


def receive(core: OrderLine, part: OrderLine, quantity: Quantity, currency: str) -> list[FrozenShare]:
    """So many old parts came back: charge for the rest. Nobody pays more than before. Answers what the shares were.

    Raises Refused for more than is still charged for.
    """
    assert core.installed is not None
    if quantity > core.installed:
        raise Refused("more_than_charged", line=part.number, charged=str(core.installed))
    before = core.shares
    core.returned_units += quantity.units
    recharge(core, part, currency)
    assert core.amount_minor is not None
    core.shares = share_out(core.amount_minor, core.payers, at_most=before)  # rounding may give somebody more of a smaller sum
    return before
