"""The earmarked funds and residents' meetings (专项经费和居民议事): each year's sums, what each
line was for, what each meeting decided.

What is told was reviewed by the office, in its own words; nobody's name is among it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.funds import ENTRY_LABELS, street_of
from forms_app.rules.meetings import AGREED, OUTCOMES
from forms_app.rules.projects import yuan
from pages.packages import csv_of, resource, zipped
from pages.record_tables import NAME, Table, fields
from pages.rendering import file_of, page, render

YEARS = 3  # on the first page; the tables have all
NEWEST = 6  # meetings on the first page
MOST_LINES, MOST_MEETINGS = 60, 20  # on a book's page
FOLDER, ADDRESS = "funds/data/", "funds/funds.zip"


class Line(Struct, frozen=True):
    """One line of a book, in words that were reviewed."""

    place: int
    on: str  # ISO date, as is decided_on
    kind: str  # of funds.ENTRY_LABELS
    told: str
    amount_fen: int
    corrects: int | None
    decided_on: str = ""  # the day of a meeting that is told of, too


class Book(Struct, frozen=True):
    """A year of a book, in fen."""

    book_id: str
    year: int
    granted: int
    planned: int
    spent: int
    left: int
    lines: tuple[Line, ...]


class Item(Struct, frozen=True):
    place: int
    told: str
    outcome: str  # of meetings.OUTCOMES; "": none yet
    cost_fen: int


class Meeting(Struct, frozen=True):
    community_id: str
    held_on: str
    attended: int
    satisfied_tenths: int | None
    items: tuple[Item, ...]


class Money(Struct, frozen=True):
    """What the forms app handed over: books by year, the newest first, as are the meetings."""

    books: tuple[Book, ...] = ()
    meetings: tuple[Meeting, ...] = ()


class Owner(Struct, frozen=True):
    """A community or a sub-district, with what is told of it."""

    book_id: str
    name: str
    path: str  # below the root
    books: tuple[Book, ...]
    meetings: tuple[Meeting, ...]

    def decided(self, year: int) -> int | None:
        """What its meetings of a year agreed to spend, in fen; None of a sub-district."""
        if street_of(self.book_id) is not None:
            return None
        held = (one for one in self.meetings if one.held_on.startswith(f"{year}-"))
        return sum(item.cost_fen for one in held for item in one.items if item.outcome == AGREED)


def money_of(content: bytes) -> Money:
    """What was handed over as JSON. Raises ValueError, KeyError and TypeError where it is not."""
    told: Mapping[str, Any] = json.loads(content)
    return Money(
        tuple(
            Book(**{**one, "lines": tuple(Line(**line) for line in one["lines"])})
            for one in told["books"]
        ),
        tuple(
            Meeting(**{**one, "items": tuple(Item(**item) for item in one["items"])})
            for one in told["meetings"]
        ),
    )


def parts(circle: Circle, money: Money) -> dict[str, str]:
    """The sums of the newest years, the newest meetings, and the ways to each book."""
    return {
        "funds-index": render("funds_index.html", {**newest(circle, money), "OUTCOMES": OUTCOMES})
    }


def newest(circle: Circle, money: Money) -> dict[str, object]:
    """What the first page tells, by its template's names."""
    owners = owners_of(circle, money)
    years = sorted({book.year for owner in owners for book in owner.books}, reverse=True)[:YEARS]
    held = [
        (owner.name, one, date.fromisoformat(one.held_on))
        for owner in owners
        for one in owner.meetings
    ]
    return {
        "years": [(year, _rows(owners, year)) for year in years],
        "meetings": sorted(held, key=lambda told: told[2], reverse=True)[:NEWEST],
        "owners": owners,
        "yuan": _yuan,
    }


def pages(circle: Circle, money: Money) -> dict[str, str]:
    """A page for each community and sub-district of which anything is told, by path."""
    return {file_of(one.path): _page(one) for one in owners_of(circle, money)}


def files(circle: Circle, money: Money) -> dict[str, bytes]:
    """The tables and the package of them, by path; none as long as nothing is told."""
    owners = owners_of(circle, money)
    if not owners:
        return {}
    tables = _tables(owners)
    made = {f"{table.name}.csv": csv_of(table) for table in tables}
    told = {
        "profile": "tabular-data-package",
        "name": "ten-minute-circle-funds",
        "title": f"{circle.name}专项经费和居民议事" + ("（示例）" if circle.sample else ""),
        "description": "钱数都是分；只有审核过的。还剩的是拨入减去支出，更正算在它更正的那一种里。",
        "resources": [resource(table) for table in tables],
    }
    made["datapackage.json"] = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return {ADDRESS: zipped(made)} | {f"{FOLDER}{name}": text for name, text in made.items()}


def owners_of(circle: Circle, money: Money) -> tuple[Owner, ...]:
    """The sub-districts first, then the communities, of those that the circle still has."""
    ids = dict.fromkeys(
        [*(one.book_id for one in money.books), *(one.community_id for one in money.meetings)]
    )
    streets = [key for key in ids if street_of(key) is not None]
    places = [key for key in circle.communities if key in ids]
    found = []
    for key in (*streets, *places):
        street = street_of(key)
        if street is None:
            name, path = circle.communities[key].name, f"funds/{key}/"
        elif street in circle.subdistricts:
            name, path = circle.subdistricts[street].name, f"funds/streets/{street}/"
        elif not street:
            name, path = circle.subdistrict, "funds/streets/only/"
        else:
            continue
        found.append(
            Owner(
                key, name, path,
                tuple(one for one in money.books if one.book_id == key),
                tuple(one for one in money.meetings if one.community_id == key),
            )
        )  # fmt: skip
    return tuple(found)


def _rows(owners: Sequence[Owner], year: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, path and sums of each that has a book of the year; all communities' at the end."""
    rows, sums = [], []
    for owner in owners:
        for book in (one for one in owner.books if one.year == year):
            decided = owner.decided(year)
            amounts = (book.granted, book.planned, decided, book.spent, book.left)
            rows.append((owner.name, owner.path, tuple(map(_yuan, amounts))))
            if decided is not None:
                sums.append((book.granted, book.planned, decided, book.spent, book.left))
    if len(sums) > 1:
        rows.append(
            ("各社区合计", "", tuple(_yuan(sum(column)) for column in zip(*sums, strict=True)))
        )
    return rows


def values_of(owner: Owner) -> dict[str, object]:
    """What the page of one tells, by its template's names."""
    years = [
        (book, _yuan(owner.decided(book.year)), book.lines[::-1][:MOST_LINES])
        for book in owner.books[:YEARS]
    ]
    return {
        "owner": owner,
        "years": years,
        "meetings": [
            (one, date.fromisoformat(one.held_on)) for one in owner.meetings[:MOST_MEETINGS]
        ],
        "ENTRY_LABELS": ENTRY_LABELS,
        "OUTCOMES": OUTCOMES,
        "yuan": _yuan,
        "day_of": date.fromisoformat,
    }


def _page(owner: Owner) -> str:
    return page(
        title=f"{owner.name}：专项经费和居民议事",
        description=f"{owner.name}的专项经费拨入多少、花在哪里、还剩多少，居民议事定了什么。",
        body=render("funds_page.html", values_of(owner)),
        parents=[("funds/", "专项经费和居民议事")],
    )


def _yuan(fen: int | None) -> str:
    """An amount with its sign; what there is none of, a dash."""
    if fen is None:
        return "—"
    return f"-{yuan(-fen)}" if fen < 0 else yuan(fen)


_FEN = "钱数，分"


def _tables(owners: Sequence[Owner]) -> list[Table]:
    of = fields("book", "哪本账", "社区的代号；@开头的是街道自己的") | {"name": NAME}
    return [
        Table(
            "funds", "每年的合计",
            of | {"year": ("年份", "")}
            | {"granted": ("拨入", _FEN), "planned": ("计划", _FEN), "spent": ("支出", _FEN)}
            | {"left": ("还剩", "拨入减去支出，分")},
            [
                (one.book_id, owner.name, one.year, one.granted, one.planned, one.spent, one.left)
                for owner in owners
                for one in owner.books
            ],
            2,
        ),
        Table(
            "fund_lines", "每一笔",
            of | fields("on", "日子") | fields("kind", "种类") | fields("told", "用来做什么")
            | fields("decided_on", "哪天的居民议事定的", "空着是别处定的，或者那次没有公示")
            | {"year": ("年份", ""), "place": ("第几笔", "")}
            | {"corrects": ("更正第几笔", "0是没有更正别的"), "amount": ("钱数", _FEN)},
            [
                (
                    book.book_id, owner.name, line.on, ENTRY_LABELS[line.kind], line.told,
                    line.decided_on, book.year, line.place, line.corrects or 0, line.amount_fen,
                )
                for owner in owners
                for book in owner.books
                for line in book.lines
            ],
            6,
        ),
        Table(
            "meetings", "居民议事，一项一行",
            of | fields("held_on", "哪天") | fields("told", "定了什么")
            | fields("outcome", "结论", "空着是还没有")
            | {"item": ("第几项", ""), "attended": ("来了多少人", "")}
            | {"satisfied_tenths": ("十个人里约几个满意", "评的人不到十个不公布")}
            | {"cost": ("同意花多少", _FEN)},
            [
                (
                    one.community_id, owner.name, one.held_on, item.told,
                    OUTCOMES.get(item.outcome, ""), item.place, one.attended,
                    one.satisfied_tenths, item.cost_fen,
                )
                for owner in owners
                for one in owner.meetings
                for item in one.items
            ],
            5,
        ),
    ]  # fmt: skip
