"""crm's HTTP routes."""

from contracts.crm import commands, queries
from contracts.http import Route
from contracts.roles import BOOKING_AGENT, CASHIER, CRM_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER, STAFF

FRONT = (BOOKING_AGENT, SERVICE_ADVISOR, CRM_AGENT)

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/customers", request=commands.RegisterCustomer, roles=FRONT, creates=True,
          summary="Register a customer", summary_zh="登记客户"),
    Route(method="GET", path="/customers", request=queries.ListCustomers, roles=(*FRONT, CASHIER),
          summary="Search customers", summary_zh="查询客户"),
    Route(method="GET", path="/customers/{customer_id}", request=queries.GetCustomer, roles=(*FRONT, CASHIER),
          summary="A customer", summary_zh="客户档案"),
    Route(method="PUT", path="/customers/{customer_id}", request=commands.ChangeCustomer, roles=FRONT, if_match=True,
          summary="Change a customer", summary_zh="修改客户档案"),
    Route(method="POST", path="/vehicles", request=commands.RegisterVehicle, roles=FRONT, creates=True,
          summary="Register a vehicle", summary_zh="登记车辆"),
    Route(method="GET", path="/vehicles", request=queries.FindVehicle, roles=STAFF,
          summary="Find a vehicle by VIN or plate", summary_zh="按车架号或车牌查询车辆"),
    Route(method="GET", path="/vehicles/{vehicle_id}", request=queries.GetVehicle, roles=STAFF,
          summary="A vehicle with its history", summary_zh="车辆档案"),
    Route(method="PUT", path="/vehicles/{vehicle_id}", request=commands.ChangeVehicle, roles=FRONT, if_match=True,
          summary="Change a vehicle", summary_zh="修改车辆档案"),
    Route(method="GET", path="/follow-ups", request=queries.ListFollowUps, roles=(CRM_AGENT, SERVICE_ADVISOR),
          summary="Follow-ups by state and due time", summary_zh="回访任务列表"),
    Route(method="GET", path="/follow-ups/{follow_up_id}", request=queries.GetFollowUp, roles=(CRM_AGENT, SERVICE_ADVISOR),
          summary="A follow-up", summary_zh="回访任务"),
    Route(method="POST", path="/follow-ups/{follow_up_id}/attempts", request=commands.RecordAttempt, roles=(CRM_AGENT,),
          if_match=True, summary="Record an attempt to reach the customer", summary_zh="记录回访联系"),
    Route(method="POST", path="/follow-ups/{follow_up_id}/complete", request=commands.CompleteFollowUp, roles=(CRM_AGENT,),
          if_match=True, summary="Complete a follow-up", summary_zh="完成回访"),
    Route(method="GET", path="/crm-settings", request=queries.GetCrmSettings, roles=(SERVICE_MANAGER,),
          summary="The dealer's customer care settings", summary_zh="客户关怀设置"),
    Route(method="PUT", path="/crm-settings", request=commands.ChangeCrmSettings, roles=(SERVICE_MANAGER,), if_match=True,
          summary="Change the dealer's customer care settings", summary_zh="修改客户关怀设置"),
)
