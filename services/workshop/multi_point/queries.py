"""Templates and inspections as they are asked for (Rule W3)."""

from sqlalchemy import select

from chassis import Work, page
from contracts.workshop.multi_point import (
    FoundItem,
    GetMultiPointInspections,
    InspectionTemplates,
    ListInspectionTemplates,
    MultiPointInspections,
)
from services.workshop.equipment.blocking import gauges
from services.workshop.evidence.queries import newest_of
from services.workshop.multi_point.multi_point_inspection import inspections_of
from services.workshop.multi_point.template import InspectionTemplate
from services.workshop.order.work_order import WorkOrder

MOST_TEMPLATES = 100


def list_templates(work: Work, query: ListInspectionTemplates) -> InspectionTemplates:
    """By code."""
    rows, cursor = page(work, select(InspectionTemplate), query, keys=[InspectionTemplate.code], ascending=True)
    return InspectionTemplates(items=[row.describe() for row in rows], next_cursor=cursor)


def get_multi_point_inspections(work: Work, query: GetMultiPointInspections) -> MultiPointInspections:
    """All of one order, and the templates there are."""
    order = work.get(WorkOrder, query.work_order_id)
    begun = inspections_of(work, order)
    templates = work.all(
        select(InspectionTemplate)
        .where(InspectionTemplate.purpose == "multi_point")
        .order_by(InspectionTemplate.code)
        .limit(MOST_TEMPLATES)
    )
    return MultiPointInspections(
        work_order_id=order.id,
        version=order.version,
        order_number=order.number,
        plate=order.vehicle["plate"],
        vehicle=order.vehicle_facts,
        inspections=[one.describe() for one in begun],
        to_propose=[
            FoundItem(template_code=one.template_code, item_code=item.item_code)
            for one in begun
            for item in one.to_propose(order.lines)
        ],
        templates=[one.describe() for one in templates],
        photos=newest_of(work, order.id, "finding"),
        gauges=gauges(work),
    )
