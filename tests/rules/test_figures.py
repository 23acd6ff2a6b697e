"""The arithmetic of the published figures, against what was worked out by hand or elsewhere."""

import pytest

from forms_app.rules.figures import BY_CODE, FIGURES, POINTS, interval, nth, percent, points
from forms_app.rules.steps import SATISFACTION

# Newcombe (1998), Statistics in Medicine 17: the score interval without correction of continuity.
NEWCOMBE = (
    (81, 263, 25.53, 36.62),
    (15, 148, 6.24, 16.05),
    (0, 20, 0.0, 16.11),
    (1, 29, 0.61, 17.18),
)


@pytest.mark.parametrize(("part", "whole", "low", "high"), NEWCOMBE)
def test_an_interval_is_the_one_that_was_published(
    part: int, whole: int, low: float, high: float
) -> None:
    assert interval(part, whole) == pytest.approx((low, high), abs=0.06)


def test_an_interval_holds_its_share_and_never_leaves_the_hundred() -> None:
    for whole in range(1, 60):
        for part in range(whole + 1):
            low, high = interval(part, whole)
            assert 0 <= low <= percent(part, whole) <= high <= 100
            assert high - low > 0


def test_points_are_the_mean_of_the_levels() -> None:
    # (3 * 100 + 4 * 75 + 2 * 50 + 1 * 0) / 10, by hand.
    assert points({5: 3, 4: 4, 3: 2, 2: 0, 1: 1}) == 70.0
    assert points(dict.fromkeys(SATISFACTION, 0)) is None
    assert set(POINTS) == set(SATISFACTION)


def test_the_mean_and_the_best_levels_give_a_published_example() -> None:
    """A published example of GOV.UK gives a mean of 79.58, said as 80, and 81.01 for the best two
    levels; its counts were not to be had. These are the fewest that give all three, found by trying
    every number of answers from one on: a check of the formulae, not the example itself.
    """
    counts = {5: 229, 4: 125, 3: 40, 2: 20, 1: 23}
    whole, best = sum(counts.values()), counts[5] + counts[4]
    assert (whole, best) == (437, 354)
    exact = sum(POINTS[level] * number for level, number in counts.items()) / whole
    assert (round(exact, 2), round(exact), points(counts)) == (79.58, 80, 79.6)
    assert (round(100 * best / whole, 2), percent(best, whole)) == (81.01, 81.0)


def test_half_and_nine_of_ten_are_values_that_somebody_waited() -> None:
    # By hand: of ten, the fifth is 4 and the ninth 30.
    taken = {1: 2, 3: 2, 4: 3, 10: 1, 30: 1, 600: 1}
    assert (nth(taken, 5), nth(taken, 9), nth(taken, 10)) == (4, 30, 600)
    assert nth({}, 5) is None
    assert nth({7: 1}, 5) == nth({7: 1}, 9) == 7


def test_every_figure_says_what_it_is_of_and_what_is_left_out() -> None:
    assert len(BY_CODE) == len(FIGURES)
    for figure in FIGURES:
        assert all((figure.name, figure.part, figure.left_out, figure.renewed, figure.source))
