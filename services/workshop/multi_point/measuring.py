"""Measuring a car by a template (Rule W3)."""

from chassis import Invalid, Refused, Work
from contracts.workshop.multi_point import InspectedItem, RecordMeasurements
from services.workshop.equipment.blocking import Measured, with_gauges
from services.workshop.evidence.queries import pictured_items
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.multi_point.multi_point_inspection import MultiPointInspection, become_safety
from services.workshop.multi_point.template import multi_point_template
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def record(work: Work, command: RecordMeasurements) -> MultiPointInspection:
    """Measure the car of an order, until it is ready."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.RECORD_JOB)
    found = work.lock(MultiPointInspection, MultiPointInspection.identity(order.id, command.template_code))
    if found is None:
        template = multi_point_template(work, command.template_code)
        found = MultiPointInspection(
            id=MultiPointInspection.identity(order.id, template.code),
            visit_id=order.visit_id,
            work_order_id=order.id,
            template_code=template.code,
            name_zh=template.name_zh,
            name_en=template.name_en,
            edition=template.edition,
            kept=[InspectedItem.load(item).dump() for item in template.items],
        )
        work.add(found)
    else:
        work.change(found)
    items = [found.item(one.item_code, f"values.{index}.item_code") for index, one in enumerate(command.values)]
    for index, item in enumerate(items):
        if item in items[:index]:
            raise Invalid.field(f"values.{index}.item_code", "named_twice")
    told = zip(command.values, items, strict=True)
    values = [Measured(f"values.{at}.gauge", item.unit, one.gauge, item.gauged) for at, (one, item) in enumerate(told)]
    gauges = with_gauges(work, values)
    found.measure(command.values, gauges, by=work.actor, at=work.now)
    _require_photos(work, found, {one.item_code for one in command.values})
    if become_safety(found, order.lines):
        work.change(order)
    return found


def _require_photos(work: Work, inspection: MultiPointInspection, measured: set[str]) -> None:
    """What was found red is seen on a photo or a video, unless the dealer does without (Rule W31)."""
    red = [one.item_code for one in inspection.items if one.finding == "red" and one.item_code in measured]
    if not red or not work.settings(ReceptionSettings).red_needs_photo:
        return
    seen = pictured_items(work, inspection.work_order_id)
    for item_code in red:
        if item_code not in seen:
            raise Refused("red_finding_without_photo", item_code=item_code)
