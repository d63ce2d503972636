"""What scaling measured round by round: figures of one arm in one round, and of all arms at one level of history."""

from dataclasses import dataclass, field

from bench.arithmetic import Spread, ratios, spread


@dataclass
class Round:
    """One arm in one round; processor seconds per order by group of processes."""

    orders_per_second: float
    cpu: dict[str, float]
    violations: list[str] = field(default_factory=list)


@dataclass
class Arm:
    """One arm over all rounds that count, by number of the round."""

    title: str
    rounds: dict[int, Round] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def counted(self) -> dict[int, Round]:
        """Rounds after which the invariants held."""
        return {number: one for number, one in self.rounds.items() if not one.violations}

    def throughput(self) -> Spread | None:
        """Orders per second."""
        return spread([one.orders_per_second for one in self.counted.values()])

    def cpu(self) -> Spread | None:
        """Processor time per order in milliseconds, of everything but the client."""
        sums = (sum(seconds for group, seconds in one.cpu.items() if group != "client") for one in self.counted.values())
        return spread([seconds * 1000 for seconds in sums])


@dataclass
class Run:
    """All arms at one level."""

    arms: dict[str, Arm] = field(default_factory=dict)

    def ratio(self, ours: str, theirs: str) -> Spread | None:
        """Orders per second, paired by round."""
        figures = [{n: one.orders_per_second for n, one in self.arms[name].counted.items()} for name in (ours, theirs)]
        return spread(ratios(*figures))

    @property
    def invariants_ok(self) -> bool:
        """Whether every arm kept them in every round, and did not fail."""
        broken = any(arm.failures or any(one.violations for one in arm.rounds.values()) for arm in self.arms.values())
        return bool(self.arms) and not broken
