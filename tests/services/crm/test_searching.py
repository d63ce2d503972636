"""Customers are found however their name and phone are typed, the same on PostgreSQL and SQLite (Rule A5)."""

import pytest

from contracts.crm.customer import ListCustomers
from services.crm.service import CrmService
from tests.services.crm.test_files import a_customer


@pytest.fixture(params=["open_desk", "open_embedded_desk"], ids=["postgresql", "sqlite"])
def desk(request):
    """The service on each of the databases it runs on."""
    return request.getfixturevalue(request.param)(CrmService)


NAMED = {
    "Öztürk": ["ozturk", "ÖZTÜRK", "Ozturk", "o\u0308ztu\u0308rk", "ztür"],
    "İpek": ["ipek", "IPEK", "İPEK", "ıpek"],
    "Große Straße": ["grosse strasse", "GROSSE STRASSE", "große", "ssestr"],
    "王小芳": ["王小", "小芳", "wangxiaofang", "Wang Xiaofang", "wxf", "WXF", "xf"],
    "单雄信": ["shanxiongxin", "sxx"],
    "O'Connor": ["O’Connor", "oconnor", "O´Connor", "o`connor", "O\u02bcConnor"],
    "D’Angelo": ["D'Angelo", "dangelo"],
    "J.R. Ewing": ["JR Ewing", "j. r. ewing"],
    "艾力·买买提": ["艾力买买提", "艾力・买买提", "艾力•买", "ailimaimaiti", "almmt"],
    "吕布": ["lvbu", "lubu", "lübu", "lyubu", "lb"],
    "吕女士": ["lü", "LYU", "Lü Nü", "lvnvshi", "lunushi", "lns"],
    "Müller": ["Mueller", "Muller", "MÜLLER", "mu\u0308ller"],
    "Mueller": ["Müller", "mueller"],
    "Sørensen": ["Soerensen", "Sorensen"],
    "Ångström": ["Aangstroem", "angstrom"],
}


@pytest.mark.parametrize(("name", "typed"), [(name, typed) for name, all_typed in NAMED.items() for typed in all_typed])
def test_both_sides_of_a_name_are_folded_alike(desk, name, typed):
    """Not by the database, which may know no letters but English ones; Chinese names also by pinyin."""
    a_customer(desk, name="Somebody Else")
    customer = a_customer(desk, name=name)
    assert [one.id for one in desk.ask(ListCustomers(name=typed)).items] == [customer.id]


def test_zeros_are_no_piece_of_every_phone(desk):
    """The end of an order's number finds nobody whose phone merely has its last digit."""
    customer = a_customer(desk, phone="138 2222 1234")
    assert desk.ask(ListCustomers(phone="000002")).items == []
    assert [one.id for one in desk.ask(ListCustomers(phone="0138 2222")).items] == [customer.id]


SAID = "021-58881234-8006"


@pytest.mark.parametrize(
    "typed", ["+86 21 5888 1234 ext. 8006", "021-58881234-8006", "5888 1234", "021 5888", "8006", "０２１５８８８１２３４"]
)
def test_a_phone_is_shown_as_it_was_said_and_found_however_it_is_typed(desk, typed):
    """One number: with its country or without, with its extension or without, by its tail."""
    a_customer(desk)
    customer = a_customer(desk, phone=SAID)
    assert customer.phone == SAID
    assert [one.id for one in desk.ask(ListCustomers(phone=typed)).items] == [customer.id]
