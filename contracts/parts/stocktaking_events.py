"""What parts announces of stocktakes (Rule P6)."""

from chassis.wire import Event, Id
from contracts.parts.catalogue import AbcClass
from contracts.parts.stocktaking import StocktakeNumber, StocktakeState
from contracts.shared import BinLocation


class StocktakeEvent(Event):
    """What every event of a stocktake (盘点) tells: which it is, and how it stands."""

    stocktake_id: Id
    number: StocktakeNumber
    state: StocktakeState
    zone: BinLocation | None = None
    abc_class: AbcClass | None = None
    parts: int


class StocktakeOpened(StocktakeEvent, type="parts.stocktake.opened"):
    """Its bins are frozen, and counted."""


class StocktakeApproved(StocktakeEvent, type="parts.stocktake.approved"):
    """Its differences are booked, and its bins are free; `differing` parts were."""

    differing: int


class StocktakeCancelled(StocktakeEvent, type="parts.stocktake.cancelled"):
    """Nothing was booked, and its bins are free."""
