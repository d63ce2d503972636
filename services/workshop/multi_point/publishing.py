"""Publishing the group's inspection templates (Rule W3)."""

from sqlalchemy import select

from chassis import Invalid, Quantity, Refused, Work
from contracts.workshop.multi_point import NewTemplate, PublishInspectionTemplates
from contracts.workshop.pricing import Published
from services.workshop.multi_point.limits import beyond
from services.workshop.multi_point.template import InspectionTemplate
from services.workshop.pricing.operation import Operation

NOTHING = Quantity(0)


def publish(work: Work, command: PublishInspectionTemplates) -> Published:
    """Take them over whole, or none: limits in their order, operations of the catalogue, each code once."""
    codes = [template.template_code for template in command.templates]
    if len(set(codes)) != len(codes):
        raise Invalid.field("templates", "named_twice")
    for index, template in enumerate(command.templates):
        _check(template, f"templates.{index}")
    wanted = {item.operation_code for template in command.templates for item in template.items if item.operation_code}
    known = set(work.all(select(Operation.code).where(Operation.code.in_(sorted(wanted))))) if wanted else set()
    if missing := wanted - known:
        raise Refused("operation_unknown", operation_code=min(missing))
    before = {row.code: row.edition for row in work.all(select(InspectionTemplate).where(InspectionTemplate.code.in_(codes)))}
    rows = [
        {
            "code": template.template_code,
            "name_zh": template.name_zh,
            "name_en": template.name_en,
            "edition": before.get(template.template_code, 0) + 1,
            "purpose": template.purpose,
            "work_classes": sorted({*template.work_classes}),
            "items": [item.dump() for item in template.final_items or template.items],
        }
        for template in sorted(command.templates, key=lambda one: one.template_code)
    ]
    work.overwrite(InspectionTemplate, *rows)
    return Published(count=len(rows))


def _check(template: NewTemplate, where: str) -> None:
    if template.purpose == "final":
        _check_final(template, where)
        return
    for wrong in ("final_items", "work_classes"):
        if getattr(template, wrong):
            raise Invalid.field(f"{where}.{wrong}", "of_a_final_inspection")
    if not template.items:
        raise Invalid.field(f"{where}.items", "required")
    codes: set[str] = set()
    for index, item in enumerate(template.items):
        place = f"{where}.items.{index}"
        if item.item_code in codes:
            raise Invalid.field(f"{place}.item_code", "named_twice")
        codes.add(item.item_code)
        if item.lowest is not None and item.highest is not None and item.highest < item.lowest:
            raise Invalid.field(f"{place}.highest", "must_not_be_below")
        for name in ("amber", "red"):
            if (broken := beyond(item, getattr(item, name))) is not None:
                raise Invalid.fields({f"{place}.{name}": [broken]})
        if item.safety and item.operation_code is None:
            raise Invalid.field(f"{place}.operation_code", "safety_needs_operation")
        if item.amber == item.red or (item.amber < item.red) != (item.worse == "higher"):
            raise Invalid.field(f"{place}.red", "red_is_worse_than_amber", amber=str(item.amber))


def _check_final(template: NewTemplate, where: str) -> None:
    """Items that can be judged, of classes of work (Rule W28)."""
    if template.items:
        raise Invalid.field(f"{where}.items", "of_a_multi_point_inspection")
    for needed in ("work_classes", "final_items"):
        if not getattr(template, needed):
            raise Invalid.field(f"{where}.{needed}", "required")
    codes = [item.item_code for item in template.final_items]
    for index, item in enumerate(template.final_items):
        place = f"{where}.final_items.{index}"
        if item.item_code in codes[:index]:
            raise Invalid.field(f"{place}.item_code", "named_twice")
        limits = [one for one in (item.lowest, item.highest, item.within_percent) if one is not None]
        if bool(limits) != (item.unit is not None):
            raise Invalid.field(f"{place}.unit", "unit_and_limits")
        if item.lowest is not None and item.highest is not None and item.highest < item.lowest:
            raise Invalid.field(f"{place}.highest", "must_not_be_below")
        if item.within_percent is not None and (item.lowest is None or item.lowest <= NOTHING):
            raise Invalid.field(f"{place}.lowest", "mean_needs_lowest")
        if item.count_item is not None and (item.within_percent is None or item.count_item not in codes):
            raise Invalid.field(f"{place}.count_item", "counts_no_item")
