"""The final inspection by class of work, with values (Rule W28): every item has a result, and none is out of its limits."""

from collections.abc import Sequence
from dataclasses import field

from chassis import Invalid, Quantity, Work
from chassis.wire import Part
from chassis.wire.rules import rule
from contracts.workshop.final_inspection import CheckedSheet, FinalItem, Fuel, ItemResult
from services.workshop.equipment.blocking import Measured, with_gauges
from services.workshop.multi_point.limits import beyond
from services.workshop.multi_point.template import InspectionTemplate


class KeptItem(Part):
    """An item as it was found."""

    item_code: str
    name_zh: str
    name_en: str
    unit: str | None = None
    lowest: Quantity | None = None
    highest: Quantity | None = None
    within_percent: int | None = None
    count_item: str | None = None
    fuel: Fuel | None = None
    safety: bool = False
    in_order: bool | None = None
    values: list[Quantity] = field(default_factory=list)
    gauges: list[str] = field(default_factory=list)
    within_limits: bool


class KeptSheet(Part):
    """What was found by one template."""

    template_code: str
    name_zh: str
    name_en: str
    edition: int
    checked_items: list[KeptItem]

    def describe(self) -> CheckedSheet:
        """The sheet as it is answered."""
        return CheckedSheet.load(self.dump())


def sheets_of(
    work: Work, templates: Sequence[InspectionTemplate], results: Sequence[ItemResult], fuel: Fuel | None, *, passed: bool
) -> list[KeptSheet]:
    """What was found, by template.

    Raises Invalid naming the field of a result of no item, or of one out of its limits where the car is to pass; and what has no
    result then. Refused and Invalid as `with_gauges` does.
    """
    items = {(one.code, item.item_code): item for one in templates for item in one.final_items if item.fuel in (None, fuel)}
    found = _by_item(work, items, results)
    kept = {key: _judged(item, found.get(key, []), found, key[0]) for key, item in items.items()}
    if passed:
        _require_all(items, kept, found, results)
    return [
        KeptSheet(
            template_code=one.code,
            name_zh=one.name_zh,
            name_en=one.name_en,
            edition=one.edition,
            checked_items=[item for (code, _), item in kept.items() if code == one.code and _told(item)],
        )
        for one in templates
    ]


def asks_for_fuel(templates: Sequence[InspectionTemplate]) -> bool:
    """Whether something of them is of one fuel only."""
    return any(item.fuel for one in templates for item in one.final_items)


def fuel_of(templates: Sequence[InspectionTemplate], told: Fuel | None, known: Fuel | None, *, passed: bool) -> Fuel | None:
    """What the car runs on, where it matters: said once, it stays. Only a check that fails says otherwise, with what was found.

    Raises Invalid where the car is to pass and nobody has said it, or as a car with another fuel.
    """
    if not asks_for_fuel(templates):
        return None
    fuel = told or known
    if passed and fuel is None:
        raise Invalid.field("fuel", "required")
    if passed and known is not None and fuel != known:
        raise Invalid.field("fuel", "not_the_cars_fuel", fuel=known)
    return fuel


Key = tuple[str, str]
Found = dict[Key, list[ItemResult]]


def _by_item(work: Work, items: dict[Key, FinalItem], results: Sequence[ItemResult]) -> Found:
    """The results of each item, their gauges spelt as the register does."""
    measured: list[Measured] = []
    for index, one in enumerate(results):
        item = items.get((one.template_code, one.item_code))
        if item is None:
            raise Invalid.field(f"results.{index}.item_code", "not_in_the_template", item_code=one.item_code)
        _require_of_its_kind(f"results.{index}", item, one)
        earlier = [
            other for other in results[:index] if (other.template_code, other.item_code) == (one.template_code, one.item_code)
        ]
        if earlier and item.within_percent is None:
            raise Invalid.field(f"results.{index}.item_code", "named_twice")
        if item.unit is not None:
            measured.append(Measured(f"results.{index}.gauge", item.unit, one.gauge, item.gauged))
    gauges = iter(with_gauges(work, measured))
    found: Found = {}
    for one in results:
        key = one.template_code, one.item_code
        gauge = None if items[key].unit is None else next(gauges)
        found.setdefault(key, []).append(ItemResult(**{**vars(one), "gauge": gauge}))
    return found


def _require_of_its_kind(where: str, item: FinalItem, result: ItemResult) -> None:
    needed, others = ("in_order", ("value", "gauge")) if item.unit is None else ("value", ("in_order",))
    if getattr(result, needed) is None:
        raise Invalid.field(f"{where}.{needed}", "required")
    for other in others:
        if getattr(result, other) is not None:
            why = rule("only_looked_at" if item.unit is None else "is_measured", item_code=item.item_code)
            raise Invalid.fields({f"{where}.{other}": [why]})
    if item.counted and result.value is not None and result.value.decimal % 1:
        raise Invalid.field(f"{where}.value", "not_an_integer")


def _judged(item: FinalItem, results: list[ItemResult], found: Found, template_code: str) -> KeptItem:
    values = [one.value for one in results if one.value is not None] if item.unit is not None else []
    in_order = next((one.in_order for one in results), None) if item.unit is None else None
    wanted = _wanted(item, found, template_code)
    seen_by_its_values = ("gauged", "counted")
    kept = {name: value for name, value in vars(item).items() if name not in seen_by_its_values}
    return KeptItem(
        **kept,
        in_order=in_order,
        values=values,
        gauges=sorted({one.gauge for one in results if one.gauge is not None}),
        within_limits=bool(in_order) if item.unit is None else bool(values) and not faults(item, values, wanted),
    )


def _wanted(item: FinalItem, found: Found, template_code: str) -> Quantity | None:
    """How many values there must be: what was counted; None where nothing says it."""
    if item.count_item is None:
        return None
    return next((one.value for one in found.get((template_code, item.count_item), [])), None)


def faults(item: FinalItem, values: Sequence[Quantity], wanted: Quantity | None = None) -> dict[int, str]:
    """What is wrong with the values, by their places: a limit may be reached; of several, there are as many as `wanted`."""
    wrong = {index: broken for index, value in enumerate(values) if (broken := beyond(item, value)) is not None}
    item_code, unit = item.item_code, item.unit
    units, many = [one.units for one in values], len(values)
    if item.count_item is not None and (wanted is None or wanted != Quantity.of(many)):
        said = rule(
            "not_one_of_each",
            item_code=item_code,
            unit=unit,
            count_item=item.count_item,
            many=many,
            wanted=wanted and wanted.shortest,
        )
        wrong.setdefault(many - 1, said)
    elif item.within_percent is not None:
        mean = Quantity(sum(units) // many).shortest
        for index, one in enumerate(units):
            # |value - mean| <= percent of the mean, without a division: both sides times 100 and how many there are.
            if many < 2 or 100 * abs(one * many - sum(units)) > item.within_percent * sum(units):
                wrong.setdefault(
                    index, rule("off_the_mean", item_code=item_code, unit=unit, percent=item.within_percent, mean=mean)
                )
    return wrong


def _require_all(items: dict[Key, FinalItem], kept: dict[Key, KeptItem], found: Found, results: Sequence[ItemResult]) -> None:
    missing = [key[1] for key, item in kept.items() if not _told(item)]
    if missing:
        raise Invalid.field("results", "items_without_result", items=", ".join(missing))
    wrong: dict[str, list[str]] = {}
    for key, item in items.items():
        places = [index for index, one in enumerate(results) if (one.template_code, one.item_code) == key]
        if item.unit is not None:
            why = faults(item, kept[key].values, _wanted(item, found, key[0]))
            wrong |= {f"results.{places[at]}.value": [broken] for at, broken in why.items()}
        elif not kept[key].within_limits:
            wrong[f"results.{places[0]}.in_order"] = [rule("out_of_limits", item_code=item.item_code)]
    if wrong:
        raise Invalid.fields(wrong)


def _told(item: KeptItem) -> bool:
    return item.in_order is not None or bool(item.values)
