"""The figures to download, and that a stranger recomputes them from the package alone."""

import csv
import json
import random
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pages.figures import Tallies
from pages.figures_package import ADDRESS, FOLDER, files, tables

from forms_app import queries
from forms_app.community import Circle, load
from forms_app.issues import sums
from forms_app.issues.counted import Call, CountedEntry, Standing
from forms_app.rules.figures import BY_CODE
from tests.site.test_figures import tallies_of
from tests.support.running import ROOT
from tests.support.web import House

CHECKER = ROOT / "site" / "docs" / "about" / "check_figures.py"


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(ROOT / "data" / "community")


@pytest.fixture
def tallies(circle: Circle) -> Tallies:
    return tallies_of(circle)


def checked(folder: Path, package: bytes) -> subprocess.CompletedProcess[str]:
    file = folder / "figures.zip"
    file.write_bytes(package)
    # As a stranger would: no package of ours can be imported.
    command = [sys.executable, "-I", str(CHECKER), str(file)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def changed(package: bytes, name: str, edit: Callable[[str], str]) -> bytes:
    """The package with one of its files edited."""
    written = BytesIO()
    with ZipFile(BytesIO(package)) as old, ZipFile(written, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            new.writestr(one, edit(content.decode()).encode() if one == name else content)
    return written.getvalue()


def test_there_is_nothing_to_download_before_anything_was_counted(circle: Circle) -> None:
    assert files(circle, None) == {}


def test_the_same_cells_make_the_same_bytes(circle: Circle, tallies: Tallies) -> None:
    assert files(circle, tallies) == files(circle, tallies)


def test_the_package_describes_every_column_of_every_table(
    circle: Circle, tallies: Tallies
) -> None:
    made = files(circle, tallies)
    described = json.loads(made[f"{FOLDER}datapackage.json"])
    assert [resource["name"] for resource in described["resources"]] == [
        table.name for table in tables(circle, tallies)
    ]
    for resource in described["resources"]:
        text = made[FOLDER + resource["path"]].decode(resource["encoding"])
        head, *rows = csv.reader(StringIO(text))
        fields = resource["schema"]["fields"]
        assert head == [field["name"] for field in fields]
        for row in rows:
            for cell, field in zip(row, fields, strict=True):
                if cell not in resource["schema"]["missingValues"] and field["type"] != "string":
                    float(cell)
    assert {figure["code"] for figure in described["figures"]} == set(BY_CODE)


def test_a_stranger_finds_every_figure_right(
    circle: Circle, tallies: Tallies, tmp_path: Path
) -> None:
    done = checked(tmp_path, files(circle, tallies)[ADDRESS])
    assert (done.returncode, done.stderr) == (0, "")
    assert "0项不对" in done.stdout
    assert len(done.stdout.splitlines()) > 20


@pytest.mark.slow
def test_a_stranger_finds_every_figure_right_whatever_was_counted(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker, circle = runpy.run_path(str(CHECKER), run_name="read"), house.circle
    file = tmp_path / "figures.zip"
    for seed in range(20):
        made = grown(random.Random(seed), circle)  # noqa: S311 (repeatable)
        monkeypatch.setattr(sums, "kept", lambda made=made: made)
        counted = queries.tallies(circle, house.now + timedelta(days=70))
        file.write_bytes(files(circle, json.loads(json.dumps(counted)))[ADDRESS])
        found = checker["checks"](*checker["read"](file))
        assert [words for holds, words in found if not holds] == []
        assert len(found) > 200


def grown(chance: random.Random, circle: Circle, count: int | None = None) -> sums.Sums:
    """What a year of issues adds, few or many, each told to the same function as real ones."""
    found: sums.Sums = Counter()
    for number in range(count or chance.choice((3, 40, 400, 2000))):
        found.update(sums.added_by(*an_issue(chance, circle, number)))
        thing = f"service:{chance.choice(list(circle.services)[:3])}"
        kind = chance.choice((sums.RATING, sums.ENTERED_RATING))
        found[kind, f"2026-{chance.randint(1, 11):02d} {chance.randint(1, 5)} {thing}"] += 1
    return +found


def an_issue(
    chance: random.Random, circle: Circle, number: int
) -> tuple[Standing, list[CountedEntry], list[Call]]:
    """One that was answered, called for, put off, resolved, judged, redone, or not so far."""
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
    now, told, calls = start, list[CountedEntry](), list[Call]()
    place = chance.choice([*circle.categories, ""])
    step, urgency = "collected", chance.choice((None, 1, 2, 3))
    due = start + timedelta(days=3)

    def act(move: str, to_step: str, round_no: int = 1, **more: Any) -> None:
        nonlocal step
        row: dict[str, Any] = {
            "id": len(told), "made_at": at(now), "actor_role": "worker", "move": move,
            "round_no": round_no, "to_round": round_no, "from_step": step, "to_step": to_step,
            "is_opinion": False, "opinion_due_at": None, "asked_at": None, "asked_how": "",
            "satisfaction": None, "severity_class": "B", "urgency": urgency, "due_at": at(due),
            "organization_id": "",
        }  # fmt: skip
        told.append(CountedEntry(**row | more))
        step = to_step

    late = timedelta(hours=chance.choice((0, 0, 9)))
    act("submit", "collected", opinion_due_at=at(start + timedelta(minutes=10) + late))
    for round_no in (1, 2):
        now += timedelta(minutes=chance.choice((1, 4, 9, 12, 600)))
        act("opine", "collected", round_no, is_opinion=True)
        if chance.random() < 0.5:
            act("summon", "responding", round_no)
            for unit in ("jingui", "urban"):
                calls.append(Call(told[-1].id, unit, at(now + timedelta(days=1))))
            now += timedelta(hours=chance.choice((2, 40)))
            act("answer", "responding", round_no, organization_id="urban")
        if chance.random() < 0.2:
            act(chance.choice(("extend", "escalate")), "handling", round_no)
        if chance.random() < 0.1:
            break
        now += timedelta(days=chance.choice((1, 2, 6)))
        act("resolve", "evaluating", round_no)
        if chance.random() < 0.2:
            break
        now += timedelta(days=chance.choice((1, 2, 50)))
        level, who = chance.choice((5, 5, 4, 3, 2, 1)), chance.choice(("resident", "worker"))
        step_after, to_round = ("closed", round_no) if level > 2 else ("collected", round_no + 1)
        act("evaluate", step_after, round_no, actor_role=who, satisfaction=level,
            to_round=to_round, asked_how="" if who == "resident" else "电话")  # fmt: skip
        if level > 2:
            break
    community = chance.choice(list(circle.communities))
    return Standing(number, at(start), community, place, step), told, calls


def at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


EDITS = {
    "a share": ("shares.csv", lambda text: text.replace("95.0", "96.0")),
    "a month": ("months.csv", lambda text: text.replace("2026-11,20", "2026-11,21")),
    "a step": ("verdicts.csv", lambda text: text.replace(",30,24,", ",31,24,")),
    "a small count": ("record_months.csv", lambda text: text.replace(",21,", ",3,")),
    "a total": ("totals.csv", lambda text: text.replace(",41\n", ",40\n")),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_stranger_finds_what_was_changed(
    circle: Circle, tallies: Tallies, tmp_path: Path, what: str
) -> None:
    name, edit = EDITS[what]
    package = files(circle, tallies)[ADDRESS]
    other = changed(package, name, edit)
    with ZipFile(BytesIO(package)) as one, ZipFile(BytesIO(other)) as two:
        assert one.read(name) != two.read(name)
    done = checked(tmp_path, other)
    assert (done.returncode, done.stderr) == (1, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("不对 ")]


@pytest.mark.slow
def test_what_is_not_counted_by_urgency_is_not_told_as_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = grown(random.Random(7), house.circle, 500)  # noqa: S311 (repeatable)
    monkeypatch.setattr(sums, "kept", lambda: made)
    counted = queries.tallies(house.circle, house.now + timedelta(days=70))
    tables = files(house.circle, json.loads(json.dumps(counted)))
    by_urgency = tables["figures/data/record_urgencies.csv"].decode("utf-8-sig").splitlines()
    assert by_urgency[0] == "quarter,key,name,finished,finished_on_time"
    assert len(by_urgency) > 4
    assert b",urgency," not in tables["figures/data/record_quarters.csv"]


# Each of a table of the record: the file, and which of its first numbers is made one more.
COLUMNS = (
    "record_months", "record_quarters", "record_urgencies", "answer_times", "arrivals", "asked",
    "verdict_parts",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", COLUMNS)
def test_a_stranger_finds_what_was_changed_in_the_record(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = grown(random.Random(7), house.circle, 2000)  # noqa: S311 (repeatable)
    monkeypatch.setattr(sums, "kept", lambda: made)
    counted = queries.tallies(house.circle, house.now + timedelta(days=70))
    package = files(house.circle, json.loads(json.dumps(counted)))[ADDRESS]
    assert checked(tmp_path, package).returncode == 0

    def one_more(text: str) -> str:
        rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
        places = [
            (number, column)
            for number, row in enumerate(rows[1:], 1)
            for column, cell in enumerate(row)
            if cell.isdecimal() and int(cell) > 20
        ]
        number, column = places[0]
        rows[number][column] = str(int(rows[number][column]) + 1)
        written = StringIO()
        csv.writer(written, lineterminator="\n").writerows(rows)
        return "\ufeff" + written.getvalue()

    done = checked(tmp_path, changed(package, f"{name}.csv", one_more))
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"{}"])
def test_another_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    done = checked(tmp_path, content)
    assert (done.returncode, done.stderr) == (2, "")
    assert "这不是公开数据的压缩包" in done.stdout


def test_the_checker_shares_no_line_with_the_program() -> None:
    text = CHECKER.read_text(encoding="utf-8")
    assert "forms_app" not in text
    assert "pages" not in text
    known = runpy.run_path(str(CHECKER), run_name="read")
    assert known["wilson"](24, 30) == pytest.approx((62.7, 90.5), abs=0.06)
