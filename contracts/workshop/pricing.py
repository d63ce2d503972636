"""What work costs: labour rate, menu prices, and the group's operations and coefficients."""

from dataclasses import field
from typing import Annotated, Any

from marshmallow import fields, validate

from chassis.wire import Answer, Command, Id, Money, Part, Query, text, whole
from chassis.wire.keys import TextKey
from contracts.shared import Bay, Listing, Name, OperationCode, Payer, Phone, Price, SoldHours, up_to
from contracts.workshop.battery import BATTERY_CHECK_BELOW, Percent
from contracts.workshop.certificate import Skill
from contracts.workshop.comeback import WorkClass
from contracts.workshop.evidence import MOST_SECONDS
from contracts.workshop.isolation import HIGH_VOLTAGE_SKILL, ISOLATION_WAIT_MINUTES, WaitMinutes
from contracts.workshop.quality import TeamCheck
from contracts.workshop.visit_link import VISIT_LINK_DAYS, VisitLinkDays
from contracts.workshop.wash import WashTiming


class _CoefficientField(fields.String):
    """A decimal string, because a coefficient is a factor of money."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **given,
            validate=validate.Regexp(r"^(?!0+(\.0+)?\Z)\d{1,2}(\.\d{1,3})?\Z", error="not_a_coefficient"),
        )


Coefficient = Annotated[str, _CoefficientField]
"""How much more a model takes than the flat rate says (车型技术复杂系数)."""


MODEL_NAME = TextKey(most=100)
"""A make or model: XC 60, xc60 and ＸＣ－６０ are one; what else it is called, the group publishes."""

ModelName = Annotated[str, MODEL_NAME.field()]


PHOTO_MEGABYTES = 20
VIDEO_SECONDS = 60
PhotoMegabytes = Annotated[int, whole(1, 50)]
VideoSeconds = Annotated[int, whole(1, MOST_SECONDS)]

EQUIPMENT_NOTICE_DAYS = 14
NoticeDays = Annotated[int, whole(0, 180)]


class PayerRate(Part):
    """A payer with an hour's price of its own: what the manufacturer pays for warranty labour, an insurer for repairs."""

    payer: Payer
    labour_rate: Price


class MenuPrice(Part):
    """A package price (套餐价) that overrides the labour price formula for one operation."""

    operation_code: OperationCode
    price: Price


class WorkshopSettings(Answer):
    """The dealer's own settings: price of an hour (None until set), call threshold, menu prices, bays. `version` is the ETag.

    `payer_rates` are those of payers with a price of an hour of their own.
    """

    id: Id
    version: Annotated[int, whole(1)]
    labour_rate: Money | None = None
    call_threshold: Money
    payer_rates: list[PayerRate]
    menu_prices: list[MenuPrice]
    bays: list[Bay]
    photo_megabytes: PhotoMegabytes = PHOTO_MEGABYTES
    video_seconds: VideoSeconds = VIDEO_SECONDS
    equipment_notice_days: NoticeDays = EQUIPMENT_NOTICE_DAYS
    wash_timing: WashTiming = "after_check"
    self_check: bool = True
    team_check: TeamCheck = "of_teams"
    high_voltage_skill: Skill = HIGH_VOLTAGE_SKILL
    isolation_wait_minutes: WaitMinutes = ISOLATION_WAIT_MINUTES
    battery_check_below: Percent = BATTERY_CHECK_BELOW
    visit_link_days: VisitLinkDays = VISIT_LINK_DAYS
    service_phone: Phone | None = None


NewOperationCode = Annotated[
    str, fields.String(validate=validate.Regexp(r"^[A-Z0-9][A-Z0-9._-]{0,39}\Z", error="not_an_operation_code"))
]
"""Taken as it is typed, or refused; where it is used, it may be typed in any case."""


class WorkInstruction(Part):
    """How the work of an operation is done (作业指导书): its steps, and where there is more to read."""

    steps: Annotated[str, text(4000)]
    link: Annotated[
        str | None, fields.String(validate=[validate.Length(max=500), validate.Regexp(r"^https?://\S+\Z", error="not_a_link")])
    ] = None


class OperationEntry(Part):
    """A catalogued job (工时项目) with its flat-rate hours (工时定额).

    Operations of one group do the same kind of work: one of them within the repair warranty of another is a comeback. Without a
    group an operation is none. Whoever does it holds a valid certificate for each of its `skills`, and whoever signs its final
    inspection for each of its `inspection_skills`; without any, none is needed. High-voltage work is begun on
    an isolated car only (Rule W30).
    Of `painting`, each line names panel and area. Its `instruction` has a version, which rises when it is published with another
    text; a line keeps the one it was added with.
    """

    operation_code: NewOperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    hours: SoldHours
    operation_group: NewOperationCode | None = None
    work_class: WorkClass = "minor"
    skills: list[Skill] = up_to(10)
    inspection_skills: list[Skill] = up_to(10)
    high_voltage: bool = False
    painting: bool = False
    instruction: WorkInstruction | None = None


class CoefficientEntry(Part):
    """The complexity coefficient of one model, and what else its make and the model are called: 沃尔沃, Volvo Cars.

    A model without an entry has coefficient 1, and its estimates say that it is not known.
    """

    make: ModelName
    model: ModelName
    coefficient: Coefficient
    make_aliases: list[ModelName] = field(default_factory=list)
    model_aliases: list[ModelName] = field(default_factory=list)


class Operations(Answer):
    """One page of the group's operations."""

    items: list[OperationEntry]
    next_cursor: str | None = None


class Published(Answer):
    """How many entries the group's catalogue took over."""

    count: Annotated[int, whole(0)]


class SetWorkshopSettings(Command, service="workshop", answer=WorkshopSettings):
    """Set labour rate, call threshold and bays.

    Set the price of an hour (工时单价) and the amount above which the customer must be asked (Rules W5, W7). `payer_rates`
    replace those that were: a payer with a rate pays labour by it, not by the menu price; the others pay the labour rate.
    `bays` are those that work can be sent to, as the board shows and orders them; with an empty list, any that is named. Photos
    and papers of an order may have so many megabytes, its videos last so many seconds. So many days before a service or
    calibration is due it is told of (Rule W21). Cars whose customers want it are washed before or after the final inspection
    (Rule W12); orders that are agreed already keep theirs. Whether whoever did the work signs a self-check, and which orders a
    team leader checks before the final inspection (Rule W11). Who isolates a high-voltage system is certified for
    `high_voltage_skill`, and waits so many minutes before measuring (Rule W30). Below so many percent a battery's state of
    health opens a coverage check (Rule W33). The customer's link leads to an order for so many days after its
    delivery, and shows the phone of the service desk (Rule W17).
    """

    labour_rate: Price
    call_threshold: Price
    payer_rates: list[PayerRate] = field(default_factory=list)
    bays: list[Bay] = field(default_factory=list, metadata={"validate": validate.Length(max=200)})
    photo_megabytes: PhotoMegabytes = PHOTO_MEGABYTES
    video_seconds: VideoSeconds = VIDEO_SECONDS
    equipment_notice_days: NoticeDays = EQUIPMENT_NOTICE_DAYS
    wash_timing: WashTiming = "after_check"
    self_check: bool = True
    team_check: TeamCheck = "of_teams"
    high_voltage_skill: Skill = HIGH_VOLTAGE_SKILL
    isolation_wait_minutes: WaitMinutes = ISOLATION_WAIT_MINUTES
    battery_check_below: Percent = BATTERY_CHECK_BELOW
    visit_link_days: VisitLinkDays = VISIT_LINK_DAYS
    service_phone: Phone | None = None


class SetMenuPrice(Command, service="workshop", answer=WorkshopSettings):
    """Set a menu price.

    Give one operation a package price (套餐价) that overrides the formula.
    """

    operation_code: OperationCode
    price: Price


class RemoveMenuPrice(Command, service="workshop", answer=WorkshopSettings):
    """Remove a menu price.

    Price an operation by the formula again.
    """

    operation_code: OperationCode


class PublishOperations(Command, service="workshop", answer=Published):
    """Publish operations.

    Add operations to the group's catalogue or change them; those not named stay.
    """

    operations: list[OperationEntry]


class PublishCoefficients(Command, service="workshop", answer=Published):
    """Publish model complexity coefficients.

    They hold for the whole group; those not named stay.
    """

    coefficients: list[CoefficientEntry]


class GetWorkshopSettings(Query, service="workshop", answer=WorkshopSettings):
    """Show the workshop settings.

    Price of an hour, call threshold and menu prices.
    """


class ListOperations(Query, Listing, service="workshop", answer=Operations):
    """List the group's operations.

    By code downwards; those whose code starts so, if a beginning is given, and those with a piece of a name, in Chinese, by
    pinyin or initials, or in English.
    """

    code_prefix: OperationCode | None = None
    name: Name | None = None
