"""The lines of a work order: labour, part, sublet; who pays them, what they cost, whether the customer wants them (Rule W4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, Hours, IdType, Money, Quantity, Refused, belongs_to, document
from contracts.shared import DeclinedLine, DeliveredLine, PartRequest, Payer, Share
from contracts.workshop.order import WorkOrderLine
from services.workshop.model import Base
from services.workshop.order.comeback_note import Repair, is_high_voltage, painted
from services.workshop.order.costing import cost_of
from services.workshop.order.share import AgreedShare, DoNotAddUp, FrozenShare, fixed, share_out, splits
from services.workshop.pricing.price_book import PriceBook, part_price


class Kind(StrEnum):
    """工时, 配件, 外加工, 旧件押金."""

    LABOUR = "labour"
    PART = "part"
    SUBLET = "sublet"
    CORE_CHARGE = "core_charge"


DONE = text("done_at IS NOT NULL")
GIVEN = text("technician IS NOT NULL AND done_at IS NULL")
NOTHING_YET: dict[str, Any] = {"shares": [], "returned_units": 0}


class State(StrEnum):
    """How far the customer's decision is."""

    DRAFT = "draft"
    QUOTED = "quoted"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_UP = "taken_up"


class OrderLine(Entity, Base):
    """One line. Its price and shares are frozen by the estimate version that quoted it; before that there are none.

    It is described as the catalogue does, which has its `name_zh` and `name_en`, or as it was typed: then it has neither.
    Labour may be given to a `technician` of its own, instead of the one who leads the order (Rule W9).
    `payers` is the agreed split, `shares` what it comes to. What was approved `under_consent` uses up the order's (Rule W7).
    A core charge is `core_of` a part line: `returned_units` of old parts came back, the rest is charged (core_charge.py).
    """

    __tablename__ = "order_line"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "number"),
        Index("order_line_given_ix", "dealer_id", "technician", postgresql_where=GIVEN, sqlite_where=GIVEN),
        Index("order_line_done_ix", "dealer_id", "done_at", postgresql_where=DONE, sqlite_where=DONE),
        Index("order_line_core_charge_ix", "dealer_id", "id", postgresql_where=text("kind = 'core_charge'")),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    number: Mapped[int]
    job: Mapped[int]
    kind: Mapped[Kind] = mapped_column(Enum(Kind, native_enum=False, length=11, values_callable=list))
    core_of: Mapped[str | None] = mapped_column(IdType)
    returned_units: Mapped[int]
    state: Mapped[State] = mapped_column(Enum(State, native_enum=False, length=10, values_callable=list))
    safety: Mapped[bool]
    description: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str | None] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(120))
    unit: Mapped[str | None] = mapped_column(String(10))
    operation_code: Mapped[str | None] = mapped_column(String(40))
    technician: Mapped[str | None] = mapped_column(String(64))
    hours_units: Mapped[int | None]
    part_number: Mapped[str | None] = mapped_column(String(40))
    quantity_units: Mapped[int | None]
    installed_units: Mapped[int | None]
    repair: Mapped[Repair | None] = mapped_column(document)
    agreed_price_minor: Mapped[int | None]
    payers: Mapped[list[AgreedShare]] = mapped_column(document)
    estimate_version: Mapped[int | None]
    unit_price_minor: Mapped[int | None]
    amount_minor: Mapped[int | None]
    shares: Mapped[list[FrozenShare]] = mapped_column(document)
    under_consent: Mapped[bool]
    approved_at: Mapped[datetime | None]
    declined_reason: Mapped[str | None] = mapped_column(String(300))
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"state": State.DRAFT, "job": 1, "safety": False, "under_consent": False, **NOTHING_YET, **values})

    @property
    def hours(self) -> Hours | None:
        """Sold hours of a labour line."""
        return None if self.hours_units is None else Hours(self.hours_units)

    @property
    def quantity(self) -> Quantity | None:
        """Quantity of a part line, as quoted and approved."""
        return None if self.quantity_units is None else Quantity(self.quantity_units)

    @property
    def installed(self) -> Quantity | None:
        """What went onto the car: the approved quantity, unless less was recorded."""
        return self.quantity if self.installed_units is None else Quantity(self.installed_units)

    @property
    def undecided(self) -> bool:
        """The customer has neither approved nor declined it."""
        return self.state in (State.DRAFT, State.QUOTED)

    @property
    def approved(self) -> bool:
        """Authority to work on it, issue for it and bill it (Rule W8)."""
        return self.state is State.APPROVED

    @property
    def on_the_car(self) -> bool:
        """Approved, and not a part of which nothing was installed: this is delivered and billed."""
        return self.approved and self.installed_units != 0

    @property
    def unfinished(self) -> bool:
        """Approved labour that is not done yet. Parts and sublet work are not clocked."""
        return self.approved and self.kind is Kind.LABOUR and self.done_at is None

    @property
    def work(self) -> tuple[Kind, str]:
        """What is to be done, whichever line it stands on."""
        what = self.operation_code or self.part_number or self.description.casefold()
        return self.kind, " ".join(filter(None, (what, self.repair and self.repair.get("panel"))))

    @property
    def begun(self) -> bool:
        """Something of it was done: labour that was clocked, a part that was recorded as installed."""
        installed = self.kind is Kind.PART and bool(self.installed_units)
        return self.begun_at is not None or self.done_at is not None or installed

    def quote(self, prices: PriceBook, version: int) -> None:
        """Freeze price and shares in this estimate version; a superseded part number becomes its successor's."""
        cost = cost_of(self, prices)
        self.part_number, self.unit_price_minor = cost.part_number, cost.unit_price_minor
        self._cost(cost.amount, cost.payers)
        self.state, self.estimate_version = State.QUOTED, version

    def withdraw_quote(self) -> None:
        """The estimate that quoted the line lapsed: it has no price again."""
        self.state, self.estimate_version = State.DRAFT, None
        self.unit_price_minor, self.amount_minor, self.shares = None, None, []

    def approve(self, at: datetime) -> None:
        """The customer wants it at the quoted price; from then on it may be worked on."""
        self.state, self.approved_at = State.APPROVED, at

    def decline(self, reason: str, *, signed: bool) -> None:
        """The customer does not want it; a safety line only with their signature (Rule W8)."""
        if self.state is not State.QUOTED:
            raise Refused("line_not_quoted", line=self.number, state=self.state.value)
        if self.safety and not signed:
            raise Refused("safety_needs_signature", line=self.number)
        self.state, self.declined_reason = State.DECLINED, reason

    def withdraw(self, reason: str) -> None:
        """The customer no longer wants what they approved; possible until something of it was done."""
        self.require_approved()
        self.require_not_begun()
        self.state, self.declined_reason, self.under_consent = State.DECLINED, reason, False

    def require_not_begun(self) -> None:
        """Raises Refused once something of it was done."""
        if self.begun:
            raise Refused("line_begun", line=self.number)

    def require_approved(self) -> None:
        """Nothing is done, installed or billed before the customer approved it (Rule W8)."""
        if not self.approved:
            raise Refused("line_not_approved", line=self.number)

    def install(self, quantity: Quantity, currency: str, amounts: Sequence[AgreedShare] = ()) -> None:
        """So much of the part went onto the car, at the frozen unit price; never more than was approved.

        Payers that agreed to amounts agree to new `amounts`, when less was installed: none to more than before.
        """
        self.require_approved()
        if self.kind is not Kind.PART:
            raise Refused("not_a_part_line", line=self.number)
        assert self.quantity is not None
        assert self.unit_price_minor is not None
        if quantity > self.quantity:
            raise Refused("more_than_approved", line=self.number, approved=str(self.quantity))
        if amounts:
            self._require_no_more(amounts, currency)
        elif fixed(self.payers) and not quantity.units:
            amounts = [AgreedShare(payer=share["payer"], minor=0) for share in self.payers]
        self._cost(part_price(Money(self.unit_price_minor, currency), quantity), amounts or self.payers)
        self.installed_units = quantity.units

    def charge(self, amount: Money, payers: Sequence[AgreedShare]) -> None:
        """This is what the line comes to, and who pays it."""
        self._cost(amount, payers)
        self.payers = list(payers)

    def _require_no_more(self, amounts: Sequence[AgreedShare], currency: str) -> None:
        agreed = {share["payer"]: share["minor"] for share in self.payers if "minor" in share}
        for share in amounts:
            most = agreed.get(share["payer"], 0)
            if share["minor"] > most:
                most_money = Money(most, currency).plain()
                raise Refused("share_above_agreed", line=self.number, payer=share["payer"], agreed=most_money)

    def _cost(self, amount: Money, payers: Sequence[AgreedShare]) -> None:
        try:
            self.shares = share_out(amount.minor, payers)
        except DoNotAddUp:
            raise Refused("shares_do_not_add_up", line=self.number, amount=amount.plain()) from None
        self.amount_minor = amount.minor

    def describe(self, currency: str) -> WorkOrderLine:
        """The line as it stands."""
        return WorkOrderLine(
            line_id=self.id,
            number=self.number,
            job=self.job,
            kind=self.kind.value,
            core_of=self.core_of,
            returned=Quantity(self.returned_units) if self.core_of else None,
            **{name: getattr(self, name) for name in ("description", "name_zh", "name_en", "unit")},
            operation_code=self.operation_code,
            technician=self.technician,
            hours=self.hours,
            part_number=self.part_number,
            quantity=self.quantity,
            installed=None if self.installed_units is None else self.installed,
            **painted(self.repair),
            safety=self.safety,
            high_voltage=is_high_voltage(self.repair),
            state=self.state.value,
            estimate_version=self.estimate_version,
            payers=splits(self.payers, currency),
            amount=None if self.amount_minor is None else self.amount(currency),
            shares=self._shares(currency),
            declined_reason=self.declined_reason,
            done_at=self.done_at,
        )

    def delivered(self, currency: str) -> DeliveredLine:
        """The line as the customer accepts it and the payers are billed."""
        return DeliveredLine(
            line_id=self.id,
            number=self.number,
            kind=self.kind.value,
            description=self.description,
            operation_code=self.operation_code,
            hours=self.hours,
            part_number=self.part_number,
            quantity=self.installed,
            amount=self.amount(currency),
            shares=self._shares(currency),
        )

    def as_declined(self) -> DeclinedLine:
        """The line as work the customer did not want."""
        assert self.declined_reason is not None
        return DeclinedLine(
            line_id=self.id,
            kind=self.kind.value,
            description=self.description,
            reason=self.declined_reason,
            safety=self.safety,
            operation_code=self.operation_code,
            part_number=self.part_number,
        )

    def part_request(self) -> PartRequest:
        """The part of the line, as the stock is asked for it."""
        assert self.part_number is not None
        assert self.quantity is not None
        return PartRequest(line_id=self.id, part_number=self.part_number, quantity=self.quantity)

    def amount(self, currency: str) -> Money:
        """The frozen price."""
        assert self.amount_minor is not None, "an unquoted line has no price"
        return Money(self.amount_minor, currency)

    def split(self, currency: str) -> list[tuple[Payer, Money]]:
        """What each payer owes of it."""
        return [(share["payer"], Money(share["minor"], currency)) for share in self.shares]

    def _shares(self, currency: str) -> list[Share]:
        return [Share(payer=payer, amount=amount) for payer, amount in self.split(currency)]


def total(lines: Iterable[OrderLine], currency: str, *kinds: Kind) -> Money:
    """What these lines come to, or those of some kinds."""
    return Money.total((line.amount(currency) for line in lines if not kinds or line.kind in kinds), currency)
