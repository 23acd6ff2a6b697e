"""The record of the months under attack: nothing small is found in all that is published."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from forms_app import queries
from forms_app.issues import monthly, sums
from forms_app.queries.own_steps import split
from forms_app.queries.suppressed import SMALLEST_SHOWN, withheld
from forms_app.rules.figures import (
    COUNTS,
    HOURS,
    PARTS,
    minutes_up,
)
from forms_app.rules.months import quarter_of_month
from tests.queries.test_record import SPRING, of
from tests.support.actors import CIRCLE

# Every count is drawn: no database has a part in it, and that of the files is asked in less time.
DRAWN = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def worked_out(
    equations: Iterable[tuple[Mapping[Hashable, int], int]],
) -> dict[Hashable, Fraction]:
    """What linear equations say for certain: exact elimination, which knows nothing of ours."""
    rows: list[dict[Hashable, Fraction]] = []
    for coefficients, constant in equations:
        row = {key: Fraction(one) for key, one in coefficients.items() if one}
        row[None] = Fraction(constant)
        for pivot_row in rows:
            pivot = next(key for key in pivot_row if key is not None)
            factor = row.get(pivot, Fraction(0))
            if factor:
                for key, one in pivot_row.items():
                    row[key] = row.get(key, Fraction(0)) - factor * one
        row = {key: one for key, one in row.items() if one or key is None}
        pivot = next((key for key in row if key is not None), None)
        if pivot is None:
            continue
        scale = row[pivot]
        row = {pivot: Fraction(1)} | {k: one / scale for k, one in row.items() if k != pivot}
        for other in rows:
            factor = other.get(pivot, Fraction(0))
            if factor:
                for key, one in row.items():
                    other[key] = other.get(key, Fraction(0)) - factor * one
                for key in [k for k, one in other.items() if not one and k is not None]:
                    del other[key]
        rows.append(row)
    found = {}
    for row in rows:
        names = [key for key in row if key is not None]
        if len(names) == 1:
            found[names[0]] = row[None]
    return found


def test_the_attack_finds_what_can_be_found() -> None:
    told = [({"a": 1, "T": -1}, -20), ({"b": 1, "c": 1, "T": -1}, 0), ({"b": 1, "c": 2}, 26)]
    assert worked_out([*told, ({"a": 1}, 3)]) == {"a": 3, "T": 23, "b": 20, "c": 3}
    assert worked_out(told) == {}


def equations_of(told: Mapping[str, Any], code: str) -> list[tuple[dict[Hashable, int], int]]:
    """Everything that the published tables say of one figure."""
    lists: dict[Hashable, list[tuple[Hashable, int | None]]] = defaultdict(list)
    record = told["record"]
    for row in record["quarters"]:
        if code in row:
            lists[row["quarter"], row["by"]].append(
                ((row["quarter"], row["by"], row["key"]), row[code])
            )
    if code == "answered":
        for row in record["times"]:
            lists[row["quarter"], "time"].append(((row["quarter"], "time", row["key"]), row[code]))
    if code == "received":
        for row in record["arrivals"]:
            lists[row["quarter"], row["by"]].append(
                ((row["quarter"], row["by"], row["key"]), row[code])
            )
    quarters = {quarter for quarter, _ in lists}  # type: ignore[misc]
    months = {row["month"]: row.get(code) for row in record["months"]}
    equations = []
    for (quarter, _by), cells in lists.items():  # type: ignore[misc]
        equations.append(_sum(cells, quarter))
    for quarter in quarters:
        of_quarter = [
            ((m,), count) for m, count in months.items() if quarter_of_month(m) == quarter
        ]
        equations.append(_sum(of_quarter, quarter))
    return equations


def _sum(
    cells: Sequence[tuple[Hashable, int | None]], total: Hashable
) -> tuple[dict[Hashable, int], int]:
    coefficients: dict[Hashable, int] = {key: 1 for key, count in cells if count is None}
    return coefficients | {total: -1}, -sum(count for _, count in cells if count is not None)


def some(chance: random.Random) -> sums.Sums:
    """Sums of months as issues would have added them, many or few of each."""
    months = [f"2026-{month:02}" for month in range(1, 13)]
    weights = [chance.choice((1, 1, 5, 30)) for _ in months]
    return some_of(chance, months, weights, chance.choice((20, 90, 300)))


def some_of(
    chance: random.Random, months: Sequence[str], weights: Sequence[int], count: int
) -> sums.Sums:
    found: sums.Sums = Counter()
    kinds, communities = [*CIRCLE.categories, ""], list(CIRCLE.communities)
    bias = [chance.choice((1, 9)) for _ in kinds]
    near = [chance.choice((1, 20)) for _ in communities]
    for _ in range(count):
        (month,), (kind,) = chance.choices(months, weights), chance.choices(kinds, bias)
        (community,) = chance.choices(communities, near)
        places = (f"community {community}", f"kind {kind}")
        for place in places:
            found[monthly.ARRIVED, f"{month} {place}"] += 1
        found[monthly.ARRIVED, f"{month} hour {chance.randrange(len(HOURS))}"] += 1
        found[monthly.ARRIVED, f"{month} weekday {chance.randint(1, 7)}"] += 1
        for whole, parts in PARTS.items():
            if chance.random() < 0.2:
                continue
            told = [whole, *(part for part in parts if chance.random() < 0.6)]
            for code in told:
                for place in places:
                    found[code, f"{month} {place}"] += 1
            if whole == "answered":
                found[
                    monthly.TAKEN,
                    f"{month} {minutes_up(timedelta(minutes=chance.choice((1, 2, 8, 40))))}",
                ] += 1
            if whole == "finished":
                for code in monthly.BY_URGENCY:
                    found[code, f"{month} urgency {chance.choice('0123')}"] += code in told
    return +found


def truth(kept: Mapping[tuple[str, str], int], code: str) -> Counter[Hashable]:
    """What each cell really is."""
    found: Counter[Hashable] = Counter()
    for (kind, key), number in kept.items():
        if kind == (monthly.ARRIVED if code == "received" else code):
            month, by, what = key.split(" ", 2)
            found[quarter_of_month(month), by, what] += number
            if by == "community":
                found[month,] += number
    return found


@DRAWN
@pytest.mark.usefixtures("database")
def test_no_small_count_can_be_worked_out_of_everything_that_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty offices drawn by lot, as the first minute of a year shows them."""
    now = datetime.fromisoformat("2027-01-31T16:01:00Z")
    small = 0
    for seed in range(40):
        kept = some(random.Random(seed))  # noqa: S311 (repeatable)
        monkeypatch.setattr(sums, "kept", lambda kept=kept: kept)
        told = json.loads(json.dumps(queries.tallies(CIRCLE, now)))
        for code in ("received", *COUNTS):
            true = truth(kept, code)
            certain = worked_out(equations_of(told, code))
            for cell, value in certain.items():
                if cell in true:
                    assert value == true[cell]
                    assert not 0 < value < SMALLEST_SHOWN, (seed, code, cell)
            small += sum(0 < count < SMALLEST_SHOWN for count in true.values())
    assert small > 5000


def one(chance: random.Random, month: str) -> sums.Sums:
    """What one issue of a month adds."""
    issue = some_of(chance, [month], [1], 1)
    if chance.random() < 0.3:
        issue[sums.WAITED_FOR, "jingui"] += 1
    return issue


Way = tuple[object, ...]
NAMES = (
    "month", "quarter", "by", "key", "what", "age", "since", "until", "about", "code", "told_on",
)  # fmt: skip
# Told later than the rest of their row, with the quarter, and no count of anybody.
MINUTES = ("median", "ninth")


def numbers_in(told: object, way: Way = ()) -> Iterator[tuple[Way, int | None]]:
    """Every number and every gap, by the names and keys that lead there."""
    if isinstance(told, dict):
        for name, part in told.items():
            if name not in NAMES:
                yield from numbers_in(part, (*way, name))
    elif isinstance(told, list):
        for row in told:
            yield from numbers_in(row, (*way, *(row[name] for name in NAMES if name in row)))
    elif told is None or isinstance(told, int):
        yield way, told


@pytest.mark.slow
@DRAWN
@pytest.mark.usefixtures("database")
def test_whoever_keeps_every_publishing_learns_nothing_of_a_single_issue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One issue comes a day, some are changed afterwards, and somebody keeps what is published
    every evening of a year: from one to the next a number stays, or is new, or changes by five and
    more. How many came in, alone, is told as they come.
    """
    new_cells = corrected = 0
    for seed in range(8):
        chance = random.Random(seed)  # noqa: S311 (repeatable)
        kept: sums.Sums = Counter()
        there: list[tuple[str, sums.Sums]] = []
        monkeypatch.setattr(sums, "kept", lambda kept=kept: +kept)
        before: dict[str, Any] = {}
        evening = datetime.fromisoformat("2026-01-01T12:00:00Z")
        days = 1 + seed % 3
        for _ in range(0, 365, days):
            month = f"{evening:%Y-%m}"
            for _ in range(chance.choice((0, 1, 1, 2))):
                there.append((month, one(chance, month)))
                kept.update(there[-1][1])
            if (
                seed % 2 and there and chance.random() < 0.4
            ):  # taken back, or another kind, or somewhere else
                place = chance.randrange(len(there))
                when, issue = there[place]
                kept.subtract(issue)
                there[place] = (when, one(chance, when))
                kept.update(there[place][1])
                for _ in range(chance.choice((0, 0, 0, 0, 6))):
                    there.append((when, one(chance, when)))
                    kept.update(there[-1][1])
            told = json.loads(json.dumps(queries.tallies(CIRCLE, evening, before)))
            last = f"{evening - timedelta(days=days):%Y-%m}"
            was = {
                cell: number
                for cell, number in numbers_in(before)
                if cell[0] != "totals" and cell[:2] != ("by_month", last)
            }
            for cell, number in numbers_in(told):
                if cell[:2] == ("by_month", month) or cell[0] == "totals":
                    continue  # what came in, and what the months make that are shown
                before_it = was.get(cell)
                if cell in was and not (before_it is None and cell[-1] in MINUTES):
                    is_moved = before_it != number
                    assert not is_moved or (
                        None not in (before_it, number)
                        and abs((number or 0) - (before_it or 0)) >= SMALLEST_SHOWN
                    ), (seed, evening, cell)
                    corrected += is_moved
                else:
                    is_few = number is not None and 0 < number < SMALLEST_SHOWN
                    assert not is_few or cell[-1] in MINUTES, (seed, evening, cell)
                    new_cells += 1
            for row in told["by_month"][:-1]:
                months = of(told["record"]["months"], month=row["month"])
                assert (row["received"], row["finished"]) == (
                    months["received"], months["finished"]
                )  # fmt: skip
            before, evening = told, evening + timedelta(days=days)
        if seed % 2 == 0:
            # All of it together, each part told beside what was told before, tells of nobody.
            for code in ("received", *COUNTS):
                true = truth(kept, code)
                for cell, value in worked_out(equations_of(before, code)).items():
                    assert cell not in true or value == true[cell]
                    assert cell not in true or not 0 < value < SMALLEST_SHOWN, (seed, code, cell)
    assert new_cells > 1000
    assert corrected > 0


@DRAWN
@pytest.mark.usefixtures("database")
def test_how_many_did_not_answer_leaves_open_how_few_are_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever was asked in a month and is waited for at the end of the next has not answered: the
    quarter's number of those must not say which small number a withheld one is.
    """
    attacked = Counter[str]()
    for seed in range(400):
        chance = random.Random(seed)  # noqa: S311 (repeatable)
        kept: sums.Sums = Counter()
        for _ in range(chance.choice((8, 15, 40))):
            asked = chance.randint(10, 12)
            how = chance.choices(("own", "entered", "none", ""), (9, chance.choice((0, 4)), 1, 4))[
                0
            ]
            ended = asked + chance.choice((0, 0, 1, 2, 3))
            keys = [f"2026-{asked}"]
            if how and ended < 14:
                keys += [f"2026-{ended}" if ended < 13 else f"2027-{ended - 12:02}"]
            kept[monthly.EVALUATING, " ".join(keys)] += 1
            kept[monthly.ASKED, " ".join([*keys, how] if len(keys) > 1 else keys)] += 1
            kept[monthly.ARRIVED, f"2026-{asked} community jingui"] += 1
        monkeypatch.setattr(sums, "kept", lambda kept=kept: kept)
        told = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING)))["record"]
        row = of(told["asked"], quarter="2026-Q4")
        waited = [
            of(told["unanswered"], month=month, what="evaluating", age=1)["number"]
            for month in ("2026-11", "2026-12", "2027-01")
        ]
        hidden = waited.count(None)
        attacked["tight" if row["asked"] is None else "told"] += 1
        if not hidden or row["asked"] is None:
            continue
        parts = [row[name] for name in ("own", "entered", "unanswered")]
        most = row["unanswered"]
        if most is None:
            known = sum(part or 0 for part in parts)
            most = row["asked"] - known - (parts.count(None) - 1)
        attacked["with gaps"] += 1
        left = most - sum(number or 0 for number in waited) - (hidden - 1)
        assert left >= SMALLEST_SHOWN - 1, (seed, row, waited)
    assert min(attacked["told"], attacked["with gaps"]) > 30


@pytest.mark.slow
def test_nobody_who_knows_how_it_is_made_finds_a_small_count_of_a_quarter() -> None:
    """Every quarter of three months, two communities and two kinds, of up to fourteen: whoever
    tries every one finds more than one that looks like what was published.
    """
    lists = [
        [("T",), ("m", 0), ("m", 1), ("m", 2)],
        [("T",), ("c", 0), ("c", 1)],
        [("T",), ("k", 0), ("k", 1)],
    ]
    ranges: dict[Hashable, dict[Hashable, tuple[int, int]]] = {}
    for whole in range(15):
        for first, second in product(range(whole + 1), repeat=2):
            if first + second > whole:
                continue
            for community, kind in product(range(whole + 1), repeat=2):
                counts: dict[tuple[Any, ...], int] = {
                    ("m", 0): first, ("m", 1): second, ("m", 2): whole - first - second,
                    ("c", 0): community, ("c", 1): whole - community,
                    ("k", 0): kind, ("k", 1): whole - kind, ("T",): whole,
                }  # fmt: skip
                gaps = withheld(counts, lists, fixed={("T",)})
                told = whole if whole >= SMALLEST_SHOWN else None
                seen = (told, *(None if c in gaps else n for c, n in counts.items() if c != ("T",)))
                known = ranges.setdefault(seen, {})
                for cell, count in counts.items():
                    low, high = known.get(cell, (count, count))
                    known[cell] = (min(low, count), max(high, count))
    for seen, known in ranges.items():
        for cell, (low, high) in known.items():
            assert low != high or not 0 < low < SMALLEST_SHOWN or cell == ("T",), (seen, cell)


@pytest.mark.slow
def test_no_row_of_verdicts_by_place_is_found_out_nor_that_all_said_the_same() -> None:
    """Every division of five to eleven on either side among three communities."""
    ranges: dict[Hashable, list[tuple[int, int]]] = {}
    sides = [
        (first, second, whole - first - second)
        for whole in range(SMALLEST_SHOWN, 12)
        for first in range(whole + 1)
        for second in range(whole + 1 - first)
    ]
    for satisfied, rest in product(sides, repeat=2):
        rows = dict(zip("abc", zip(satisfied, rest, strict=True), strict=True))
        whole = (sum(satisfied), sum(rest))
        told = split(rows)
        assert all(pair in (None, rows[key]) for key, pair in told.items())
        seen = (whole, *told.values())
        values = [side for pair in rows.values() for side in pair]
        known = ranges.setdefault(seen, [(one, one) for one in values])
        for place, one in enumerate(values):
            known[place] = (min(known[place][0], one), max(known[place][1], one))
    assert len(ranges) > 100
    for seen, known in ranges.items():
        for place, (low, high) in enumerate(known):
            is_empty = seen[1 + place // 2] == (0, 0)  # type: ignore[index]
            assert is_empty or low != high or low >= SMALLEST_SHOWN, (seen, known)


@DRAWN
@pytest.mark.usefixtures("database")
def test_the_first_round_and_the_last_tell_of_nobody_beside_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = Counter[str]()
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311 (repeatable)
        kept: sums.Sums = Counter()
        for _ in range(chance.choice((12, 40, 150))):
            level, redone = chance.choice((5, 4, 3, 1)), chance.random() < 0.7
            month = f"2026-0{chance.randint(1, 6)}"
            rounds = [(month, 1, level)]
            if level < 3 and redone:
                rounds.append(
                    (f"2026-0{int(month[-1]) + chance.randint(0, 2)}", 2, chance.choice((4, 1)))
                )
                kept[monthly.OWN_FOLLOWED, f"{month} {rounds[1][0]} {level}"] += 1
            for when, number, said in rounds:
                kept[sums.OWN, f"{when} {said}"] += 1
                kept[monthly.OWN_ROUND, f"{when} {number} {said}"] += 1
                kept[
                    monthly.OWN_PLACE,
                    f"{when} community {chance.choice(list(CIRCLE.communities))} {said}",
                ] += 1
        monkeypatch.setattr(sums, "kept", lambda kept=kept: kept)
        told = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING)))
        steps = {step["since"]: step for step in told["verdicts"]["own"]["steps"]}
        for row in told["own_steps"]:
            every = steps[row["since"]]
            parts = [part for part in (row["first"], row["last"]) if part is not None]
            shown.update(name for name in ("first", "last") if row[name] is not None)
            for part in parts:
                others = [every, *(one for one in parts if one is not part)]
                for other in (*others, {"count": 0, "satisfied": 0}):
                    satisfied = abs(other["satisfied"] - part["satisfied"])
                    rest = abs(
                        other["count"] - other["satisfied"] - part["count"] + part["satisfied"]
                    )
                    for side in (satisfied, rest):
                        assert side == 0 or side >= SMALLEST_SHOWN, (seed, row)
    assert min(shown["first"], shown["last"]) > 10


@pytest.mark.parametrize(("few", "is_told"), [(1, False), (4, False), (5, True)])
@pytest.mark.usefixtures("database")
def test_of_a_first_round_nothing_is_told_where_one_side_is_small(
    monkeypatch: pytest.MonkeyPatch, few: int, *, is_told: bool
) -> None:
    rounds = {"1 5": 30, "1 1": few, "2 5": 6, "2 1": 6}
    kept: sums.Sums = Counter()
    for key, number in rounds.items():
        kept[monthly.OWN_ROUND, f"2026-03 {key}"] = number
        kept[sums.OWN, f"2026-03 {key[2:]}"] += number
    monkeypatch.setattr(sums, "kept", lambda: kept)
    (row,) = queries.tallies(CIRCLE, SPRING)["own_steps"]  # type: ignore[attr-defined]
    assert (row["first"] is not None) is is_told


@pytest.mark.usefixtures("database")
def test_what_came_from_a_community_that_is_no_more_is_still_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: sums.Sums = Counter()
    for community_id, number in (("jingui", 20), ("gone", 10)):
        kept[monthly.ARRIVED, f"2026-03 community {community_id}"] = number
        kept[monthly.ARRIVED, "2026-03 kind noise"] += number
    monkeypatch.setattr(sums, "kept", lambda: kept)
    told = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING)))["record"]["quarters"]
    found = {
        row["key"]: row["received"]
        for row in told
        if (row["quarter"], row["by"]) == ("2026-Q1", "community") and row["received"]
    }
    assert found == {"jingui": 20, "-": 10}
