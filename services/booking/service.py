"""What booking answers, which events it takes, and what it does when it is due."""

from chassis import Service, command, keep_dealer, keep_staff, query, subscribe, timer
from contracts.billing.events import DepositTaken, PaymentRefunded
from contracts.booking.appointment import (
    AmendAppointment,
    ArriveAppointment,
    BookAppointment,
    CancelAppointment,
    ChooseCustomer,
    ConfirmAppointment,
    GetAppointment,
    ListAppointments,
    RescheduleAppointment,
)
from contracts.booking.attention import FindBookingConcerns
from contracts.booking.briefing import GetBriefing
from contracts.booking.calendar import GetCalendar, ListFreePlaces, ListServiceTypes, OfferSlots, SetCalendar
from contracts.booking.conversion import MeasureConversion
from contracts.booking.loaner import (
    AddLoaner,
    CancelLoan,
    GetLoan,
    LendLoaner,
    ListLoaners,
    ListLoans,
    MoveLoan,
    RecordLoanSheet,
    ReinstateLoaner,
    SignLoanSheet,
    WithdrawLoaner,
)
from contracts.booking.occupancy import GetOccupancy
from contracts.booking.plan import GetDayPlan, GetFortnight
from contracts.booking.rescue import (
    CloseRescue,
    GetRescue,
    LinkRescue,
    ListRescues,
    RecordRescueArrival,
    RecordTow,
    ReportRescue,
)
from contracts.booking.searching import SearchAppointments
from contracts.booking.task import ListBookingTasks
from contracts.crm.events import CustomerRecorded, FollowUpCompleted, InvitationMade, VehicleRecorded
from contracts.gateway.events import AccountRecorded, DealerRecorded
from contracts.parts.events import (
    PartsPrePicked,
    PriceListPublished,
    SpecialOrderChanged,
    SpecialOrderRaised,
    SpecialOrderSettled,
    SpecialOrderWithdrawn,
)
from contracts.workshop.events import OperationsPublished, WorkOrderClosed, WorkOrderOpened, WorkOrderVoided
from contracts.workshop.leg_events import (
    LegAsked,
    LegCancelled,
    LegCollected,
    LegDone,
    LegFailed,
    LegPlanned,
    LegReplanned,
    LegStarted,
)
from contracts.workshop.reception_events import CarLeftLane, ComebackFound
from services.booking.appointment import arriving, booking, filing, offering, reminding, tagging
from services.booking.appointment import queries as appointment_queries
from services.booking.briefing import queries as briefing_queries
from services.booking.briefing import telling
from services.booking.calendar.calendar import Calendar
from services.booking.loaner import keeping, lending, signing
from services.booking.loaner import queries as loaner_queries
from services.booking.planning import queries as planning_queries
from services.booking.planning import setting
from services.booking.projections import recording
from services.booking.rescue import queries as rescue_queries
from services.booking.rescue import rescuing
from services.booking.task import queries as task_queries
from services.booking.task import watching


class BookingService(Service):
    """Calendar, capacity and appointments."""

    name = "booking"

    set_calendar = command(SetCalendar, setting.set_calendar)
    get_calendar = query(GetCalendar, planning_queries.get_calendar)
    list_service_types = query(ListServiceTypes, planning_queries.list_service_types)
    offer_slots = query(OfferSlots, planning_queries.offer_slots)
    list_free_places = query(ListFreePlaces, planning_queries.list_free_places)
    get_day_plan = query(GetDayPlan, planning_queries.get_day_plan)
    get_fortnight = query(GetFortnight, planning_queries.get_fortnight)
    measure_conversion = query(MeasureConversion, planning_queries.measure_conversion)
    get_occupancy = query(GetOccupancy, planning_queries.get_occupancy)

    book_appointment = command(BookAppointment, booking.book)
    amend_appointment = command(AmendAppointment, booking.amend)
    confirm_appointment = command(ConfirmAppointment, booking.confirm)
    reschedule_appointment = command(RescheduleAppointment, booking.reschedule)
    cancel_appointment = command(CancelAppointment, booking.cancel)
    choose_customer = command(ChooseCustomer, filing.choose_customer)
    arrive_appointment = command(ArriveAppointment, rescuing.arrive)
    miss_appointment = timer(arriving.miss)
    lapse_offer = timer(offering.lapse_offer)
    brief_director = timer(telling.brief_director)
    get_briefing = query(GetBriefing, briefing_queries.get_briefing)
    remind_customer = timer(reminding.remind_customer)
    fulfil_appointment = subscribe(WorkOrderOpened, rescuing.fulfil)
    reopen_appointment = subscribe(WorkOrderVoided, arriving.reopen)
    send_appointment_on = subscribe(CarLeftLane, arriving.send_on)
    get_appointment = query(GetAppointment, appointment_queries.get_appointment)
    list_appointments = query(ListAppointments, appointment_queries.list_appointments)
    search_appointments = query(SearchAppointments, appointment_queries.search_appointments)

    add_loaner = command(AddLoaner, keeping.add)
    withdraw_loaner = command(WithdrawLoaner, keeping.withdraw)
    reinstate_loaner = command(ReinstateLoaner, keeping.reinstate)
    list_loaners = query(ListLoaners, loaner_queries.list_loaners)
    lend_loaner = command(LendLoaner, lending.lend)
    move_loan = command(MoveLoan, lending.move)
    cancel_loan = command(CancelLoan, lending.cancel)
    record_loan_sheet = command(RecordLoanSheet, signing.record)
    sign_loan_sheet = command(SignLoanSheet, signing.sign)
    get_loan = query(GetLoan, loaner_queries.get_loan)
    list_loans = query(ListLoans, loaner_queries.list_loans)

    report_rescue = command(ReportRescue, rescuing.report)
    record_tow = command(RecordTow, rescuing.record_tow)
    record_rescue_arrival = command(RecordRescueArrival, rescuing.record_arrival)
    link_rescue = command(LinkRescue, rescuing.link)
    close_rescue = command(CloseRescue, rescuing.close)
    get_rescue = query(GetRescue, rescue_queries.get_rescue)
    list_rescues = query(ListRescues, rescue_queries.list_rescues)

    watch_arrival = timer(watching.watch_arrival)
    answer_request = timer(watching.answer_request)
    find_booking_concerns = query(FindBookingConcerns, task_queries.find_booking_concerns)
    list_booking_tasks = query(ListBookingTasks, task_queries.list_booking_tasks)

    record_dealer = subscribe(DealerRecorded, keep_dealer(Calendar), any_dealer=True)
    record_staff = subscribe(AccountRecorded, keep_staff)
    record_customer = subscribe(CustomerRecorded, filing.record_customer)
    record_vehicle = subscribe(VehicleRecorded, filing.record_vehicle)
    record_comeback = subscribe(ComebackFound, tagging.record_comeback)
    record_follow_up = subscribe(FollowUpCompleted, tagging.record_follow_up)
    record_invitation = subscribe(InvitationMade, recording.record_invitation)
    record_operations = subscribe(OperationsPublished, recording.record_operations)
    follow_special_order = subscribe(
        (SpecialOrderRaised, SpecialOrderChanged, SpecialOrderSettled, SpecialOrderWithdrawn), watching.follow_special_order
    )
    record_order = subscribe(WorkOrderOpened, recording.record_order)
    end_order = subscribe((WorkOrderVoided, WorkOrderClosed), recording.end_order)
    record_pre_picked = subscribe(PartsPrePicked, recording.record_pre_picked)
    follow_leg = subscribe(
        (LegPlanned, LegReplanned, LegAsked, LegStarted, LegDone, LegFailed, LegCancelled, LegCollected), recording.follow_leg
    )
    record_deposit = subscribe(DepositTaken, recording.record_deposit)
    record_refund = subscribe(PaymentRefunded, recording.record_refund)
    record_parts = subscribe(PriceListPublished, recording.record_parts)
