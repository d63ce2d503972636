"""The gateway's HTTP routes: the registry and accounts for the group's administrators, the timeline, the search and the change
feed for a dealer's staff, the service manager's attention list, reconciliation for both; who one is and one's sessions for
everybody who is signed in."""

from contracts.gateway import account, dealer, evidence, feed, search, session, suite
from contracts.http import Route
from contracts.roles import (
    ADMINISTRATOR,
    ANALYST,
    BOOKING_AGENT,
    DEALER_ROLES,
    DRIVER,
    PARTS_CLERK,
    QUALITY_INSPECTOR,
    SERVICE_ADVISOR,
    SERVICE_MANAGER,
    STAFF,
    TEAM_LEADER,
    TECHNICIAN,
    WORKSHOP_MANAGER,
)

ADMINISTRATORS = (ADMINISTRATOR,)
AT_THE_CAR = (SERVICE_ADVISOR, WORKSHOP_MANAGER, TEAM_LEADER, TECHNICIAN, QUALITY_INSPECTOR, PARTS_CLERK)
ATTACHMENTS = "/work-orders/{work_order_id}/attachments"
ATTACHMENT = ATTACHMENTS + "/{attachment_id}"
AT_A_LEG = (DRIVER, BOOKING_AGENT, SERVICE_ADVISOR)
LEG_ATTACHMENTS = "/legs/{leg_id}/attachments"
LEG_ATTACHMENT = LEG_ATTACHMENTS + "/{attachment_id}"

ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/work-orders/{work_order_id}/timeline", request=suite.GetWorkOrderTimeline, roles=STAFF),
    Route(method="POST", path=ATTACHMENTS, request=evidence.AttachFile, roles=AT_THE_CAR, creates=True),
    Route(method="GET", path=ATTACHMENT + "/content", request=evidence.GetAttachmentContent, roles=STAFF, delivers=True),
    Route(method="GET", path=ATTACHMENT + "/thumbnail", request=evidence.GetAttachmentThumbnail, roles=STAFF, delivers=True),
    Route(
        method="GET",
        path="/linked/attachments/{attachment_id}/content",
        request=evidence.GetLinkedContent,
        delivers=True,
        scope="link",
    ),
    Route(
        method="GET",
        path="/linked/attachments/{attachment_id}/thumbnail",
        request=evidence.GetLinkedThumbnail,
        delivers=True,
        scope="link",
    ),
    Route(method="POST", path=LEG_ATTACHMENTS, request=evidence.AttachLegFile, roles=AT_A_LEG, creates=True),
    Route(
        method="GET",
        path=LEG_ATTACHMENT + "/content",
        request=evidence.GetLegAttachmentContent,
        roles=AT_A_LEG,
        delivers=True,
    ),
    Route(
        method="GET",
        path=LEG_ATTACHMENT + "/thumbnail",
        request=evidence.GetLegAttachmentThumbnail,
        roles=AT_A_LEG,
        delivers=True,
    ),
    Route(method="GET", path="/search", request=search.Search, roles=STAFF),
    Route(method="GET", path="/changes", request=feed.WatchChanges, roles=(*STAFF, DRIVER), streams=True),
    Route(method="GET", path="/attention", request=suite.GetAttention, roles=(SERVICE_MANAGER,)),
    Route(method="GET", path="/daily-report", request=suite.GetDailyReport, roles=(SERVICE_MANAGER, WORKSHOP_MANAGER)),
    Route(method="GET", path="/reconciliation", request=suite.ReconcileDealer, roles=(SERVICE_MANAGER,)),
    Route(method="GET", path="/group/reconciliation", request=suite.ReconcileGroup, roles=ADMINISTRATORS, scope="group"),
    Route(method="POST", path="/dealers", request=dealer.RegisterDealer, roles=ADMINISTRATORS, scope="group", creates=True),
    Route(method="GET", path="/dealers", request=dealer.ListDealers, roles=(ADMINISTRATOR, ANALYST), scope="group"),
    Route(method="GET", path="/dealers/{dealer}", request=dealer.GetDealer, roles=(ADMINISTRATOR, ANALYST), scope="group"),
    Route(
        method="PUT", path="/dealers/{dealer}", request=dealer.ChangeDealer, roles=ADMINISTRATORS, scope="group", if_match=True
    ),
    Route(method="GET", path="/dealer-names", request=dealer.ListDealerNames, roles=DEALER_ROLES),
    Route(method="GET", path="/staff", request=account.ListStaff, roles=DEALER_ROLES),
    Route(method="POST", path="/accounts", request=account.CreateAccount, roles=ADMINISTRATORS, scope="group", creates=True),
    Route(method="GET", path="/accounts", request=account.ListAccounts, roles=ADMINISTRATORS, scope="group"),
    Route(method="GET", path="/accounts/{account_id}", request=account.GetAccount, roles=ADMINISTRATORS, scope="group"),
    Route(
        method="PUT",
        path="/accounts/{account_id}",
        request=account.ChangeAccount,
        roles=ADMINISTRATORS,
        scope="group",
        if_match=True,
    ),
    Route(
        method="POST",
        path="/accounts/{account_id}/set-password",
        request=account.SetPassword,
        roles=ADMINISTRATORS,
        scope="group",
    ),
    Route(method="POST", path="/api-clients", request=account.CreateApiClient, roles=ADMINISTRATORS, scope="group", creates=True),
    Route(method="GET", path="/api-clients", request=account.ListApiClients, roles=ADMINISTRATORS, scope="group"),
    Route(method="GET", path="/api-clients/{api_client_id}", request=account.GetApiClient, roles=ADMINISTRATORS, scope="group"),
    Route(
        method="PUT",
        path="/api-clients/{api_client_id}",
        request=account.ChangeApiClient,
        roles=ADMINISTRATORS,
        scope="group",
        if_match=True,
    ),
    Route(
        method="POST",
        path="/api-clients/{api_client_id}/set-secret",
        request=account.SetClientSecret,
        roles=ADMINISTRATORS,
        scope="group",
    ),
    Route(method="GET", path="/me", request=session.GetMe, scope="own"),
    Route(method="GET", path="/sessions", request=session.ListSessions, scope="own"),
    Route(method="POST", path="/sessions/{session_id}/end", request=session.EndSession, scope="own"),
    Route(method="POST", path="/sessions/end-all", request=session.EndSessions, scope="own"),
)
