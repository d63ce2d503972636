"""The rows of the registration table that show the shop: its boards, its day, what lies on whom, a car's history (Rule W22)."""

from chassis import query
from contracts.workshop.board import GetBoard, GetMyWork
from contracts.workshop.daily_report import GetShopDay
from contracts.workshop.dispatch_proposal import ProposeDispatch
from contracts.workshop.vehicle_history import ListVehicleHistory
from services.workshop.order import queries as order
from services.workshop.shop_floor import queries as shop_floor


class BoardRows:
    """Part of `WorkshopService`."""

    get_board = query(GetBoard, shop_floor.get_board)
    propose_dispatch = query(ProposeDispatch, shop_floor.propose_dispatch)
    get_my_work = query(GetMyWork, shop_floor.get_my_work)
    list_vehicle_history = query(ListVehicleHistory, order.list_vehicle_history)
    get_shop_day = query(GetShopDay, order.get_shop_day)
