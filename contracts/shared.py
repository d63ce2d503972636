"""What several contracts are made of: the words every service uses for the same thing."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from marshmallow import ValidationError, fields, validate

from chassis.wire import Hours, Id, Money, Part, Quantity, called, text, whole
from chassis.wire.emails import EmailField
from chassis.wire.fields import ID
from chassis.wire.keys import TextKey, bare, capitals, digits, plate_key, small, unblanked
from chassis.wire.rules import rule
from chassis.wire.values import HoursField, MoneyField, QuantityField

Payer = Literal["customer_pay", "warranty", "three_guarantees", "internal", "insurer", "goodwill"]
"""Who pays a line (付款方): 自付, 索赔, 三包, 内部, 保险, 善意."""

WHOLE_LINE = 10_000
"""Basis points: shares of a line are hundredths of a percent of its price."""

LineKind = Literal["labour", "part", "sublet", "core_charge"]
"""工时, 配件, 外加工, 旧件押金."""

TaxMode = Literal["inclusive", "exclusive"]

Channel = Literal["phone", "sms", "email", "wechat"]


NextAppointment = Literal["booked", "later", "declined"]
"""已约下次, 稍后再约, 不再预约: what the customer said when asked for the next appointment (Rule B10)."""

MOST_OF_A_PART = Quantity.of(1_000_000)
"""No bin holds more."""

Amount = Annotated[Quantity, QuantityField(validate=validate.Range(min=Quantity(1), max=MOST_OF_A_PART))]
"""So much of a part as somebody asks for, gets or gives: more than nothing."""

AmountOrNone = Annotated[Quantity, QuantityField(validate=validate.Range(min=Quantity(0), max=MOST_OF_A_PART))]

Reading = Annotated[Quantity, QuantityField(validate=validate.Range(min=Quantity.of(-1_000_000), max=MOST_OF_A_PART))]
"""What a gauge shows, or a limit of it: degrees and angles may be below nothing."""

SoldHours = Annotated[Hours, HoursField(validate=validate.Range(min=Hours(1), max=Hours.of(1_000)))]
"""Flat-rate hours of one job: more than nothing, and no more than half a year of work."""

MOST_OF_A_LINE = 10**11
"""Minor units that one line, price, rate or payment may come to: 1,000,000,000.00 yuan. As many lines as an order's numbers have
places for (9,999) then add up to less than the largest amount that travels and is kept (chassis.wire.values.LARGEST)."""


class PriceField(MoneyField):
    """Not negative, and no more than a line may come to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": _is_a_price})


def _is_a_price(money: Money) -> None:
    if money.minor < 0:
        raise ValidationError("must_not_be_negative")
    if money.minor > MOST_OF_A_LINE:
        raise ValidationError(rule("more_than_a_line", most=Money(MOST_OF_A_LINE, money.currency).plain()))


Price = Annotated[Money, PriceField]
"""Money that somebody writes: a price, a rate, a threshold, what is paid."""

PART_NUMBER = TextKey(most=40, spelling=unblanked)
"""2102-9627 is 21029627. Its spelling is the catalogue's: parts says that one, whichever somebody typed."""

PLATE = TextKey(most=16, spelling=capitals, key=plate_key)
"""A dash between two letters tells cars apart (B-NO 1234, BN-O 1234), any other blank, dash or dot does not."""

VIN = TextKey(most=17, spelling=bare, pattern=r"^[A-HJ-NPR-Za-hj-npr-z0-9]{17}\Z", error="not_a_vin")
VIN_FRAGMENT = TextKey(most=17, spelling=bare)
PHONE = TextKey(most=30, key=digits, empty="needs_a_number")
"""As the customer said it; which number that is depends on the dealer's country (see chassis.wire.phones)."""

DOCUMENT_NUMBER = TextKey(most=60, spelling=unblanked)
"""Somebody else's document: a supplier's delivery note."""

REFERENCE = TextKey(most=80, spelling=unblanked)
"""What a payment provider, an insurer or a manufacturer calls a payment, a claim, an authorisation."""

TAX_NUMBER = TextKey(most=30, spelling=unblanked)
OWN_NUMBER = TextKey(most=40, spelling=bare)
"""What we numbered or coded: an order, an invoice, a gate pass."""

BARCODE = TextKey(most=40, spelling=unblanked)
"""What a scanner types of a label: the number that maker or dealer printed there (条码)."""

BIN_LOCATION = TextKey(most=20, spelling=unblanked)
"""The place in the store where a part lies (货位): A-03-2."""

BAY = TextKey(most=20, spelling=unblanked)
"""Where a car stands (工位): B-1. B1 is the same bay; it is called as the dealer's list calls it."""

LOGIN = TextKey(most=64, spelling=small, key=small)
"""Who works on it, by login; no person's login is told apart by capitals."""

OPERATION_CODE = TextKey(
    most=40,
    spelling=unblanked,
    key=unblanked,
    pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z",
    error="not_an_operation_code",
)
"""The group's own code of a job, fit for a path; its dashes and dots belong to it."""

PartNumber = Annotated[str, PART_NUMBER.field()]
Plate = Annotated[str, PLATE.field()]
Vin = Annotated[str, VIN.field()]
VinFragment = Annotated[str, VIN_FRAGMENT.field()]
Phone = Annotated[str, PHONE.field()]
DocumentNumber = Annotated[str, DOCUMENT_NUMBER.field()]
Reference = Annotated[str, REFERENCE.field()]
TaxAuthorityNumber = Annotated[str, TAX_NUMBER.field()]
StaffNumber = Annotated[str, OWN_NUMBER.field()]
"""工号: one for each person, on all of their accounts."""

OwnNumber = Annotated[str, OWN_NUMBER.field()]
Barcode = Annotated[str, BARCODE.field()]
BinLocation = Annotated[str, BIN_LOCATION.field()]
Bay = Annotated[str, BAY.field()]
Login = Annotated[str, LOGIN.field()]
OperationCode = Annotated[str, OPERATION_CODE.field()]

Email = Annotated[str, EmailField()]
Reason = Annotated[str, text(300)]
Name = Annotated[str, called(120)]

Cursor = Annotated[str | None, text(500)]
"""Where a page begins: the `next_cursor` of the page before, or nothing for the first."""

Limit = Annotated[int, whole(1, 200)]
"""How many items a page has at most."""


def at_most(most: int) -> Any:
    """The field of a list with no more than so many items; the schema checks it."""
    return field(metadata={"validate": validate.Length(max=most)})


def up_to(most: int) -> Any:
    """The field of a list that may be left out, with no more than so many items; the schema checks it."""
    return field(default_factory=list, metadata={"validate": validate.Length(max=most)})


def each_once(words: Any) -> int:
    """How many items a list of these words has at most, if it names each once."""
    return len(get_args(words))


def one_to(most: int) -> Any:
    """The field of a list with at least one item and no more than so many; the schema checks it."""
    return field(metadata={"validate": validate.Length(min=1, max=most)})


class Colleague(Part):
    """Somebody of the dealer, as they are chosen from a list."""

    login: Login
    name: Name


class CustomerFacts(Part):
    """The customer as other services need to know them."""

    customer_id: Id
    name: Name
    phone: Phone
    email: Email | None = None
    preferred_channel: Channel = "phone"
    address: Annotated[str | None, text(200)] = None
    tax_number: TaxAuthorityNumber | None = None


class Party(Part):
    """A person or company that an invoice is made out to (购买方), as it is printed: name, address, tax number (税号)."""

    name: Name
    address: Annotated[str | None, text(200)] = None
    tax_number: TaxAuthorityNumber | None = None


class UsualParty(Part):
    """Who stands behind a payer, whatever the order: the manufacturer, an insurer, the dealer itself."""

    payer: Payer
    party: Party


class PayerParty(UsualParty):
    """Who stands behind a payer of this order; and their number of the claim, which is one order's."""

    claim_number: Reference | None = None


class VehicleFacts(Part):
    """The vehicle as other services need to know it."""

    vehicle_id: Id
    vin: Vin
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]


class Share(Part):
    """One payer's part of a line; the shares of a line add up to its amount exactly."""

    payer: Payer
    amount: Money


class DeliveredLine(Part):
    """An approved line of a delivered order at the estimate's frozen price.

    `amount` is the line's price as the dealer quotes it: with tax when the tax mode is inclusive, without when it is exclusive.
    A part line and its core charge carry part number and quantity, a labour line operation code and hours; a sublet line neither.
    """

    line_id: Id
    number: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    operation_code: OperationCode | None = None
    hours: Hours | None = None
    part_number: PartNumber | None = None
    quantity: Quantity | None = None
    amount: Money
    shares: list[Share]


class DeclinedLine(Part):
    """Work the customer was offered and did not want (未同意项目)."""

    line_id: Id
    kind: LineKind
    description: Annotated[str, text(200)]
    reason: Reason
    safety: bool = False
    operation_code: OperationCode | None = None
    part_number: PartNumber | None = None


class PartRequest(Part):
    """So much of a part, for one line of a document."""

    line_id: Id
    part_number: PartNumber
    quantity: Quantity


class NumberedField(fields.String):
    """An id, or the number that people know the thing by; the gateway puts the id in its place (gateway/http/numbers.py)."""


LineRef = Annotated[str, NumberedField(validate=validate.Regexp(r"^[1-9][0-9]{0,3}\Z|" + ID, error="not_an_id_or_number"))]
"""A line of the order that the path names: its id or its number there."""


class Listing(Part):
    """What a list takes besides its filters: where the page begins, and how many items it has at most."""

    cursor: Cursor = None
    limit: Limit = 50


class KeptListing(Listing):
    """A list of which a program may keep a copy: asked for in the order of `updated_at`, from the last time it saw on."""

    updated_since: datetime | None = None


class VisitListing(KeptListing):
    """What lists of appointments and of orders filter by: whose car it is, who advises, and local days, both included."""

    plate: Plate | None = None
    name: Name | None = None
    phone: Phone | None = None
    customer_id: Id | None = None
    vehicle_id: Id | None = None
    advisor: Login | None = None
    from_day: date | None = None
    to_day: date | None = None


class Page(Part):
    """Where the next page starts; None at the end."""

    next_cursor: str | None = None
