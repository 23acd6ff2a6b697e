"""The staff's pages in English: every one of them, for each role, in each state of a case."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import yaml

from forms_app.store.row import Row
from scripts.texts import HAN
from tests.support.every_page import CASE_ROLES
from tests.support.web import House, form_on
from tests.web.test_every_case import CASES
from tests.web.test_languages import chinese_on, english

pytestmark = pytest.mark.slow

BEGINNING = 8  # letters of a text of which a page shows the beginning


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _scalars(one)
    elif isinstance(value, list):
        for one in value:
            yield from _scalars(one)
    elif isinstance(value, str):
        yield value


@cache
def _texts(name: str, content: bytes) -> frozenset[str]:
    """What a file of the office says; every test has a copy of the same."""
    if name.endswith(".yml"):
        return frozenset(_scalars(yaml.safe_load(content)))
    rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    return frozenset(cell for row in rows for cell in row)


def _data(folder: Path) -> Iterator[str]:
    """All that the office wrote into its files, and people into the database."""
    for file in (folder / "community").rglob("*"):
        if file.suffix in (".yml", ".csv"):
            yield from _texts(file.name, file.read_bytes())
    for model in Row.__subclasses__():
        for row in model.select().tuples():
            yield from (value for value in row if isinstance(value, str))


def left_in_chinese(house: House, page: str) -> list[str]:
    """What a page says in Chinese, without saying so, that is nobody's data."""
    data = sorted({text for text in _data(house.settings.data) if HAN.search(text)}, key=len)
    left = []
    for words in chinese_on(page):
        rest = words
        for text in reversed(data):
            rest = rest.replace(text, "")
            if "…" in rest and len(text) > BEGINNING:
                begun = re.escape(text[:BEGINNING]) + "[^…]*…"
                rest = re.sub(begun, "", rest)
        if HAN.search(rest):
            left.append(words)
    return left


PAGES = [
    *[(role, "/staff/") for role in (*CASE_ROLES, "admin")],
    ("community_leader", "/staff/?waits=others&overdue=1&step=handling&class=B&urgency=2"),
    ("street_leader", "/staff/?step=x&class=x&urgency=9&community=x&waits=x&overdue=x"),
    ("supervisor", "/staff/wall"),
    ("supervisor", "/staff/register"),
    ("community_leader", "/staff/register?step=closed&q=1&class=C&from=2026-01-01&overdue=1"),
    ("community_leader", "/staff/register?step=x&from=x&q=!&after=x"),
    ("community_leader", "/staff/exports"),
    ("admin", "/staff/exports"),
    ("community_leader", "/staff/ratings"),
    ("community_leader", "/staff/reports/"),
    ("worker", "/staff/issues/new"),
    ("street_leader", "/staff/issues/new"),
    ("worker", "/staff/paper"),
    ("worker", "/staff/paper?number=P26-000123-4"),
    ("community_leader", "/staff/import"),
    ("community_leader", "/staff/handover"),
    ("community_leader", "/staff/handover/worker"),
    ("community_leader", "/staff/handover/collector"),
    ("worker", "/staff/handover?mine=1"),
    ("worker", "/staff/password"),
]


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_a_page_of_the_staff_in_english_has_no_chinese_left(
    house: House, role: str, path: str
) -> None:
    page = english(house.staff(role)).get(path)
    assert page.status_code in (200, 303)
    assert left_in_chinese(house, page.text) == []


@pytest.mark.parametrize("role", ["community_leader", "street_leader", "responder", "supervisor"])
def test_a_case_in_english_has_no_chinese_left(house: House, role: str) -> None:
    visitor = english(house.staff(role))
    pages = {
        (words, path): visitor.get(f"/staff/issues/{house.number(words)}{path}")
        for words in CASES
        for path in ("", "/print", "/summons", "/links")
    }
    shown = {at: page.text for at, page in pages.items() if page.status_code == 200}
    assert shown
    left = {at: left_in_chinese(house, text) for at, text in shown.items()}
    assert {at: found for at, found in left.items() if found} == {}


def test_what_is_wrong_with_a_spreadsheet_is_said_in_english(house: House) -> None:
    visitor = english(house.staff("community_leader"))
    for content, sentence in (
        (b"\x89PNG....", "This is a picture, not a spreadsheet"),
        (b"", "This file is empty"),
        (b"<html><body>1</body></html>", "is a web page. Please open it in Excel"),
    ):
        form = form_on(visitor.get("/staff/import"), "/staff/import")
        fields = {**form.filled({}), "file": (BytesIO(content), "list.xlsx")}
        page = visitor.post("/staff/import", fields, content_type="multipart/form-data")
        assert page.status_code == 422
        assert sentence in page.text
        assert left_in_chinese(house, page.text) == []


@pytest.mark.parametrize(("path", "role"), [("/staff/issues/new", "worker"),
                                            ("/staff/password", "worker")])  # fmt: skip
def test_what_is_wrong_with_a_form_of_the_staff_is_said_in_english(
    house: House, path: str, role: str
) -> None:
    page = english(house.staff(role)).fill(path, {})
    assert page.status_code == 422
    assert left_in_chinese(house, page.text) == []
