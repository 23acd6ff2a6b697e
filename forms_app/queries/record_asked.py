"""Who was asked what they think of what was done, and who has not said it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from forms_app.issues import monthly
from forms_app.queries.record_figure import (
    Of,
)
from forms_app.queries.suppressed import SMALLEST_SHOWN, Count, shown, suppressed
from forms_app.rules.figures import (
    AGES,
)
from forms_app.rules.months import month_after, month_names_of, quarter_of_month

_ANSWERS = (monthly.BY_SELF, monthly.BY_STAFF, "unanswered")


def asked_by_quarter(
    kept: Mapping[str, int], quarters: Iterable[str], unanswered: Sequence[Mapping[str, Any]]
) -> list[dict[str, object]]:
    """By the quarter in which they were asked; answers until the end of the month after count.

    `unanswered` was told before: who was asked in a month and is waited for at the end of the next
    is among those without an answer, so that their number bounds what is withheld there.
    """
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, number in kept.items():
        asked, *ended = key.split(" ")
        is_answered = (
            bool(ended) and ended[0] <= month_after(asked) and ended[1] != monthly.BY_NOBODY
        )
        parts[quarter_of_month(asked)][ended[1] if is_answered else "unanswered"] += number
    rows: list[dict[str, object]] = []
    for quarter in quarters:
        found = parts[quarter]
        counts: dict[object, int] = {part: found[part] for part in _ANSWERS}
        whole = shown(found.total())
        waited_for = _waited_for(quarter, unanswered)
        told = suppressed(counts)
        if _is_tight(whole, told, waited_for):
            told = suppressed(counts, ("unanswered",))
        if whole is None or _is_tight(whole, told, waited_for):
            whole, told = None if found.total() else 0, dict.fromkeys(_ANSWERS)
        rows.append({"quarter": quarter, "asked": whole, **{one: told[one] for one in _ANSWERS}})
    return rows


def _waited_for(quarter: str, unanswered: Sequence[Mapping[str, Any]]) -> list[Count]:
    """Who was asked in each month of a quarter and waited for at the end of the next, as told."""
    ends = [month_after(month) for month in month_names_of(quarter)]
    return [
        row["number"]
        for row in unanswered
        if row["month"] in ends and row["what"] == monthly.EVALUATING and row["age"] == 1
    ]


def _is_tight(whole: Count, told: Mapping[object, Count], waited_for: Iterable[Count]) -> bool:
    """Whether so few are without an answer that a withheld part of them could not be any of the
    small numbers.
    """
    listed = list(waited_for)
    hidden = sum(number is None for number in listed)
    if not hidden or whole is None:
        return False
    most = told["unanswered"]
    if most is None:
        gaps = sum(number is None for number in told.values())
        most = whole - sum(number or 0 for number in told.values()) - (gaps - 1)
    left = most - sum(number or 0 for number in listed) - hidden
    return left < SMALLEST_SHOWN - 2


def unanswered_by_month(of: Of, months: Sequence[str]) -> list[dict[str, object]]:
    """At the end of each month, who was still waited for, by how long."""
    rows: list[dict[str, object]] = []
    for what in (monthly.EVALUATING, monthly.SHELVED):
        stays = []
        for key, number in of(what).items():
            since, _, until = key.partition(" ")
            stays.append((since, until, number))
        for place, month in enumerate(months):
            ages = Counter[int]()
            for since, until, number in stays:
                if since <= month and (not until or until > month):
                    began = months.index(since) if since in months else place
                    ages[min(place - began, len(AGES) - 1)] += number
            rows += [
                {"month": month, "what": what, "age": age, "number": shown(ages[age])}
                for age in range(len(AGES))
            ]
    return rows
