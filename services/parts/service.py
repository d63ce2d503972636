"""What parts answers, follows and offers: one row per command, query and subscription."""

from chassis import Service, command, keep_dealer, keep_staff, query, subscribe, timer
from contracts.booking.events import (
    AppointmentAmended,
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.gateway.events import AccountRecorded, DealerRecorded
from contracts.parts.attention import FindPartsConcerns
from contracts.parts.catalogue import ChangePart, CreatePart, GetCataloguePart, ImportPriceList, ListParts
from contracts.parts.deduction import FindDeliveryDeductions, ListDeductions
from contracts.parts.events import PriceListPublished
from contracts.parts.issuing import GetSlip, IssueParts, ListSlips, ReturnParts
from contracts.parts.level import DropStockLevel, ListLowParts, ListStockLevels, SetStockLevel
from contracts.parts.order_part import ExpectOrderPart, ListOrderParts, OrderForBooking, OrderForOrder
from contracts.parts.purchasing import (
    ApprovePurchaseOrder,
    CancelPurchaseOrder,
    DraftPurchaseOrder,
    ExpectPurchaseOrder,
    GetPurchaseOrder,
    GetPurchasingSettings,
    ListArrivals,
    ListPurchaseOrders,
    ReceivePurchaseOrder,
    RedraftPurchaseOrder,
    SendPurchaseOrder,
    SetPurchasingSettings,
)
from contracts.parts.receiving import (
    CorrectStock,
    GetReceipt,
    ListReceipts,
    ReceiveStock,
    ReturnToSupplier,
    UndoReceipt,
)
from contracts.parts.replenishment import DraftProposedOrder, ProposeOrders
from contracts.parts.reservation import GetReservation, ListReservations, ListShortParts
from contracts.parts.special_order import ExpectSpecialOrder, ListSpecialOrders
from contracts.parts.stock import GetPart, ListMoves
from contracts.parts.stocktaking import (
    ApproveStocktake,
    CancelStocktake,
    CountParts,
    GetCountSheet,
    GetStocktake,
    GetStocktakingSettings,
    ListDifferences,
    ListDueCounts,
    ListStocktakes,
    OpenStocktake,
    SetStocktakingSettings,
)
from contracts.parts.supplier import (
    ApproveSupplier,
    ChangeSupplier,
    GetSupplier,
    ImportSupplierPrices,
    ListSupplierParts,
    ListSuppliers,
    OfferPart,
    RegisterSupplier,
    SuspendSupplier,
)
from contracts.parts.task import ListTasks, ResolveTask
from contracts.workshop.events import (
    DeliveryReversed,
    WorkApproved,
    WorkDeclined,
    WorkOrderDelivered,
    WorkOrderOpened,
    WorkOrderVoided,
    WorkWithdrawn,
)
from contracts.workshop.promise_events import PromiseRevised
from services.parts.catalogue import cataloguing, importing
from services.parts.catalogue import queries as catalogue_queries
from services.parts.deduction import deducting, undoing
from services.parts.deduction import queries as deduction_queries
from services.parts.issuing import issuing
from services.parts.issuing import queries as issuing_queries
from services.parts.purchasing import drafting, ordering, sourcing, special_ordering
from services.parts.purchasing import queries as purchasing_queries
from services.parts.purchasing.settings import PurchasingSettings
from services.parts.receiving import correcting, receiving, returning
from services.parts.receiving import queries as receiving_queries
from services.parts.replenishing import levelling, proposing, watching
from services.parts.replenishing import queries as replenishing_queries
from services.parts.reservation import following
from services.parts.reservation import queries as reservation_queries
from services.parts.special_order import expecting
from services.parts.special_order import queries as special_order_queries
from services.parts.stock import queries as stock_queries
from services.parts.stocktaking import approving, counting, opening
from services.parts.stocktaking import queries as stocktaking_queries
from services.parts.stocktaking.settings import StocktakingSettings
from services.parts.supplier import queries as supplier_queries
from services.parts.supplier import registering
from services.parts.task import queries as task_queries
from services.parts.task import resolving


class PartsService(Service):
    """Catalogue, stock, reservations, issues and deductions."""

    name = "parts"

    create_part = command(CreatePart, cataloguing.create)
    change_part = command(ChangePart, cataloguing.change)
    import_price_list = command(ImportPriceList, importing.import_price_list)
    register_supplier = command(RegisterSupplier, registering.register)
    change_supplier = command(ChangeSupplier, sourcing.change)
    approve_supplier = command(ApproveSupplier, sourcing.approve)
    suspend_supplier = command(SuspendSupplier, sourcing.suspend)
    offer_part = command(OfferPart, sourcing.offer)
    import_supplier_prices = command(ImportSupplierPrices, sourcing.import_prices)
    draft_purchase_order = command(DraftPurchaseOrder, drafting.draft)
    redraft_purchase_order = command(RedraftPurchaseOrder, drafting.redraft)
    approve_purchase_order = command(ApprovePurchaseOrder, ordering.approve)
    send_purchase_order = command(SendPurchaseOrder, ordering.send)
    expect_purchase_order = command(ExpectPurchaseOrder, ordering.expect)
    cancel_purchase_order = command(CancelPurchaseOrder, ordering.cancel)
    set_purchasing_settings = command(SetPurchasingSettings, ordering.set_limits)
    set_stock_level = command(SetStockLevel, levelling.put_level)
    drop_stock_level = command(DropStockLevel, levelling.drop_level)
    list_stock_levels = query(ListStockLevels, replenishing_queries.list_levels)
    list_low_parts = query(ListLowParts, replenishing_queries.list_low_parts)
    watch_stock = timer(watching.watch)
    draft_proposed_order = command(DraftProposedOrder, proposing.draft_proposed)
    receive_purchase_order = command(ReceivePurchaseOrder, receiving.receive_order)
    receive_stock = command(ReceiveStock, receiving.receive)
    undo_receipt = command(UndoReceipt, returning.undo_receipt)
    return_to_supplier = command(ReturnToSupplier, returning.return_to_supplier)
    correct_stock = command(CorrectStock, correcting.correct)
    open_stocktake = command(OpenStocktake, opening.open_count)
    count_parts = command(CountParts, counting.count)
    approve_stocktake = command(ApproveStocktake, approving.approve)
    cancel_stocktake = command(CancelStocktake, opening.cancel)
    set_stocktaking_settings = command(SetStocktakingSettings, approving.set_limits)
    book_differences = timer(approving.book_differences)
    issue_parts = command(IssueParts, issuing.issue)
    return_parts = command(ReturnParts, issuing.take_back)
    expect_special_order = command(ExpectSpecialOrder, expecting.expect)
    expect_order_part = command(ExpectOrderPart, expecting.expect_part)
    order_for_booking = command(OrderForBooking, special_ordering.order_for_booking)
    order_for_order = command(OrderForOrder, special_ordering.order_for_order)
    resolve_task = command(ResolveTask, resolving.resolve)
    get_part = query(GetPart, stock_queries.get_part)
    get_catalogue_part = query(GetCataloguePart, catalogue_queries.get_catalogue_part)
    list_parts = query(ListParts, stock_queries.list_parts)
    get_stocktake = query(GetStocktake, stocktaking_queries.get_stocktake)
    list_stocktakes = query(ListStocktakes, stocktaking_queries.list_stocktakes)
    get_count_sheet = query(GetCountSheet, stocktaking_queries.get_count_sheet)
    list_differences = query(ListDifferences, stocktaking_queries.list_differences)
    list_due_counts = query(ListDueCounts, stocktaking_queries.list_due_counts)
    get_stocktaking_settings = query(GetStocktakingSettings, stocktaking_queries.get_settings)
    list_moves = query(ListMoves, stock_queries.list_moves)
    get_supplier = query(GetSupplier, supplier_queries.get_supplier)
    list_suppliers = query(ListSuppliers, supplier_queries.list_suppliers)
    list_supplier_parts = query(ListSupplierParts, supplier_queries.list_supplier_parts)
    get_purchase_order = query(GetPurchaseOrder, purchasing_queries.get_purchase_order)
    list_purchase_orders = query(ListPurchaseOrders, purchasing_queries.list_purchase_orders)
    propose_orders = query(ProposeOrders, replenishing_queries.propose_orders)
    list_arrivals = query(ListArrivals, purchasing_queries.list_arrivals)
    get_purchasing_settings = query(GetPurchasingSettings, purchasing_queries.get_purchasing_settings)
    get_receipt = query(GetReceipt, receiving_queries.get_receipt)
    list_receipts = query(ListReceipts, receiving_queries.list_receipts)
    get_reservation = query(GetReservation, reservation_queries.get_reservation)
    list_reservations = query(ListReservations, reservation_queries.list_reservations)
    list_short_parts = query(ListShortParts, reservation_queries.list_short_parts)
    list_special_orders = query(ListSpecialOrders, special_order_queries.list_special_orders)
    list_order_parts = query(ListOrderParts, special_order_queries.list_order_parts)
    get_slip = query(GetSlip, issuing_queries.get_slip)
    list_slips = query(ListSlips, issuing_queries.list_slips)
    list_deductions = query(ListDeductions, deduction_queries.list_deductions)
    find_delivery_deductions = query(FindDeliveryDeductions, deduction_queries.find_delivery_deductions)
    find_parts_concerns = query(FindPartsConcerns, task_queries.find_parts_concerns)
    list_tasks = query(ListTasks, task_queries.list_tasks)
    record_dealer = subscribe(DealerRecorded, keep_dealer(PurchasingSettings, StocktakingSettings), any_dealer=True)
    record_staff = subscribe(AccountRecorded, keep_staff)
    follow_appointment = subscribe(
        (
            AppointmentBooked,
            AppointmentAmended,
            AppointmentRescheduled,
            AppointmentCancelled,
            AppointmentArrived,
            AppointmentMissed,
        ),
        following.follow_appointment,
    )
    follow_supersession = subscribe(PriceListPublished, following.follow_supersession)
    follow_work_order = subscribe(
        (WorkOrderOpened, WorkApproved, WorkDeclined, WorkWithdrawn, WorkOrderVoided), following.follow_work_order
    )
    follow_promise = subscribe(PromiseRevised, following.follow_promise)
    deduct_stock = subscribe(WorkOrderDelivered, deducting.deduct, prefetch=deducting.prefetch)
    undo_deduction = subscribe(DeliveryReversed, undoing.undo)
