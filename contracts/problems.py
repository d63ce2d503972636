"""What the HTTP interface says when it does not answer with a result: code -> (en, zh), one sentence each.

A problem's `type` is `urn:servicelane:problem:` and the code with dashes; the code never changes. Refusals by a rule of the trade
stand in the `refusals` of the service whose rule it is.
"""

PROBLEMS: dict[str, tuple[str, str]] = {
    "malformed_request": ("The request cannot be understood.", "请求格式无法识别。"),
    "idempotency_key_missing": ("This request needs an Idempotency-Key header.", "请求缺少 Idempotency-Key 标头。"),
    "malformed_idempotency_key": (
        "Idempotency-Key must be 1 to 128 visible ASCII characters.",
        "Idempotency-Key 须为 1 至 128 个可见 ASCII 字符。",
    ),
    "malformed_if_match": ("If-Match must be one strong ETag of ours.", "If-Match 须为系统返回的单个强 ETag。"),
    "not_authenticated": ("A valid access token is needed.", "需要有效的访问令牌。"),
    "invalid_credentials": ("Login or password is wrong.", "登录名或密码错误。"),
    "forbidden": ("Your roles do not allow this.", "您的角色无权执行此操作。"),
    "not_found": ("There is nothing here.", "未找到。"),
    "method_not_allowed": ("This method is not allowed here.", "此处不支持该方法。"),
    "not_acceptable": ("The answer cannot be given in the form asked for.", "无法以所要求的格式应答。"),
    "version_is_stale": ("The object was changed meanwhile: read it again.", "对象已被修改，请重新读取。"),
    "request_too_large": ("The request's body is too large.", "请求内容过大。"),
    "unsupported_media_type": ("The body must be application/json.", "请求内容须为 application/json。"),
    "invalid": ("The request breaks a rule of its own fields.", "请求字段不符合规则。"),
    "not_yet_known": ("The request refers to something that is not known (yet).", "请求引用的对象尚不存在或尚未同步。"),
    "idempotency_key_reused": ("The idempotency key was used for another request.", "该幂等键已用于其他请求。"),
    "if_match_missing": (
        "This request needs an If-Match header with the object's ETag.",
        "请求缺少 If-Match 标头（对象的 ETag）。",
    ),
    "too_many_requests": ("Too many requests: slow down.", "请求过于频繁，请稍后再试。"),
    "internal_error": ("Something went wrong on our side.", "系统内部错误。"),
    "service_unavailable": (
        "A service needed for this is not available now; nothing was done.",
        "所需服务暂不可用，未执行任何操作。",
    ),
    "bus_unavailable": ("The message bus is not available now; nothing was done.", "消息总线暂不可用，未执行任何操作。"),
    "bus_blocked": ("The message bus takes nothing now; nothing was done.", "消息总线暂停接收，未执行任何操作。"),
    "database_unavailable": ("A database is not available now; nothing was done.", "数据库暂不可用，未执行任何操作。"),
    "too_busy": ("Too many want the same at once; nothing was done: try again.", "当前操作过于繁忙，未执行任何操作，请重试。"),
    "shutting_down": ("This server is shutting down; nothing was done: try again.", "服务器正在关闭，未执行任何操作，请重试。"),
    "deadline_exceeded": (
        "No answer in time; the outcome is unknown: ask again with the same Idempotency-Key.",
        "未及时得到应答，结果未知，请使用相同的 Idempotency-Key 重试。",
    ),
    "outcome_unknown": (
        "The connection was lost; the outcome is unknown: ask again with the same Idempotency-Key.",
        "连接中断，结果未知，请使用相同的 Idempotency-Key 重试。",
    ),
}
