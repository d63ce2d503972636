"""Why parts says no: code -> (en, zh)."""

REFUSALS: dict[str, tuple[str, str]] = {
    "part_number_taken": ("The catalogue has a part with this number already.", "目录中已有该件号。"),
    "part_unknown": ("The catalogue has no part with this number.", "目录中没有该件号。"),
    "successor_unknown": ("The catalogue has no part with the successor's number.", "目录中没有该替代件号。"),
    "supersession_cycle": ("The successors would lead back to the part itself.", "替代件号形成循环。"),
    "wrong_currency": ("Amounts must be in the dealer's currency.", "金额必须使用经销商的本位币。"),
    "receipt_booked_already": ("This supplier's document is booked already.", "该入库单据已入账。"),
    "same_location": ("A correction moves stock from one location to another.", "更正必须在两个不同库位之间进行。"),
    "bin_not_involved": ("A correction moves stock out of the bin or into it.", "更正必须转出或转入货位。"),
    "not_enough_stock": ("There is not that much of the part at that location.", "该库位库存不足。"),
    "reserved_for_others": ("What is left in the bin is reserved for others.", "货位余量已为其他客户预留。"),
    "beyond_approved": ("More than the customer approved cannot be issued.", "不得超出客户同意的数量领料。"),
    "beyond_issued": ("More than was issued for the line cannot be returned.", "退库数量不得超过该项目的领料数量。"),
    "order_delivered": ("The work order is delivered; nothing more can be issued to it.", "工单已交车，不得再领料。"),
    "order_void": ("The work order is void; nothing can be issued to it.", "工单已作废，不得领料。"),
    "task_not_open": ("The task is not open any more.", "该待办已关闭。"),
}
