"""A lift, machine, gauge or tool of the dealer (Rule W21)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Invalid, Refused, document
from chassis.wire.ahead import YEAR, require_within
from contracts.shared import BAY
from contracts.workshop import equipment as contract
from contracts.workshop.equipment import EQUIPMENT_CODE, Condition, EquipmentKind, LentTo, ServiceResult
from contracts.workshop.equipment_events import EquipmentRegistered, EquipmentRetired, EquipmentServiced
from services.workshop.model import Base

IN_USE: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("retired_because IS NULL"))
IN_A_BAY = ("lift", "machine")
LENT_OUT = ("gauge", "tool")
MUST_BE_DUE = ("lift", "gauge")
"""Of these it is always known when they are to be looked after: otherwise none of them would ever be overdue."""


class Equipment(Aggregate, Base):
    """One entry of the register. `due_on` is the last day on which it is in order; what failed is not, whatever the day."""

    __tablename__ = "equipment"
    __table_args__ = (
        UniqueConstraint("dealer_id", "code_key"),
        Index("equipment_due_ix", "dealer_id", "due_on", "id", **IN_USE),
        Index("equipment_bay_ix", "dealer_id", "bay_key", **IN_USE),
        Index("equipment_kind_ix", "dealer_id", "kind", "code_key", **IN_USE),
    )

    code: Mapped[str] = mapped_column(String(40))
    code_key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[EquipmentKind] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    bay: Mapped[str | None] = mapped_column(String(20))
    bay_key: Mapped[str | None] = mapped_column(String(20))
    units: Mapped[list[str]] = mapped_column(document)
    last_serviced_on: Mapped[date | None]
    last_result: Mapped[ServiceResult | None] = mapped_column(String(8))
    due_on: Mapped[date | None]
    retired_because: Mapped[str | None] = mapped_column(String(300))

    @classmethod
    def register(cls, told: contract.RegisterEquipment, *, bay: str | None) -> "Equipment":
        """A new entry; `bay` as the dealer's list calls it. Raises Invalid naming what is missing or out of place."""
        if (bay is None) == (told.kind in IN_A_BAY):
            raise Invalid.field("bay", "required" if bay is None else "only_of_lift_or_machine")
        if (not told.units) == (told.kind == "gauge"):
            raise Invalid.field("units", "only_of_a_gauge" if told.units else "required")
        if told.due_on is None and told.kind in MUST_BE_DUE:
            raise Invalid.field("due_on", "required")
        registered = cls(
            code=told.code,
            code_key=EQUIPMENT_CODE.key(told.code),
            kind=told.kind,
            name=told.name,
            bay=bay,
            bay_key=None if bay is None else BAY.key(bay),
            units=_each_once(told.units),
            due_on=told.due_on,
        )
        registered.announce(EquipmentRegistered(**registered.facts()))
        return registered

    def serviced(self, told: contract.RecordEquipmentService, *, today: date) -> None:
        """It was serviced or calibrated, and is in order until the next one is due, unless it failed."""
        self.require_in_use()
        if told.serviced_on > today:
            raise Invalid.field("serviced_on", "must_not_be_future")
        if self.last_serviced_on is not None and told.serviced_on < self.last_serviced_on:
            raise Invalid.field("serviced_on", "must_not_predate", since=self.last_serviced_on.isoformat())
        failed = told.result == "failed"
        if failed and told.note is None:
            raise Invalid.field("note", "needs_findings")
        if failed and told.due_on is not None:
            raise Invalid.field("due_on", "nothing_due_after_failing")
        if not failed and told.due_on is None and self.kind in MUST_BE_DUE:
            raise Invalid.field("due_on", "required")
        if told.due_on is not None and told.due_on <= told.serviced_on:
            raise Invalid.field("due_on", "must_be_after", field="serviced_on")
        if told.due_on is not None:
            require_within("due_on", told.due_on, today, days=10 * YEAR)
        self.last_serviced_on, self.last_result = told.serviced_on, told.result
        self.due_on = told.serviced_on if failed else told.due_on
        self.announce(EquipmentServiced(result=told.result, serviced_on=told.serviced_on, **self.facts()))

    def retire(self, reason: str) -> None:
        """Nobody uses it any more."""
        self.require_in_use()
        self.retired_because = reason
        self.announce(EquipmentRetired(reason=reason, **self.facts()))

    def require_in_use(self) -> None:
        """Raises Refused for what was retired."""
        if self.retired_because is not None:
            raise Refused("equipment_retired", code=self.code)

    def usable(self, today: date) -> bool:
        """Whether it may be used that day: neither overdue nor failed nor retired."""
        return self.condition(today, notice_days=0) in ("in_order", "due_soon")

    def condition(self, today: date, *, notice_days: int) -> Condition:
        """What it is that day; through the day on which it is due it is in order."""
        if self.retired_because is not None:
            return "retired"
        if self.last_result == "failed":
            return "failed"
        if self.due_on is None or self.due_on > today + timedelta(days=notice_days):
            return "in_order"
        return "overdue" if self.due_on < today else "due_soon"

    def facts(self) -> dict[str, Any]:
        """What its facts say of it."""
        return {
            "equipment_id": self.id,
            "code": self.code,
            "kind": self.kind,
            "name": self.name,
            "bay": self.bay,
            "due_on": self.due_on,
        }

    def shown(self, today: date, *, notice_days: int, lent_to: LentTo | None = None) -> contract.EquipmentItem:
        """The entry as it is answered."""
        return contract.EquipmentItem(
            id=self.id,
            version=self.version,
            code=self.code,
            kind=self.kind,
            name=self.name,
            bay=self.bay,
            units=self.units,
            last_serviced_on=self.last_serviced_on,
            due_on=self.due_on,
            condition=self.condition(today, notice_days=notice_days),
            retired_because=self.retired_because,
            lent_to=lent_to,
        )


def _each_once(units: Sequence[str]) -> list[str]:
    for index, unit in enumerate(units):
        if unit in units[:index]:
            raise Invalid.field(f"units.{index}", "named_twice")
    return list(units)
