"""parts: catalogue and price list, the stock ledger, reservations, issues, and what deliveries take off stock.

Owns: parts of the catalogue, suppliers and their terms, purchase orders, stock moves and balances, stocktakes, receipts,
reservations, special orders, parts of orders, levels by hand, slips, deductions, the parts desk's tasks.
Publishes: parts.price_list.published, parts.reservation.reserved and .released, parts.slip.issued and .returned,
parts.deduction.deducted and .undone, parts.special_order.*, parts.order_part.*, parts.purchase_order.*, parts.stocktake.*,
parts.supply.changed, parts.low_part.ran_low.
Consumes: gateway.dealer.recorded, booking's appointments, workshop's orders, approvals, deliveries and their reversal; its own
price lists, whose supersessions reservations follow.

Its capabilities stand in one order, each knows only those before it: catalogue, special_order and task, supplier, stock,
purchasing, reservation; then receiving, issuing, deduction and replenishing, which do not know one another; last, stocktaking.
"""
