"""The arms of one run, each prepared when its first pair needs it."""

from collections.abc import Callable

from bench.arms.arm import Arm, FastStreamArm, NamekoArm, RawArm
from bench.arms.ours import HttpArm, NamekoReadArm, ReadArm, ServicesArm, SharedDeployment
from bench.data.mixes import Mix
from bench.data.sandbox import Sandbox
from bench.line_up import PAIRS


class Prepared:
    """By the names of `line_up`."""

    def __init__(self, sandbox: Sandbox, mix: Mix) -> None:
        deployment = SharedDeployment(sandbox, mix)
        raw = "raw psycopg2 and py-amqp"
        self._makers: dict[str, Callable[[], Arm]] = {
            "F1": lambda: RawArm(sandbox, mix, name="F1", title=raw, batch=1),
            "F1 again": lambda: RawArm(sandbox, mix, name="F1 again", title=raw, batch=1),
            "F2": lambda: RawArm(sandbox, mix, name="F2", title="F1 in batches of 50", batch=50),
            "P1": lambda: NamekoArm(sandbox, mix),
            "P2": lambda: FastStreamArm(sandbox, mix),
            "S-svc": lambda: ServicesArm(sandbox, mix, deployment),
            "S-http": lambda: HttpArm(sandbox, mix, deployment),
            # Each on its own, equally new: the queues of both kinds of RPC have the same names.
            "read": lambda: ReadArm(sandbox, mix, SharedDeployment(sandbox, mix, "read")),
            "read over nameko": lambda: NamekoReadArm(sandbox, mix, SharedDeployment(sandbox, mix, "nameko")),
        }
        self._arms: dict[str, Arm] = {}

    def pair(self, name: str) -> tuple[Arm, Arm]:
        """Both arms of a pair."""
        ours, theirs = PAIRS[name]
        return self._arm(ours), self._arm(theirs)

    def _arm(self, name: str) -> Arm:
        if name not in self._arms:
            arm = self._makers[name]()
            arm.prepare()
            self._arms[name] = arm
        return self._arms[name]
