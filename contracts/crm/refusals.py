"""Why crm says no: code -> (en, zh)."""

REFUSALS: dict[str, tuple[str, str]] = {
    "vin_taken": ("A vehicle with this VIN is registered already.", "该车架号的车辆已登记。"),
    "follow_up_completed": ("The follow-up is completed already.", "该回访任务已完成。"),
    "follow_up_cancelled": ("The follow-up was cancelled, because the delivery was reversed.", "交车已撤销，该回访任务已取消。"),
    "customer_not_reached": ("Record the attempt that reached the customer first.", "请先记录已联系到客户的回访。"),
    "customer_not_tried": ("Nobody has tried to reach the customer yet.", "尚未联系过客户。"),
    "customer_was_reached": ("The customer was reached: record the answer instead.", "已联系到客户，请记录客户的答复。"),
}
