"""Nothing withheld is the only number that fits: between what is known of each cell that a small
office publishes, a stranger's own reckoning leaves more than one.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any

import pytest

from forms_app import queries
from forms_app.issues import monthly, sums
from forms_app.queries.record_figure import RECEIVED, figure_of
from forms_app.queries.suppressed import SMALLEST_SHOWN, withheld
from forms_app.rules.figures import (
    COUNTS,
    TIMES,
    WHOLE_OF,
    minutes_up,
    time_of,
)
from forms_app.rules.months import quarter_of_month
from tests.support.actors import CIRCLE

SPRING = datetime.fromisoformat("2027-02-02T00:00:00Z")  # a quarter is over, and a month more
WITHIN = {str(place) for place, (end, _) in enumerate(TIMES) if end is not None and end <= 10}
Bounds = tuple[float, float]


def office(chance: random.Random) -> sums.Sums:
    """A small office, issue by issue: what was answered in nine minutes was within ten."""
    months = [f"2026-{month:02}" for month in range(chance.choice((4, 7, 10)), 13)]
    weights = [chance.choice((0, 1, 1, 3)) for _ in months]
    weights[0] = weights[0] or 1
    kinds, communities = [*CIRCLE.categories, ""], list(CIRCLE.communities)
    communities = communities[: chance.choice((1, 2, 2))]
    bias, near = [[chance.choice((1, 3, 9)) for _ in of] for of in (kinds, communities)]
    good = chance.choice((0.6, 0.85, 0.95, 1.0))
    found: sums.Sums = Counter()
    for _ in range(chance.choice((12, 25, 40, 80, 150))):
        (month,), (kind,) = chance.choices(months, weights), chance.choices(kinds, bias)
        (community,) = chance.choices(communities, near)

        def add(*codes: str, month: str = month, of: tuple[str, str] = (community, kind)) -> None:
            for code in codes:
                found[code, f"{month} {monthly.COMMUNITY} {of[0]}"] += 1
                found[code, f"{month} {monthly.KIND} {of[1]}"] += 1

        add(monthly.ARRIVED)
        found[monthly.ARRIVED, f"{month} hour {chance.choice((2, 2, 3, 3, 6, 8))}"] += 1
        found[monthly.ARRIVED, f"{month} weekday {chance.randint(1, 7)}"] += 1
        if chance.random() < 0.08:
            continue
        is_fast = chance.random() < good
        taken = chance.choice((1, 2, 4, 9) if is_fast else (12, 25, 45, 200, 2000))
        add("answered", *["answered_within_ten", "answered_on_time"] * is_fast)
        found[monthly.TAKEN, f"{month} {minutes_up(timedelta(minutes=taken))}"] += 1
        if chance.random() < 0.85:
            codes = ["finished", *["finished_on_time"] * (chance.random() < good)]
            add(*codes, *(code for code in ("desk", "extended") if chance.random() < 0.2))
            graded = chance.choice("0122333")
            for code in codes:
                found[code, f"{month} urgency {graded}"] += 1
        if chance.random() < 0.4:
            add("called", *["units_in_time"] * (chance.random() < good))
    return +found


class Reckoned:
    """What a stranger knows of one figure in one quarter: lists that share a total."""

    def __init__(self, told: Mapping[str, Any], code: str, quarter: str) -> None:
        self.cells: dict[Hashable, Bounds] = {}
        self.lists: dict[Hashable, list[Hashable]] = defaultdict(list)
        whole = WHOLE_OF.get(code, code)
        for row in told["months"]:
            if quarter_of_month(row["month"]) == quarter:
                self.know("months", row["month"], row[code], row[whole], SMALLEST_SHOWN - 1)
        for row in told["quarters"]:
            if row["quarter"] == quarter and code in row:
                self.know(row["by"], row["key"], row[code], row.get(whole))
        if code == "received":
            for row in told["arrivals"]:
                if row["quarter"] == quarter:
                    self.know(row["by"], row["key"], row[code], None)
        self.total: Bounds = (0, inf)
        for cells in self.lists.values():
            low, high = self.sum_of(cells)
            self.total = max(self.total[0], low), min(self.total[1], high)

    def know(
        self, by: str, key: str, count: int | None, whole: int | None, most: float = inf
    ) -> None:
        """What is withheld is not nothing, unless its whole is withheld, too."""
        bounds: Bounds = (int(whole is not None), min(most, inf if whole is None else whole))
        self.cells[by, key] = bounds if count is None else (count, count)
        self.lists[by].append((by, key))

    def sum_of(self, cells: Sequence[Hashable], without: Hashable = None) -> Bounds:
        others = [self.cells[cell] for cell in cells if cell != without]
        return sum(low for low, _ in others), sum(high for _, high in others)

    def found(self) -> dict[Hashable, int]:
        """What can be one number only, of what is withheld."""
        pinned: dict[Hashable, int] = {}
        for cells in self.lists.values():
            for cell in cells:
                low, high = self.cells[cell]
                least, most = self.sum_of(cells, cell)
                fits = max(low, self.total[0] - most), min(high, self.total[1] - least)
                if low != high and fits[0] == fits[1]:
                    pinned[cell] = int(fits[0])
        return pinned


def true(kept: sums.Sums, code: str, quarter: str) -> Counter[Hashable]:
    found: Counter[Hashable] = Counter()
    for (kind, key), number in kept.items():
        if kind == (monthly.ARRIVED if code == "received" else code):
            month, by, what = key.split(" ", 2)
            if quarter_of_month(month) == quarter:
                found[by, what] += number
                if by == monthly.COMMUNITY:
                    found["months", month] += number
    return found


@pytest.mark.usefixtures("database")
def test_no_small_count_of_a_small_office_is_the_only_one_that_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = 0
    for seed in range(60):
        kept = office(random.Random(seed))  # noqa: S311 (repeatable)
        monkeypatch.setattr(sums, "kept", lambda kept=kept: kept)
        told = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING)))["record"]
        for quarter in {row["quarter"] for row in told["quarters"]}:
            for code in ("received", *COUNTS):
                counts, reckoned = true(kept, code, quarter), Reckoned(told, code, quarter)
                assert reckoned.total[0] <= reckoned.total[1]
                tried += len(counts)
                for cell, only in reckoned.found().items():
                    assert not 0 < counts[cell] < SMALLEST_SHOWN, (seed, code, quarter, cell)
                    assert only == counts[cell]
    assert tried > 5000


@pytest.mark.usefixtures("database")
def test_the_share_within_ten_minutes_tells_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the sum of the first four times: of what is withheld among them, two are."""
    tried = 0
    for seed in range(60):
        kept = office(random.Random(seed))  # noqa: S311 (repeatable)
        monkeypatch.setattr(sums, "kept", lambda kept=kept: kept)
        record = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING)))["record"]
        counts: Counter[tuple[str, str]] = Counter()
        for (kind, key), number in kept.items():
            if kind == monthly.TAKEN:
                month, minutes = key.split(" ")
                counts[quarter_of_month(month), str(time_of(int(minutes)))] += number
        for quarter in {row["quarter"] for row in record["times"]}:
            for is_within in (True, False):
                side = [
                    row
                    for row in record["times"]
                    if row["quarter"] == quarter and (row["key"] in WITHIN) == is_within
                ]
                gaps = [row["key"] for row in side if row["answered"] is None]
                small = [key for key in gaps if 0 < counts[quarter, key] < SMALLEST_SHOWN]
                tried += len(small)
                assert not small or len(gaps) > 1, (seed, quarter, small)
    assert tried > 100


@pytest.mark.usefixtures("database")
def test_what_was_on_time_does_not_tell_what_was_within_ten_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seventeen, ten of them within ten minutes; of one community all seven came on duty, so that
    its six on time are its six within ten minutes, and leave the four of the other.
    """
    kept: sums.Sums = Counter()
    for community, answered, within, on_time, off_duty in (
        ("jingui", 10, 4, 6, 5), ("yinxing", 7, 6, 6, 0),
    ):  # fmt: skip
        for code, number in (
            (monthly.ARRIVED, answered), ("answered", answered), ("answered_within_ten", within),
            ("answered_on_time", on_time), ("off_duty", off_duty),
        ):  # fmt: skip
            kept[code, f"2026-10 community {community}"] += number
            kept[code, "2026-10 kind noise"] += number
    monkeypatch.setattr(sums, "kept", lambda: +kept)
    rows = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING)))["record"]["quarters"]
    (row,) = [row for row in rows if row["key"] == "yinxing"]
    assert (row["answered"], row["answered_within_ten"], row["off_duty"]) == (7, None, 0)
    assert row["answered_on_time"] is None


def test_what_is_at_least_and_at_most_so_many_is_not_told_by_both() -> None:
    """The last month has at most four more than the others, and the one kind at least one."""
    counts = {("T",): 17, "m1": 13, "m2": 4, "k1": 1, "k2": 5, "k3": 11}
    lists: list[list[Hashable]] = [[("T",), "m1", "m2"], [("T",), "k1", "k2", "k3"]]
    told = withheld(
        counts, lists, {("T",)}, hidden={"m2"}, fixed={"m1", "m2"}, most={"m2": 4}
    )  # fmt: skip
    assert told == {"m2", "k1", "k2"}


def test_what_was_told_before_hides_nothing_beside_it() -> None:
    large, told, small = (("2026-Q4", monthly.COMMUNITY, one) for one in ("large", "told", "small"))
    cells = Counter({large: 12, told: 6, small: 3, ("2026-Q4", monthly.KIND, "lighting"): 21})
    by_month = Counter({"2026-10": 7, "2026-11": 7, "2026-12": 7, "2027-01": 9})
    found = figure_of(by_month, cells, RECEIVED, sorted(by_month), {told: 6}, None)
    assert [found.shown(cell) for cell in (large, told, small)] == [None, 6, None]
    found = figure_of(by_month, cells, RECEIVED, sorted(by_month), {}, None)
    assert [found.shown(cell) for cell in (large, told, small)] == [12, None, None]


@pytest.mark.parametrize(
    ("one", "other", "gaps"),
    [(1, 1, {"one", "other", "many"}), (4, 4, {"one", "other", "many"}), (2, 3, {"one", "other"})],
)
def test_gaps_that_are_all_of_the_least_or_all_of_the_most_take_another_along(
    one: int, other: int, gaps: set[str]
) -> None:
    counts = {"all": one + other + 20, "one": one, "other": other, "many": 11, "some": 9}
    assert withheld(counts, [tuple(counts)]) == gaps
