"""What the desk owes customers: promised call-backs, and enquiries that wait for their answer; what is due first first."""

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment
from console.page import Screen, Shown
from console.speaking import t

OUTCOMES = ("booked", "later", "declined", "unreachable")
"""What the customer said of the next appointment, or that they were not reached."""
WAYS = ("phone", "sms", "email", "wechat")

CALLER = (Field("customer_name"), Field("phone"), Field("plate"))
PROMISED = (Field("about"), Moment("due_at"))
ASKED = (Field("question"), Field("channel"), Moment("due_at"))
REACHED = (Field("email"), Field("wechat"))
"""Who writes is reached in writing: one way is enough."""

screen = Screen("desk_queue", place=28, area="reception", whose=("GET", "/desk-queue"))


@screen.page(
    "/desk-queue",
    Action("called", "POST", "/calls/{of}/complete", (Field("outcome"), Field("note"))),
    Action("take-call", "POST", "/calls/{of}/take", guarded=False),
    Action("leave-call", "POST", "/calls/{of}/leave", guarded=False),
    Action("promise", "POST", "/calls", (*CALLER, *PROMISED, Field("assignee")), guarded=False),
    Action("answer", "POST", "/enquiries/{of}/answer", (Field("reply"),)),
    Action("hand-on", "POST", "/enquiries/{of}/hand-on", (Field("to"), Field("note")), guarded=False),
    Action("ask", "POST", "/enquiries", (*CALLER, *REACHED, *ASKED, Field("assignee")), guarded=False),
    settles=("late_call_back", "late_enquiry"),
)
def waiting(desk: Desk) -> Shown:
    """Who waits for what, in one answer."""
    queue = desk.get("/desk-queue")
    values = {
        "queue": queue,
        "outcomes": OUTCOMES,
        "ways": WAYS,
        "colleagues": desk.choices(queue["colleagues"]),
    }
    return Shown("desk_queue.html", t("desk_queue.title"), values)
