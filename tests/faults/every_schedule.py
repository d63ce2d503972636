"""Every job that runs by the clock in every service: made due again, and counted."""

from dataclasses import dataclass

from tests.faults.fleet import Fleet


@dataclass(frozen=True)
class Schedule:
    """A job that every service runs by the clock; its run is recorded once under the time it was due."""

    name: str

    def make_due(self, fleet: Fleet, service: str) -> None:
        """As if its last run had not been: whoever leads next makes up for it. The one before it is there."""
        for statement in (
            "DELETE FROM schedule_run WHERE schedule = :name",
            "INSERT INTO schedule_run (schedule, due) VALUES (:name, now() - interval '5 days')",
        ):
            fleet.change(service, statement, name=self.name)

    def times(self, fleet: Fleet, service: str) -> int:
        """How often it ran since."""
        query = "SELECT 1 FROM schedule_run WHERE schedule = :name AND due > now() - interval '2 days'"
        return len(fleet.rows(service, query, name=self.name))


SCHEDULES = (Schedule("chassis.purge"),)
