"""Whoever reads English meets names and what people wrote in Chinese, and nothing else anywhere."""

from collections.abc import Iterator

import pytest
from msgspec import Struct
from msgspec.structs import astuple

from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue, Measure, Party, Summons
from scripts.texts import HAN
from tests.support.web import House, Visitor
from tests.web.test_languages import chinese_on, english

pytestmark = pytest.mark.slow

SEARCHES = ("路灯坏了归谁管", "医保", "zzz")
ROLES = ("community_leader", "worker", "street_leader", "supervisor", "collector", "admin", "bob")
STAFF = (
    "/staff/", "/staff/register", "/staff/months", "/staff/ratings", "/staff/exports",
    "/staff/incidents", "/staff/incidents/new", "/staff/paper", "/staff/import",
    "/staff/handover", "/staff/issues/new", "/staff/accounts", "/staff/callers", "/staff/wall",
    "/staff/second-factor", "/staff/sign-ins", "/staff/register/paper", "/staff/contacts",
    "/staff/answers", "/staff/password",
)  # fmt: skip


def data_of(house: House) -> list[str]:
    """Whatever the office's files and the rows say in Chinese, longest first."""
    found: set[str] = set()
    _gather((house.circle, house.circle.masthead), found)
    for table in (Issue, Account, Entry, Summons, Party, Measure):
        for row in table.select():
            # What a resident is told of a move is ours, and has its English.
            told = {name: one for name, one in row.__data__.items() if name != "resident_line"}
            found.update(value for value in told.values() if isinstance(value, str))
    lines = {line.strip() for text in found for line in text.splitlines()}
    return sorted((text for text in found | lines if HAN.search(text)), key=len, reverse=True)


def _gather(value: object, found: set[str]) -> None:
    if isinstance(value, str):
        found.add(str(value))
    elif isinstance(value, dict):
        for one in value.values():
            _gather(one, found)
    elif isinstance(value, list | tuple | frozenset):
        for one in value:
            _gather(one, found)
    elif isinstance(value, Struct):
        for one in astuple(value):
            _gather(one, found)


def residents(house: House) -> Iterator[tuple[Visitor, str]]:
    # One issue of each standing is enough: every other page of it says the same.
    standings = {(one.step, one.round_no, one.service): one.number for one in Issue.select()}
    for number in standings.values():
        holder = house.holder(number)
        for tail in ("", "/own", "/own/erase", "/withdraw"):
            yield holder, f"/issues/{number}{tail}"
    visitor = house.visitor()
    service = next(iter(house.circle.services))
    for path in ("/issues/new", "/issues/", f"/ratings/new?about=service:{service}"):
        yield visitor, path
    for words in SEARCHES:
        yield visitor, f"/search?q={words}"


def left_on(visitor: Visitor, path: str, data: list[str]) -> list[str]:
    answer = english(visitor).get(path)
    return [] if answer.status_code != 200 else chinese_on(answer.text, *data)


def test_residents_meet_nothing_but_names_and_what_people_wrote(house: House) -> None:
    data = [*data_of(house), *SEARCHES]
    left = {
        path: found for visitor, path in residents(house) if (found := left_on(visitor, path, data))
    }
    assert left == {}


@pytest.mark.parametrize("role", ROLES)
def test_staff_meet_nothing_but_names_and_what_people_wrote(house: House, role: str) -> None:
    data = data_of(house)
    staff = house.staff(role)
    assert {path: found for path in STAFF if (found := left_on(staff, path, data))} == {}
