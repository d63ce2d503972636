"""The stocktake (盘点): bins are frozen, counted blind, counted again by somebody else where it differs, approved (Rule P6)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, text, whole
from contracts.parts.catalogue import AbcClass
from contracts.shared import (
    AmountOrNone,
    Barcode,
    BinLocation,
    Listing,
    Page,
    PartNumber,
    Price,
    Reason,
    Reference,
    one_to,
)

A_DAYS, B_DAYS, C_DAYS = 90, 180, 365
"""After so many days a part of each class is counted again, until the dealer sets something else."""

StocktakeState = Literal["counting", "booking", "approved", "cancelled"]
"""盘点中, 入账中, 已批准, 已取消. `booking`: approved, and the last of its differences are being booked."""

StocktakeNumber = Annotated[str, text(20)]
Days = Annotated[int, whole(1, 1000)]


class StocktakeSummary(Part):
    """A stocktake as the list shows it: `zone` and `abc_class` say what is counted, `parts` how many parts stand on its sheet."""

    id: Id
    version: int
    number: StocktakeNumber
    state: StocktakeState
    zone: BinLocation | None = None
    abc_class: AbcClass | None = None
    parts: int
    opened_by: str
    opened_at: datetime


class Stocktake(Answer, StocktakeSummary):
    """A stocktake, and how far it is; what the counts differ from the books by is told once it is approved."""

    settled: int
    to_count: int
    to_count_again: int
    approved_by: str | None = None
    approved_at: datetime | None = None
    cancelled_because: str | None = None
    differing: int | None = None
    missing: Money | None = None
    found: Money | None = None


class Stocktakes(Answer, Page):
    """A page of stocktakes, the newest first."""

    items: list[StocktakeSummary]


class SheetLine(Part):
    """A part that is to be counted: never what the books say of it. `again`: it was counted, and counts no more or differs."""

    part_number: PartNumber
    name_zh: str
    name_en: str
    unit: str
    barcode: Barcode | None = None
    bin_location: BinLocation | None = None
    again: bool


class CountSheet(Answer, Page):
    """What is left to count for whoever asks, by place; `for_others` is what they counted last, which somebody else must."""

    items: list[SheetLine]
    left: int
    for_others: int


class CountedPart(Part):
    """What somebody counted of a part."""

    part_number: PartNumber
    name_zh: str
    name_en: str
    bin_location: BinLocation | None = None
    quantity: Quantity


class Counted(Answer):
    """What was taken down of a batch of counts, part by part, and how much of the sheet is left."""

    items: list[CountedPart]
    left: int


class OneCount(Part):
    """One count of a part."""

    counted_by: str
    counted_at: datetime
    quantity: Quantity


class Difference(Part):
    """A part of which another quantity was counted than the books say, and what that is worth; `counts`, the oldest first."""

    part_number: PartNumber
    name_zh: str
    name_en: str
    bin_location: BinLocation | None = None
    booked: Quantity
    counted: Quantity
    difference: Quantity
    value: Money
    counts: list[OneCount]


class Differences(Answer, Page):
    """A page of what differs, by part number."""

    items: list[Difference]


class DueClass(Part):
    """Of one ABC class: how many parts lie in bins, and how many of them were not counted for so many days."""

    abc_class: AbcClass
    every_days: int
    parts: int
    due: int


class DueCounts(Answer):
    """What is due to be counted, by ABC class (循环盘点)."""

    as_of: datetime
    classes: list[DueClass]


class StocktakingSettings(Answer):
    """Up to what worth of differences who approves a stocktake, and how often parts of which class are counted."""

    id: Id
    version: int
    clerk_limit: Money
    manager_limit: Money | None = None
    a_days: int
    b_days: int
    c_days: int


class OpenStocktake(Command, service="parts", answer=Stocktake):
    """Open a stocktake.

    All parts that lie in the bins of a zone, or of the whole store; or, of an ABC class, those that are due, the longest not
    counted first. Their bins are frozen until it is approved or cancelled: nothing is received, issued, returned or corrected
    there. What a delivered order takes is never refused; such a part is counted again. Refused where another stocktake counts
    already.
    """

    zone: BinLocation | None = None
    abc_class: AbcClass | None = None
    most: Annotated[int, whole(1, 2000)] = 100


class CountedCode(Part):
    """So much of what was scanned: our number, the part's barcode, or a supplier's number that means one part."""

    code: Barcode
    quantity: AmountOrNone


class CountParts(Command, service="parts", answer=Counted):
    """Take down what was counted.

    As it was scanned; a part that was scanned twice in a batch is added up. Who counted a part last does not count it next. A
    batch with a key of its own is taken down once, however late and however often it comes; what moved since `counted_at` is
    counted again.
    """

    stocktake_id: Id
    batch: Reference | None = None
    counted_at: datetime | None = None
    lines: list[CountedCode] = one_to(200)


class ApproveStocktake(Command, service="parts", answer=Stocktake):
    """Approve a stocktake.

    Once every count agrees with the books or with somebody else's. What differs is booked, each part once, and the bins are
    free. Refused to who counted what differs, and above the limit of whoever approves.
    """

    stocktake_id: Id


class CancelStocktake(Command, service="parts", answer=Stocktake):
    """Cancel a stocktake.

    Nothing is booked, and its bins are free.
    """

    stocktake_id: Id
    reason: Reason


class GetStocktake(Query, service="parts", answer=Stocktake):
    """A stocktake.

    With how far it is.
    """

    stocktake_id: Id


class ListStocktakes(Query, Listing, service="parts", answer=Stocktakes):
    """Stocktakes.

    In a state, if one is given; the newest first.
    """

    state: StocktakeState | None = None


class GetCountSheet(Query, Listing, service="parts", answer=CountSheet):
    """What is left to count.

    By place, for whoever asks; without what the books say.
    """

    stocktake_id: Id


class ListDifferences(Query, Listing, service="parts", answer=Differences):
    """What a stocktake found to differ.

    Refused while something is left to count: nobody who counts sees what the books say.
    """

    stocktake_id: Id


class ListDueCounts(Query, service="parts", answer=DueCounts):
    """What is due to be counted.

    By ABC class, which follows from the turnover of a year.
    """


class GetStocktakingSettings(Query, service="parts", answer=StocktakingSettings):
    """Limits and intervals of stocktakes.

    Up to what worth of differences who approves, and how often parts of which class are counted.
    """


class SetStocktakingSettings(Command, service="parts", answer=StocktakingSettings):
    """Set limits and intervals of stocktakes.

    Without a limit, the service manager approves every stocktake.
    """

    clerk_limit: Price
    manager_limit: Price | None = None
    a_days: Days = A_DAYS
    b_days: Days = B_DAYS
    c_days: Days = C_DAYS
