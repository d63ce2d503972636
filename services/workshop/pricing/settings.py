"""The dealer's own numbers: price of an hour, call threshold, menu prices (Rules W5, W7); there once the dealer is known."""

from collections.abc import Sequence

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import DealerSettings, Entity, IdType, Invalid, Money, Refused, belongs_to, document
from contracts.shared import BAY, Payer
from contracts.workshop import pricing
from contracts.workshop.battery import BATTERY_CHECK_BELOW
from contracts.workshop.isolation import HIGH_VOLTAGE_SKILL, ISOLATION_WAIT_MINUTES
from contracts.workshop.pricing import EQUIPMENT_NOTICE_DAYS, PHOTO_MEGABYTES, VIDEO_SECONDS
from contracts.workshop.quality import TeamCheck
from contracts.workshop.visit_link import VISIT_LINK_DAYS
from contracts.workshop.wash import WashTiming
from services.workshop.model import Base


class MenuPriceRow(Entity, Base):
    """A package price (套餐价) of one operation."""

    __tablename__ = "menu_price"
    __table_args__ = (belongs_to("workshop_settings", "settings_id"), UniqueConstraint("dealer_id", "operation_code"))

    settings_id: Mapped[str] = mapped_column(IdType)
    operation_code: Mapped[str] = mapped_column(String(40))
    price_minor: Mapped[int]


class WorkshopSettings(DealerSettings, Base):
    """One per dealer. Until the dealer has set a labour rate, only menu prices can price labour.

    A call threshold of 0 means that the customer is always asked.
    """

    __tablename__ = "workshop_settings"

    currency: Mapped[str] = mapped_column(String(3))
    labour_rate_minor: Mapped[int | None]
    call_threshold_minor: Mapped[int]
    payer_rates: Mapped[dict[Payer, int]] = mapped_column(document)
    bays: Mapped[list[str]] = mapped_column(document)
    photo_megabytes: Mapped[int]
    video_seconds: Mapped[int]
    equipment_notice_days: Mapped[int]
    wash_timing: Mapped[WashTiming] = mapped_column(String(12))
    self_check: Mapped[bool]
    team_check: Mapped[TeamCheck] = mapped_column(String(8))
    high_voltage_skill: Mapped[str] = mapped_column(String(30))
    isolation_wait_minutes: Mapped[int]
    battery_check_below: Mapped[int]
    visit_link_days: Mapped[int]
    service_phone: Mapped[str | None] = mapped_column(String(30))

    menu: Mapped[list[MenuPriceRow]] = relationship(
        MenuPriceRow, lazy="selectin", order_by=MenuPriceRow.operation_code, cascade="all, delete-orphan"
    )

    @classmethod
    def with_defaults(cls, currency: str) -> "WorkshopSettings":
        """No labour rate yet, and the customer is always asked."""
        return cls(
            currency=currency,
            call_threshold_minor=0,
            payer_rates={},
            bays=[],
            photo_megabytes=PHOTO_MEGABYTES,
            video_seconds=VIDEO_SECONDS,
            equipment_notice_days=EQUIPMENT_NOTICE_DAYS,
            wash_timing="after_check",
            self_check=True,
            team_check="of_teams",
            high_voltage_skill=HIGH_VOLTAGE_SKILL,
            isolation_wait_minutes=ISOLATION_WAIT_MINUTES,
            battery_check_below=BATTERY_CHECK_BELOW,
            visit_link_days=VISIT_LINK_DAYS,
        )

    @property
    def labour_rate(self) -> Money | None:
        """The price of an hour (工时单价)."""
        return None if self.labour_rate_minor is None else Money(self.labour_rate_minor, self.currency)

    @property
    def rates_of_payers(self) -> dict[Payer, Money]:
        """The price of an hour for payers that have one of their own."""
        return {payer: Money(minor, self.currency) for payer, minor in self.payer_rates.items()}

    @property
    def call_threshold(self) -> Money:
        """Above this amount the customer must be asked."""
        return Money(self.call_threshold_minor, self.currency)

    @property
    def menu_prices(self) -> dict[str, Money]:
        """Package prices by operation code."""
        return {row.operation_code: Money(row.price_minor, self.currency) for row in self.menu}

    def set_rates(
        self, *, labour_rate: Money, call_threshold: Money, payer_rates: Sequence[pricing.PayerRate], currency: str
    ) -> None:
        """Set all of them, in the dealer's currency. Raises Invalid naming the field; Refused while menu prices have another."""
        _check("labour_rate", labour_rate, currency)
        _check("call_threshold", call_threshold, currency)
        for index, one in enumerate(payer_rates):
            _check(f"payer_rates.{index}.labour_rate", one.labour_rate, currency)
        rates = {one.payer: one.labour_rate.minor for one in payer_rates}
        if len(rates) != len(payer_rates):
            raise Invalid.field("payer_rates", "payer_named_twice")
        if self.menu and currency != self.currency:
            raise Refused("menu_prices_in_another_currency", currency=self.currency)
        self.currency, self.labour_rate_minor, self.call_threshold_minor = currency, labour_rate.minor, call_threshold.minor
        self.payer_rates = rates

    def name_bays(self, bays: Sequence[str]) -> None:
        """These are the dealer's bays (工位). Raises Invalid naming one that is there twice."""
        keys = [BAY.key(bay) for bay in bays]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                raise Invalid.field(f"bays.{index}", "named_twice")
        self.bays = list(bays)

    def limit_evidence(self, photo_megabytes: int, video_seconds: int) -> None:
        """From now on photos and papers may be so large, and videos so long (Rule W31)."""
        self.photo_megabytes, self.video_seconds = photo_megabytes, video_seconds

    def bay_called(self, bay: str) -> str:
        """The dealer's bay, as the list writes it; any bay while there is no list. Raises Invalid for one that is not on it."""
        if not self.bays:
            return bay
        known = {BAY.key(one): one for one in self.bays}
        if (key := BAY.key(bay)) not in known:
            raise Invalid.field("bay", "not_a_bay_of_the_dealer")
        return known[key]

    def set_menu_price(self, operation_code: str, price: Money) -> None:
        """From now on the operation is quoted at this price."""
        _check("price", price, self.currency)
        for row in self.menu:
            if row.operation_code == operation_code:
                row.price_minor = price.minor
                return
        self.menu.append(MenuPriceRow(operation_code=operation_code, price_minor=price.minor))

    def remove_menu_price(self, operation_code: str) -> None:
        """From now on the operation is quoted by the formula."""
        self.menu[:] = [row for row in self.menu if row.operation_code != operation_code]

    def describe(self) -> pricing.WorkshopSettings:
        """The settings as they are answered."""
        return pricing.WorkshopSettings(
            id=self.id,
            version=self.version,
            labour_rate=self.labour_rate,
            call_threshold=self.call_threshold,
            payer_rates=[pricing.PayerRate(payer=payer, labour_rate=rate) for payer, rate in self.rates_of_payers.items()],
            bays=self.bays,
            photo_megabytes=self.photo_megabytes,
            video_seconds=self.video_seconds,
            equipment_notice_days=self.equipment_notice_days,
            wash_timing=self.wash_timing,
            self_check=self.self_check,
            team_check=self.team_check,
            high_voltage_skill=self.high_voltage_skill,
            isolation_wait_minutes=self.isolation_wait_minutes,
            battery_check_below=self.battery_check_below,
            visit_link_days=self.visit_link_days,
            service_phone=self.service_phone,
            menu_prices=[pricing.MenuPrice(operation_code=code, price=price) for code, price in self.menu_prices.items()],
        )


def _check(field: str, price: Money, currency: str) -> None:
    if price.currency != currency:
        raise Invalid.field(field, "wrong_currency", currency=currency)
