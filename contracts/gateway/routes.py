"""The gateway's HTTP routes: the registry and accounts for the group's administrators, the timeline for a dealer's staff,
reconciliation for both."""

from contracts.gateway import commands, queries
from contracts.http import Route
from contracts.roles import ADMINISTRATOR, ANALYST, SERVICE_MANAGER, STAFF

ADMINISTRATORS = (ADMINISTRATOR,)

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/work-orders/{work_order_id}/timeline", request=queries.GetWorkOrderTimeline, roles=STAFF,
          summary="The causal timeline of a work order across all services", summary_zh="工单全程时间线"),
    Route(method="GET", path="/reconciliation", request=queries.ReconcileDealer, roles=(SERVICE_MANAGER,),
          summary="What is missing or double after the dealer's deliveries", summary_zh="本店交车对账核验"),
    Route(method="GET", path="/group/reconciliation", request=queries.ReconcileGroup, roles=ADMINISTRATORS, scope="group",
          summary="What is missing or double after the group's deliveries", summary_zh="集团交车对账核验"),
    Route(method="POST", path="/dealers", request=commands.RegisterDealer, roles=ADMINISTRATORS, scope="group", creates=True,
          summary="Register a dealer", summary_zh="登记门店"),
    Route(method="GET", path="/dealers", request=queries.ListDealers, roles=(ADMINISTRATOR, ANALYST), scope="group",
          summary="The group's dealers", summary_zh="门店列表"),
    Route(method="GET", path="/dealers/{dealer}", request=queries.GetDealer, roles=(ADMINISTRATOR, ANALYST), scope="group",
          summary="A dealer's registration", summary_zh="门店登记信息"),
    Route(method="PUT", path="/dealers/{dealer}", request=commands.ChangeDealer, roles=ADMINISTRATORS, scope="group",
          if_match=True, summary="Change a dealer's registration", summary_zh="修改门店登记信息"),
    Route(method="POST", path="/accounts", request=commands.CreateAccount, roles=ADMINISTRATORS, scope="group", creates=True,
          summary="Open an account", summary_zh="新建账号"),
    Route(method="GET", path="/accounts", request=queries.ListAccounts, roles=ADMINISTRATORS, scope="group",
          summary="The group's accounts", summary_zh="账号列表"),
    Route(method="GET", path="/accounts/{account_id}", request=queries.GetAccount, roles=ADMINISTRATORS, scope="group",
          summary="An account", summary_zh="账号"),
    Route(method="PUT", path="/accounts/{account_id}", request=commands.ChangeAccount, roles=ADMINISTRATORS, scope="group",
          if_match=True, summary="Change or lock an account", summary_zh="修改或停用账号"),
    Route(method="POST", path="/accounts/{account_id}/set-password", request=commands.SetPassword, roles=ADMINISTRATORS,
          scope="group", if_match=True, summary="Set an account's password", summary_zh="重置账号密码"),
    Route(method="POST", path="/api-clients", request=commands.CreateApiClient, roles=ADMINISTRATORS, scope="group", creates=True,
          summary="Let a program in", summary_zh="新建接口客户端"),
    Route(method="GET", path="/api-clients", request=queries.ListApiClients, roles=ADMINISTRATORS, scope="group",
          summary="The group's API clients", summary_zh="接口客户端列表"),
    Route(method="GET", path="/api-clients/{api_client_id}", request=queries.GetApiClient, roles=ADMINISTRATORS, scope="group",
          summary="An API client", summary_zh="接口客户端"),
    Route(method="PUT", path="/api-clients/{api_client_id}", request=commands.ChangeApiClient, roles=ADMINISTRATORS,
          scope="group", if_match=True, summary="Change or lock an API client", summary_zh="修改或停用接口客户端"),
    Route(method="POST", path="/api-clients/{api_client_id}/set-secret", request=commands.SetClientSecret, roles=ADMINISTRATORS,
          scope="group", if_match=True, summary="Set an API client's secret", summary_zh="重置接口客户端密钥"),
)
