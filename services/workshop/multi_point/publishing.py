"""Publishing the group's inspection templates (Rule W3)."""

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.workshop.multi_point import NewTemplate, PublishInspectionTemplates
from contracts.workshop.pricing import Published
from services.workshop.multi_point.template import InspectionTemplate
from services.workshop.pricing.operation import Operation


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
            "items": [item.dump() for item in template.items],
        }
        for template in sorted(command.templates, key=lambda one: one.template_code)
    ]
    work.overwrite(InspectionTemplate, *rows)
    return Published(count=len(rows))


def _check(template: NewTemplate, where: str) -> None:
    codes: set[str] = set()
    for index, item in enumerate(template.items):
        place = f"{where}.items.{index}"
        if item.item_code in codes:
            raise Invalid.field(f"{place}.item_code", "named_twice")
        codes.add(item.item_code)
        if item.amber == item.red or (item.amber < item.red) != (item.worse == "higher"):
            raise Invalid.field(f"{place}.red", "red_is_worse_than_amber", amber=str(item.amber))
