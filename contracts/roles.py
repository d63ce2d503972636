"""The roles an account or API client may have at a dealer, or in the group (Rule G1)."""

BOOKING_AGENT = "booking_agent"  # 预约专员
SERVICE_ADVISOR = "service_advisor"  # 服务顾问
WORKSHOP_MANAGER = "workshop_manager"  # 车间主管
TEAM_LEADER = "team_leader"  # 班组长
TECHNICIAN = "technician"  # 技师
QUALITY_INSPECTOR = "quality_inspector"  # 质检员
TECHNICAL_DIRECTOR = "technical_director"  # 技术总监
PARTS_CLERK = "parts_clerk"  # 配件员
CASHIER = "cashier"  # 收银员
CRM_AGENT = "crm_agent"  # 回访专员
SERVICE_MANAGER = "service_manager"  # 服务经理
GUARD = "guard"  # 保安
WASHER = "washer"  # 洗车
DRIVER = "driver"  # 取送车司机

DEALER_ROLES = (
    BOOKING_AGENT,
    SERVICE_ADVISOR,
    WORKSHOP_MANAGER,
    TEAM_LEADER,
    TECHNICIAN,
    QUALITY_INSPECTOR,
    TECHNICAL_DIRECTOR,
    PARTS_CLERK,
    CASHIER,
    CRM_AGENT,
    SERVICE_MANAGER,
    GUARD,
    WASHER,
    DRIVER,
)

TEST_DRIVERS = (
    TECHNICIAN,
    TEAM_LEADER,
    WORKSHOP_MANAGER,
    QUALITY_INSPECTOR,
    TECHNICAL_DIRECTOR,
    SERVICE_ADVISOR,
    SERVICE_MANAGER,
    DRIVER,
)
"""Who of the dealer may drive a customer's car on a road test (Rule W26)."""

ANALYST = "analyst"
ADMINISTRATOR = "administrator"

GROUP_ROLES = (ANALYST, ADMINISTRATOR)

STAFF = (
    BOOKING_AGENT,
    SERVICE_ADVISOR,
    WORKSHOP_MANAGER,
    TEAM_LEADER,
    TECHNICIAN,
    QUALITY_INSPECTOR,
    TECHNICAL_DIRECTOR,
    PARTS_CLERK,
    CASHIER,
    CRM_AGENT,
    SERVICE_MANAGER,
)
"""Who may read the shop's daily papers: a new role is not among them unless it is written here.

The service manager may do whatever any role of the dealer may.
"""
