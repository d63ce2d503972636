"""One dealer as its staff know it: who works there, what time it is, who is free, and what its customers are up to."""

from collections import defaultdict
from collections.abc import Generator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from servicelane.client import Client, ProblemError
from servicelane.dealership import TIME_ZONE
from servicelane.health_record_sandbox import HealthRecordSandbox
from servicelane.simulation.agenda import Agenda
from servicelane.simulation.people import Town
from servicelane.simulation.rules import Sightings

T = TypeVar("T")
Found = dict[str, Any]
"""What the API answered."""

ZONE = ZoneInfo(TIME_ZONE)
OPENS, CLOSES = time(8, 30), time(18)
TECHNICIANS = ("technician", "technician_2", "technician_3")
BAYS = ("B1", "B2", "B3", "B4")


class House:
    """A dealer during simulated days. What is left to chance follows from the seed."""

    def __init__(
        self,
        dealer: str,
        number: int,
        seed: str,
        *,
        base_url: str,
        password: str,
        agenda: Agenda,
        seen: Sightings,
        records: HealthRecordSandbox,
    ) -> None:
        self.dealer = dealer
        self.number = number
        self.random = Random(f"{seed}/{dealer}")
        self.town = Town(self.random, number)
        self.agenda = agenda
        self.saw = seen.saw
        self.seen = seen
        self.records = records
        """Whoever takes the health records of all dealers, over HTTP."""
        self.others: list[House] = []
        """The other dealers of the group."""
        self.idle = {"advisor": ["advisor"], "technician": list(TECHNICIANS), "bay": list(BAYS)}
        """Who and what is free."""
        self.team_id = ""
        """The one team that all technicians are in."""
        self._base_url = base_url
        self._password = password
        self._signed_in: dict[str, tuple[date, Client]] = {}
        self._decks: defaultdict[str, list[Any]] = defaultdict(list)

    # who works here

    def staff(self, who: str) -> Client:
        """Somebody of the staff, who signed in this morning."""
        day, client = self._signed_in.get(who, (None, None))
        if client is None or day != self.today:
            client = Client.sign_in(
                self._base_url,
                self.login(who),
                self._password,
                dealer=self.dealer,
                now=lambda: self.agenda.clock.now().timestamp(),
            )
            self._signed_in[who] = self.today, client
        return client

    def by_link(self, token: str) -> Client:
        """A customer who has a one-time link, and signs in nowhere."""
        return Client.by_link(self._base_url, token, dealer=self.dealer)

    def login(self, who: str) -> str:
        """Their login."""
        return f"{self.dealer}.{who}"

    @property
    def agent(self) -> Client:
        """The desk: booking and customer care."""
        return self.staff("agent")

    @property
    def advisor(self) -> Client:
        """Who receives cars and customers."""
        return self.staff("advisor")

    @property
    def manager(self) -> Client:
        """The service manager."""
        return self.staff("manager")

    @property
    def foreman(self) -> Client:
        """Who gives out the work."""
        return self.staff("foreman")

    @property
    def clerk(self) -> Client:
        """Who keeps the parts."""
        return self.staff("clerk")

    @property
    def cashier(self) -> Client:
        """Who takes the money, and lets cars out."""
        return self.staff("cashier")

    # what time it is

    @property
    def now(self) -> datetime:
        """On the dealer's clock."""
        return self.agenda.clock.now().astimezone(ZONE)

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()

    def at(self, hour: int, minute: int = 0, *, day: int = 0) -> datetime:
        """A time of today, or so many days later."""
        return datetime.combine(self.today + timedelta(days=day), time(hour, minute), tzinfo=ZONE)

    def later(self, minutes: float) -> datetime:
        """So many minutes from now; within opening hours: what is not finished today goes on in the morning."""
        then = self.now + timedelta(minutes=minutes)
        return then if OPENS <= then.time() < CLOSES and then.date() == self.today else self.at(8, 35, day=1)

    def settle(self) -> None:
        """Let everything that was announced have its effects."""
        self.agenda.clock.settle()

    # who is free

    def one_of(self, kind: str) -> Generator[datetime, None, str]:
        """Wait for one that is free, and take it; `yield from` this."""
        while not self.idle[kind]:
            yield self.later(5)
        return self.idle[kind].pop(0)

    def let_go(self, kind: str, one: str) -> None:
        """It is free again."""
        self.idle[kind].append(one)

    # what customers are up to

    def draw(self, deck: str, cards: Sequence[tuple[T, int]]) -> T:
        """The next card of a deck: each comes as often as it says before all come again, so that rare things happen, too."""
        left = self._decks[deck]
        if not left:
            left.extend(card for card, times in cards for _ in range(times))
            self.random.shuffle(left)
        return left.pop()  # type: ignore[no-any-return]  # a deck has one kind of cards

    def one_in(self, times: int, deck: str) -> bool:
        """Whether it is one of so many, which it is once in each round."""
        return self.draw(deck, ((True, 1), (False, times - 1)))

    def refused(self, code: str, client: Client, path: str, body: Found, **how: Any) -> bool:
        """Whether the API refuses this with that code; whatever else it says is raised."""
        try:
            client.post(path, body, **how)
        except ProblemError as error:
            if error.problem["code"] != code:
                raise
            return True
        return False
