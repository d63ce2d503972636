"""parts' HTTP routes."""

from contracts.http import Route
from contracts.parts import commands, queries
from contracts.roles import PARTS_CLERK, SERVICE_ADVISOR, TECHNICIAN

CLERK = (PARTS_CLERK,)
READERS = (PARTS_CLERK, SERVICE_ADVISOR, TECHNICIAN)

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/parts", request=commands.CreatePart, roles=CLERK, creates=True,
          summary="Add a part to the catalogue", summary_zh="新增配件"),
    Route(method="GET", path="/parts", request=queries.ListParts, roles=READERS,
          summary="Search the catalogue", summary_zh="查询配件目录"),
    Route(method="GET", path="/parts/lookup", request=queries.GetPart, roles=READERS,
          summary="A part and its stock by number", summary_zh="按件号查询配件与库存"),
    Route(method="PUT", path="/parts/{part_id}", request=commands.ChangePart, roles=CLERK, if_match=True,
          summary="Change a part", summary_zh="修改配件"),
    Route(method="POST", path="/price-lists", request=commands.ImportPriceList, roles=CLERK,
          summary="Import a price file", summary_zh="导入价格表"),
    Route(method="POST", path="/stock/receipts", request=commands.ReceiveStock, roles=CLERK, creates=True,
          summary="Receive parts from a supplier", summary_zh="采购入库"),
    Route(method="POST", path="/stock/corrections", request=commands.CorrectStock, roles=CLERK, creates=True,
          summary="Correct stock with a reason", summary_zh="库存更正"),
    Route(method="GET", path="/stock/moves", request=queries.ListMoves, roles=READERS,
          summary="The stock ledger by part or work order", summary_zh="库存流水"),
    Route(method="GET", path="/reservations", request=queries.ListReservations, roles=READERS,
          summary="Reservations; the open ones are the pick list", summary_zh="配件预留与预拣清单"),
    Route(method="GET", path="/appointments/{appointment_id}/reservation", request=queries.GetReservation, roles=READERS,
          summary="Parts reserved for an appointment", summary_zh="预约的预留配件"),
    Route(method="GET", path="/work-orders/{work_order_id}/reservation", request=queries.GetReservation, roles=READERS,
          summary="Parts reserved for a work order", summary_zh="工单的预留配件"),
    Route(method="POST", path="/work-orders/{work_order_id}/issues", request=commands.IssueParts, roles=CLERK, creates=True,
          summary="Issue parts to a technician", summary_zh="领料出库"),
    Route(method="POST", path="/work-orders/{work_order_id}/returns", request=commands.ReturnParts, roles=CLERK, creates=True,
          summary="Take unused parts back", summary_zh="余料退库"),
    Route(method="GET", path="/slips/{slip_id}", request=queries.GetSlip, roles=READERS,
          summary="An issue or return slip", summary_zh="出库单或退库单"),
    Route(method="GET", path="/work-orders/{work_order_id}/deductions", request=queries.ListDeductions, roles=READERS,
          summary="What a work order's deliveries took off stock", summary_zh="工单交车扣减"),
    Route(method="GET", path="/parts-tasks", request=queries.ListTasks, roles=READERS,
          summary="Tasks of the parts desk", summary_zh="配件待办"),
    Route(method="POST", path="/parts-tasks/{task_id}/resolve", request=commands.ResolveTask, roles=CLERK, if_match=True,
          summary="Resolve a task", summary_zh="完成配件待办"),
)
