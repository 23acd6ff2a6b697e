"""What a page asks of the database does not grow with the register: gates without a clock.

Plans, steps of SQLite's machine and numbers of statements are the same on every machine.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from forms_app import community
from forms_app.settings import Settings
from forms_app.store import database
from scripts.benchmarks.grown import grow
from scripts.benchmarks.visits import Cost, Reader, Visit, cost, plan, visits
from tests.support.kept import kept
from tests.support.open311 import Program
from tests.support.web import NOW, ROOT, House, form_on, house_at

pytestmark = pytest.mark.slow

SMALL, LARGE = 3_000, 20_000  # issues; as many of either are open
WAITING = 40
NEAR = 0.1

GROWING = (
    "issue",
    "entry",
    "notice",
    "rating",
    "party",
    "assignment",
    "summons",
    "reminder",
    "incident",
    "incident_entry",
)
# Walked from one end to the other, as they hold only what is open, unread or failed.
SHORT = (
    "issue_line", "issue_community_line", "issue_collector_line", "issue_facets",
    "notice_unread", "notice_handed", "notice_failed", "entry_closing", "incident_running",
)  # fmt: skip
# Walked in the order of a list until a page of it is full, or the newest are read.
ORDERED = ("issue_received", "issue_due", "issue_waiting", "issue_again_received")
# Of nobody there is nothing to look for, and whatever there is is counted up to a limit.
NOBODY, UP_TO = re.compile(r"WHERE \(*0 = 1\)"), re.compile(r"WHERE \(*1 = 1\).* LIMIT ")
# All that a community ever had is walked only until a page of it is full.
COMMUNITY = re.compile(r"^SEARCH (\w+) USING (?:COVERING )?INDEX \w+ \(community_id=\?\)$")
SCAN = re.compile(r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")


@contextmanager
def _grown(size: int, sample: Path, circle: community.Circle, tmp: Path) -> Iterator[House]:
    def tell(folder: Path) -> None:
        shutil.copytree(sample, folder, dirs_exist_ok=True)
        settings = Settings.from_environment({"CIRCLE_DATA": str(folder)}, ROOT)
        with closing(database.open_database(settings.database_url)):
            grow(circle, size, NOW, waiting=WAITING)

    folder = tmp / str(size)
    shutil.copytree(kept(f"grown-{size}", tell), folder)
    house = house_at(folder, circle, tmp / "build")
    yield house
    database.proxy.close()


def _costs(house: House, wanted: str = "") -> Iterator[tuple[Visit, Cost]]:
    readers: dict[str, Reader] = {}
    for visit in visits(house.circle):
        if re.search(wanted, visit.name):
            if visit.who not in readers:
                readers[visit.who] = Reader(house.app, visit.who, house.now.timestamp())
            yield (
                visit,
                cost(
                    lambda v=visit: readers[v.who].fetch(v.path),
                    times=0,
                    # A month reads all that came in it: once is long enough.
                    is_warmed=not visit.name.startswith("month"),
                ),
            )


def _walks(sql: str, lines: list[str]) -> list[str]:
    """The lines of a plan that walk a table which grows, but for the reasons above."""
    names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(\w+)"', sql)}
    found = []
    for line in lines:
        whole = COMMUNITY.match(line)
        if whole and names.get(whole[1]) == "issue" and " LIMIT " not in sql:
            is_short = any(f"INDEX {index} " in line for index in SHORT)
            found += [] if is_short else [f"issue: {line}"]
        scan = SCAN.match(line)
        if scan is None or names.get(scan[1]) not in GROWING:
            continue
        is_page = scan[2] in ORDERED and " LIMIT " in sql
        is_newest = scan[2] is None and re.search(r'ORDER BY "t1"."id" DESC LIMIT', sql)
        is_bounded = NOBODY.search(sql) or UP_TO.search(sql)
        if scan[2] not in SHORT and not (is_page or is_newest or is_bounded):
            found.append(f"{names[scan[1]]}: {line}")
    return found


@pytest.fixture(scope="module")
def small(
    tmp_path_factory: pytest.TempPathFactory, sample_data: Path, sample_circle: community.Circle
) -> dict[str, Cost]:
    """What every page costs, and no table that it walks."""
    with _grown(SMALL, sample_data, sample_circle, tmp_path_factory.mktemp("small")) as house:
        found = {}
        for visit, spent in _costs(house):
            found[visit.name] = spent
            for sql, values in spent.statements:
                assert _walks(sql, plan(sql, values)) == [], (visit.name, sql)
        found |= {"report": _report(house), **_programs(house)}
    return found


def _report(house: House) -> Cost:
    visitor = house.visitor()
    page = visitor.get("/issues/new")
    fields = {"description": "楼道灯不亮", "community_id": "jingui", "consent": "y"}

    def send() -> None:
        again = form_on(visitor.get("/issues/new"), "/issues/new")
        answer = visitor.post("/issues/new", again.filled(fields))
        assert answer.status_code == 303

    assert page.status_code == 200
    return cost(send, times=0)


def _programs(house: House) -> dict[str, Cost]:
    """What a report by a program costs, and each look at how it stands."""
    program = Program(house)
    number, ticket = program.report()
    return {
        "program's report": cost(program.report, times=0),
        "program's look": cost(lambda: program.get(f"requests/{number}", ticket), times=0),
    }


def test_no_page_walks_a_table_that_grows(small: dict[str, Cost]) -> None:
    assert len(small) > 200


def test_a_page_takes_as_many_steps_of_twenty_thousand_issues_as_of_three(
    small: dict[str, Cost], tmp_path: Path, sample_data: Path, sample_circle: community.Circle
) -> None:
    with _grown(LARGE, sample_data, sample_circle, tmp_path) as house:
        # Of who has few issues a page is sorted: those of the others are walked at both sizes.
        everybody = "community_leader|worker|street_leader|supervisor"
        register = f"register of ({everybody}), .* (first|last) page"
        # How much a leader has not read is not the same in both.
        board = "board of (a unit|worker|responder|street_leader|supervisor|collector)"
        handover = "handover of (community_leader|worker)"
        # What the kept sums tell, and a word that every issue has.
        kept_sums = "accounts|handover's people|handover of supervisor|ratings"
        units = "register of responder, (step merged|class C|community|dissatisfied|led by)"
        words = "register of (community_leader|street_leader|supervisor), search a beginning"
        known = f"{kept_sums}|{units}|{words}"
        wanted = f"^(ticket|case of|{board}|{handover}|{register}|{known})"
        large = {visit.name: spent.steps for visit, spent in _costs(house, wanted)}
        large["report"] = _report(house).steps
        large |= {name: spent.steps for name, spent in _programs(house).items()}
    grown = {
        name: (small[name].steps, steps)
        for name, steps in large.items()
        if steps > small[name].steps * (1 + NEAR) + 500
    }
    assert grown == {}


def test_a_page_asks_no_more_questions_than_here_is_written(small: dict[str, Cost]) -> None:
    asked = {name: len(spent.statements) for name, spent in small.items()}
    most = {
        kind: max(
            number for name, number in asked.items() if name.partition(" of ")[0].startswith(kind)
        )
        for kind in STATEMENTS
    }
    assert most == STATEMENTS


# By how a page's name begins: the most that any of its kind asks.
STATEMENTS = {
    "report form": 1,  # what hits many at once: the few that run, along an index of their own
    # The ticket is open in its browser from the same transaction on: a row for it, and those that
    # were open there before, or for which it is woken, go over to the new key.
    # What it wrote is read and sealed before it is saved.
    "report": 18,
    "program's report": 15,  # as many as a browser's without a browser
    "program's look": 5,
    # One look along an index for what the browser has open, one whether this issue is.
    "ticket": 14,
    "case": 23,  # with whose move it is, by name and whether it is the reader's
    "print": 18,
    # One look along an index each for what its reader often looks at, whom to ring, what recurs
    # this month, assessments and public notes that wait; what merged ones follow in the end, and
    # what of that which waits for its reader is theirs.
    "board": 24,
    "wall": 7,  # what hits many at once, along an index of its own
    "month": 7,  # with what each unit was called then, and where its work went on
    # Some for each of what the account holds, a hundred at most; the kept sum of how many, and
    # whether it ever spoke at all.
    "handover": 56,
    "register": 10,  # the kept sums of a unit, or the newest issues before those with the words
    "columns": 10,  # one each for who leads and how often it was put off, for the whole page
    # With what the check-up looks at: which ids of the data are still in use among it.
    "accounts": 24,
    # The sums of days and the parts of the first and the last one; one along the index of those
    # that led to work, two for the issues that came of them.
    "ratings": 9,
    "list on paper": 14,
    "exports": 2,
    "looks at contacts": 2,
    "public notes": 2,
    "paper forms": 3,
    "funds": 2,  # all books at once
    "book": 5,
    "meetings": 3,
    "line": 3,
    "new meeting": 2,
    "projects": 3,
    "two-way": 15,  # a quarter at once, and what both sides said
}
