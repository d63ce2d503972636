"""Customers and their cars, made up: Chinese names, phones, plates, chassis numbers with their check digit, complaints."""

from dataclasses import dataclass
from itertools import count
from random import Random

FAMILY = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗"
GIVEN = (
    "芳",
    "伟",
    "娜",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "建国",
    "志强",
    "丽华",
)
MODELS = (("Volkswagen", "Passat"), ("Volkswagen", "Golf"), ("Volkswagen", "Tiguan"), ("Volkswagen", "Lavida"))
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
COMPLAINTS = (
    "保养，刹车时有异响",
    "冷车启动困难",
    "方向盘向右跑偏",
    "空调不制冷",
    "高速行驶时车身抖动",
    "发动机故障灯亮",
    "右后门异响",
    "急加速无力",
)

_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))


@dataclass
class Car:
    """A customer with their car, as the reception meets them; the ids are there once they have a file at the dealer."""

    name: str
    phone: str
    vin: str
    plate: str
    make: str
    model: str
    mileage: int
    complaint: str
    customer_id: str = ""
    vehicle_id: str = ""
    electric: bool = False
    battery: float = 100
    """Percent of its capacity, as last measured."""

    @property
    def at_another_dealer(self) -> "Car":
        """The same car, where nobody has a file of it."""
        return Car(**{**vars(self), "customer_id": "", "vehicle_id": ""})


class Town:
    """Where the customers of a dealer live; no two of its cars have one plate, phone or chassis number."""

    def __init__(self, random: Random, number: int) -> None:
        self._random = random
        self._number = number
        self._cars = count(1)

    def electric_car(self) -> Car:
        """The next customer, whose car has a traction battery."""
        return Car(**{**vars(self.car()), "model": "ID.4", "complaint": "续航里程变短", "electric": True})

    def car(self) -> Car:
        """The next customer with their car."""
        pick, number = self._random, next(self._cars)
        make, model = pick.choice(MODELS)
        return Car(
            name=pick.choice(FAMILY) + pick.choice(GIVEN),
            phone=f"+86 139 {self._number:04d} {number:04d}",
            vin=with_check_digit(f"LSVA{self._number:03d}J0VC{number:06d}"),
            plate=f"沪{PLATE_LETTERS[self._number % 24]}·{PLATE_LETTERS[self._number // 24]}{number:04d}",
            make=make,
            model=model,
            mileage=pick.randrange(8_000, 90_000),
            complaint=pick.choice(COMPLAINTS),
        )


def with_check_digit(vin: str) -> str:
    """The chassis number with its ninth place as ISO 3779 wants it."""
    rest = sum((_LETTERS.get(one) or int(one)) * weight for one, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return f"{vin[:8]}{'X' if rest == 10 else rest}{vin[9:]}"
