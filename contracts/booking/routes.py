"""booking's HTTP routes."""

from contracts.booking import commands, queries
from contracts.http import Route
from contracts.roles import BOOKING_AGENT, SERVICE_ADVISOR, SERVICE_MANAGER, STAFF

FRONT = (BOOKING_AGENT, SERVICE_ADVISOR)

ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/calendar",
        request=queries.GetCalendar,
        roles=STAFF,
        summary="The booking calendar",
        summary_zh="预约日历",
    ),
    Route(
        method="PUT",
        path="/calendar",
        request=commands.SetCalendar,
        roles=(SERVICE_MANAGER,),
        if_match=True,
        summary="Set opening hours, closures and capacity",
        summary_zh="设置营业时间、休息日和接待能力",
    ),
    Route(
        method="GET",
        path="/slot-offers",
        request=queries.OfferSlots,
        roles=FRONT,
        summary="The three emptiest slots of the coming two weeks",
        summary_zh="推荐低谷时段",
    ),
    Route(
        method="POST",
        path="/appointments",
        request=commands.BookAppointment,
        roles=FRONT,
        creates=True,
        summary="Book an appointment",
        summary_zh="预约登记",
    ),
    Route(
        method="GET",
        path="/appointments",
        request=queries.ListAppointments,
        roles=STAFF,
        summary="Appointments by day and status",
        summary_zh="预约列表",
    ),
    Route(
        method="GET",
        path="/appointments/{appointment_id}",
        request=queries.GetAppointment,
        roles=STAFF,
        summary="An appointment",
        summary_zh="预约单",
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/confirm",
        request=commands.ConfirmAppointment,
        roles=FRONT,
        if_match=True,
        summary="Confirm an appointment",
        summary_zh="确认预约",
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/reschedule",
        request=commands.RescheduleAppointment,
        roles=FRONT,
        if_match=True,
        summary="Move an appointment",
        summary_zh="改期",
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/cancel",
        request=commands.CancelAppointment,
        roles=FRONT,
        if_match=True,
        summary="Cancel an appointment",
        summary_zh="取消预约",
    ),
    Route(
        method="POST",
        path="/appointments/{appointment_id}/arrive",
        request=commands.ArriveAppointment,
        roles=FRONT,
        if_match=True,
        summary="The booked car has arrived",
        summary_zh="预约车辆到店",
    ),
)
