"""Why the gateway says no: code -> (en, zh)."""

REFUSALS: dict[str, tuple[str, str]] = {
    "dealer_registered": ("A dealer with this code is registered already.", "该门店代码已登记。"),
    "login_taken": ("There is an account with this login already.", "该登录名已被使用。"),
    "client_id_taken": ("There is an API client with this client id already.", "该客户端标识已被使用。"),
    "last_administrator": ("The group needs at least one active administrator.", "集团至少需要一名启用的管理员。"),
}
