"""workshop: work orders from opening to delivery.

Owns: the reception lane with its cars and escalations; work orders with their lines, estimates, authorisation ledger, clockings,
deliveries and attachments; the dealer's reception and workshop settings and menu prices; the group's operations and model
coefficients, which are shared by all dealers (`operation`, `model_coefficient`, `model_alias`).
Publishes: `workshop.work_order.*`, above all WorkOrderDelivered and DeliveryReversed; `workshop.lane_car.*`,
`workshop.lane_alert.*`, `workshop.attachment.added`.
Consumes: appointments (booking), customers and vehicles (crm), price lists, reservations and slips (parts), tax rates, used gate
passes and what became of reversals (billing), dealers (gateway).

Capabilities, lowest first; each may import those before it, and those on one line know nothing of one another:
projections · lane, pricing · order · reception, agreement, shop_floor, handing_over, evidence.
"""
