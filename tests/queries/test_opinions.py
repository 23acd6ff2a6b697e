"""What is told of opinions, and that nobody learns from it what a few of them were."""

import json
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms_app.queries.opinions import COUNTED_ALONE, Months, Opinions, opinions
from forms_app.queries.suppressed import SMALLEST_SHOWN, suppressed

GOOD = frozenset({3, 4, 5})


@given(st.dictionaries(st.integers(0, 20), st.integers(0, 12), max_size=8))
def test_no_list_shows_a_small_count_or_leaves_one_gap_that_its_total_fills(
    counts: dict[object, int],
) -> None:
    shown = suppressed(counts)
    assert set(shown) == set(counts)
    for key, count in shown.items():
        assert count in (None, counts[key])
        assert count is None or count == 0 or count >= SMALLEST_SHOWN
    gaps = [key for key, count in shown.items() if count is None]
    small = [key for key, count in counts.items() if 0 < count < SMALLEST_SHOWN]
    assert set(small) <= set(gaps)
    assert all(counts[key] > 0 for key in gaps)
    assert len(gaps) <= len(small) + 1
    if not small:
        assert gaps == []
    if any(shown.values()):  # else there is nothing more to hide
        assert len(gaps) != 1
        assert gaps == [] or sum(counts[key] for key in gaps) > len(gaps)


@given(
    st.fixed_dictionaries({n: st.sampled_from([0, 1, 4, 5, 6, 9]) for n in range(1, 6)}),
    st.sampled_from([{3, 4, 5}, {4, 5}, {5}]),
)
@settings(max_examples=100, deadline=None)
def test_no_sum_of_verdicts_tells_a_hidden_level(counts: dict[int, int], good: set[int]) -> None:
    for step in opinions({"2026-10": counts}, good).steps:
        shown = {int(level): count for level, count in step.levels.items()}
        hidden = [level for level, count in shown.items() if count is None]
        if not any(shown.values()) or len(hidden) > 2:  # nothing more to hide; too many to guess
            return
        fitting = [
            guess
            for numbers in product(range(1, 30), repeat=len(hidden))
            for guess in [shown | dict(zip(hidden, numbers, strict=True))]
            if step.count == sum(guess.values())  # type: ignore[arg-type]
            and step.satisfied == sum(guess[level] for level in good)  # type: ignore[misc]
        ]
        assert counts in fitting
        for level in hidden:
            assert len({guess[level] for guess in fitting}) > 1


Splits = tuple[tuple[int, int], ...]  # a month each: satisfied, not satisfied


def months_of(splits: Splits) -> Months:
    return {
        f"{2026 + n // 12}-{n % 12 + 1:02}": {5: good, 1: bad}
        for n, (good, bad) in enumerate(splits)
    }


@lru_cache(maxsize=1000)
def told_month_by_month(splits: Splits) -> tuple[Opinions, ...]:
    """What is published as each month is over."""
    if not splits:
        return ()
    return (*told_month_by_month(splits[:-1]), opinions(months_of(splits), GOOD))


def again(told: Sequence[Opinions], splits: Splits) -> Opinions:
    """What is published of the same past by whoever reads back what was told before."""
    return opinions(months_of(splits), GOOD, json.loads(json.dumps(told[-1].as_json())))


# Of two months every split of up to forty opinions, so every pair of successive publishings; of
# three every one of up to twelve.
@pytest.mark.slow
@pytest.mark.parametrize(("months", "most"), [(1, 40), (2, 40), (3, 12)])
def test_nobody_learns_of_fewer_than_five_by_comparing_what_was_published(
    months: int, most: int
) -> None:
    """A solver that has every publishing, and knows how they are made, and tries every possible
    past: whatever small number of opinions it looks for, of any run of months, it never knows it.
    """
    ranges: dict[str, list[tuple[int, int]]] = {}
    for numbers in product(range(most + 1), repeat=2 * months):
        if sum(numbers) > most:
            continue
        splits = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        seen = repr(told_month_by_month(splits))
        looked_for = [
            count
            for start in range(months)
            for end in range(start + 1, months + 1)
            for good, bad in [tuple(map(sum, zip(*splits[start:end], strict=True)))]
            for count in (good, bad, good + bad)
        ]
        known = ranges.setdefault(seen, [(count, count) for count in looked_for])
        for place, count in enumerate(looked_for):
            least, greatest = known[place]
            if not least <= count <= greatest:
                known[place] = (min(least, count), max(greatest, count))
    assert len(ranges) > most  # something is told
    for seen, known in ranges.items():
        for least, greatest in known:
            assert least != greatest or not 0 < least < SMALLEST_SHOWN, (seen, known)


def test_whatever_is_subtracted_five_are_left_on_either_side() -> None:
    """Long pasts, drawn by lot: what is told at any two times differs by nothing or by enough."""
    dice = random.Random(4)  # noqa: S311 (no secret)
    shares = 0
    for _ in range(300):
        splits = tuple((dice.randint(0, 9), dice.choice((0, 0, 1, 2, 6))) for _ in range(24))
        told = told_month_by_month(splits)
        assert told[-1] == again(told[:-1], splits)
        for before, after in combinations(told, 2):
            for name in ("count", "satisfied"):
                older, newer = getattr(before, name), getattr(after, name)
                if older and newer:
                    assert newer == older or newer >= older + SMALLEST_SHOWN
            if before.satisfied is not None and after.satisfied is not None and before.count:
                more = after.count - before.count - (after.satisfied - before.satisfied)
                assert more == 0 or more >= SMALLEST_SHOWN
                shares += 1
        for one in told:
            assert one.count is None or one.count == 0 or one.count >= COUNTED_ALONE
            assert [step.since for step in one.steps] == sorted({s.since for s in one.steps})
    assert shares > 10_000


def test_what_was_told_stays_whatever_has_changed_since() -> None:
    past = {"2026-01": {5: 6, 3: 5, 1: 7}, "2026-02": {5: 3}}
    told = json.loads(json.dumps(opinions(past, GOOD).as_json()))
    assert (told["count"], told["satisfied"], told["until"]) == (18, 11, "2026-01")
    set_aside = {**past, "2026-01": {5: 6, 3: 4, 1: 7}}
    for counts, good in ((set_aside, GOOD), (past, {4, 5})):
        assert json.loads(json.dumps(opinions(counts, good, told).as_json())) == told
    later = {**set_aside, "2026-03": {5: 2, 1: 5}}
    assert opinions(later, GOOD, told).count == 18 + 10
