"""Measuring a car by a template (Rule W3)."""

from chassis import NotFound, Work
from contracts.workshop.multi_point import InspectedItem, RecordMeasurements
from services.workshop.multi_point.multi_point_inspection import MultiPointInspection
from services.workshop.multi_point.template import InspectionTemplate
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def record(work: Work, command: RecordMeasurements) -> MultiPointInspection:
    """Measure the car of an order, until it is ready."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.RECORD_JOB)
    found = work.lock(MultiPointInspection, MultiPointInspection.identity(order.id, command.template_code))
    if found is None:
        template = work.find(InspectionTemplate, command.template_code)
        if template is None:
            raise NotFound("not_found", kind="inspection_template", id=command.template_code)
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
        found.measure(command.values, by=work.actor, at=work.now)
        work.add(found)
        return found
    work.change(found)
    found.measure(command.values, by=work.actor, at=work.now)
    return found
