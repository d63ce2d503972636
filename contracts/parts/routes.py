"""parts' HTTP routes."""

from contracts.http import Route
from contracts.parts import catalogue, deduction, issuing, receiving, reservation, special_order, stock, supplier, task
from contracts.roles import (
    BOOKING_AGENT,
    PARTS_CLERK,
    SERVICE_ADVISOR,
    SERVICE_MANAGER,
    TEAM_LEADER,
    TECHNICIAN,
    WORKSHOP_MANAGER,
)

CLERK = (PARTS_CLERK,)
READERS = (PARTS_CLERK, SERVICE_ADVISOR, TECHNICIAN, TEAM_LEADER, WORKSHOP_MANAGER)

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/parts", request=catalogue.CreatePart, roles=CLERK, creates=True),
    Route(method="GET", path="/parts", request=catalogue.ListParts, roles=READERS),
    Route(method="GET", path="/parts/lookup", request=stock.GetPart, roles=READERS),
    Route(method="GET", path="/parts/{part_id}", request=catalogue.GetCataloguePart, roles=READERS),
    Route(method="PUT", path="/parts/{part_id}", request=catalogue.ChangePart, roles=CLERK, if_match=True),
    Route(method="POST", path="/price-lists", request=catalogue.ImportPriceList, roles=CLERK),
    Route(method="POST", path="/suppliers", request=supplier.RegisterSupplier, roles=CLERK, creates=True),
    Route(method="GET", path="/suppliers", request=supplier.ListSuppliers, roles=CLERK),
    Route(method="GET", path="/suppliers/{supplier_id}", request=supplier.GetSupplier, roles=CLERK),
    Route(method="PUT", path="/suppliers/{supplier_id}", request=supplier.ChangeSupplier, roles=CLERK, if_match=True),
    Route(method="POST", path="/suppliers/{supplier_id}/approve", request=supplier.ApproveSupplier, roles=(SERVICE_MANAGER,)),
    Route(method="POST", path="/suppliers/{supplier_id}/suspend", request=supplier.SuspendSupplier, roles=(SERVICE_MANAGER,)),
    Route(method="POST", path="/suppliers/{supplier_id}/parts", request=supplier.OfferPart, roles=CLERK),
    Route(method="POST", path="/suppliers/{supplier_id}/price-lists", request=supplier.ImportSupplierPrices, roles=CLERK),
    Route(method="GET", path="/supplier-parts", request=supplier.ListSupplierParts, roles=CLERK),
    Route(method="POST", path="/stock/receipts", request=receiving.ReceiveStock, roles=CLERK, creates=True),
    Route(method="GET", path="/stock/receipts", request=receiving.ListReceipts, roles=READERS),
    Route(method="GET", path="/stock/receipts/{receipt_id}", request=receiving.GetReceipt, roles=READERS),
    Route(method="POST", path="/stock/receipts/{receipt_id}/undo", request=receiving.UndoReceipt, roles=CLERK),
    Route(method="POST", path="/stock/receipts/{receipt_id}/returns", request=receiving.ReturnToSupplier, roles=CLERK),
    Route(method="POST", path="/stock/corrections", request=receiving.CorrectStock, roles=CLERK, creates=True),
    Route(method="GET", path="/stock/moves", request=stock.ListMoves, roles=READERS),
    Route(method="GET", path="/short-parts", request=reservation.ListShortParts, roles=READERS),
    Route(method="GET", path="/reservations", request=reservation.ListReservations, roles=READERS),
    Route(method="GET", path="/appointments/{appointment_id}/reservation", request=reservation.GetReservation, roles=READERS),
    Route(method="GET", path="/work-orders/{work_order_id}/reservation", request=reservation.GetReservation, roles=READERS),
    Route(method="POST", path="/work-orders/{work_order_id}/issues", request=issuing.IssueParts, roles=CLERK, creates=True),
    Route(method="POST", path="/work-orders/{work_order_id}/returns", request=issuing.ReturnParts, roles=CLERK, creates=True),
    Route(method="GET", path="/work-orders/{work_order_id}/slips", request=issuing.ListSlips, roles=READERS),
    Route(method="GET", path="/slips/{slip_id}", request=issuing.GetSlip, roles=READERS),
    Route(method="GET", path="/work-orders/{work_order_id}/deductions", request=deduction.ListDeductions, roles=READERS),
    Route(method="GET", path="/special-orders", request=special_order.ListSpecialOrders, roles=(*READERS, BOOKING_AGENT)),
    Route(
        method="POST",
        path="/special-orders/{special_order_id}/expect",
        request=special_order.ExpectSpecialOrder,
        roles=CLERK,
    ),
    Route(method="GET", path="/parts-tasks", request=task.ListTasks, roles=READERS),
    Route(method="POST", path="/parts-tasks/{task_id}/resolve", request=task.ResolveTask, roles=CLERK),
)
