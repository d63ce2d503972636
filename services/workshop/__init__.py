"""workshop: work orders from opening to delivery.

Owns: the reception lane with its cars and escalations; work orders with their lines, estimates, authorisation ledger and
links, promises, clockings, deliveries and attachments, walk-arounds and custody, comebacks, multi-point inspections;
equipment, its services, and tools that are lent; of its people the teams, shifts, absences, certificates and trainings; the
dealer's reception, team and workshop settings and menu prices; what all dealers share: the group's operations, inspection
templates and model coefficients, which work was done on which car and which declined, which accounts are one person's
(`operation`, `inspection_template`, `model_coefficient`, `model_alias`, `done_repair`, `declined_work`,
`person_account`, `battery_trend`).
Publishes: `workshop.work_order.*`, above all WorkOrderDelivered and DeliveryReversed; `workshop.walk_around.signed`,
`workshop.comeback.found`, `workshop.lane_car.*`, `workshop.lane_alert.*`, `workshop.attachment.added`,
`workshop.signing_link.*`, `workshop.visit_link.*`, `workshop.equipment.*`, `workshop.tool_loan.*`, `workshop.wash.*`,
`workshop.road_test.*`, `workshop.certificate.*`, `workshop.delivery_time.*`, `workshop.observation.*`,
`workshop.promise.*`, `workshop.progress.*`, `workshop.isolation.*`,
`workshop.completion_certificate.*`, `workshop.battery.measured`.
Consumes: opening hours and appointments (booking), customers and vehicles (crm), price lists, reservations, special orders and
slips (parts), tax rates, used gate passes and what became of reversals (billing), dealers (gateway).

Capabilities, lowest first; each may import those before it, and those between the same dots know nothing of one another:
projections · lane, pricing, team · equipment · order · evidence · delivery_time, leg, observation ·
completion, multi_point · shop_floor · promise · reception, agreement, handing_over · order_file · visit.
"""
