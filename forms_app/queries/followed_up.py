"""How many bad ratings somebody saw to, and how soon: the proof that a bad rating leads to work."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import islice
from statistics import median
from typing import Any

from msgspec import Struct
from peewee import SQL, Expression, fn

from forms_app.issues import sums
from forms_app.issues.taken_over import of_those_before
from forms_app.rules.bad_ratings import BAD_LEVELS, span_of
from forms_app.rules.procedure import GIVING_OPINION
from forms_app.rules.worktime import CHINA, local_day
from forms_app.store.models import Entry, Issue, Rating, TakenOver

_IN_ONE_QUESTION = 500
# In public only shares of so many are told, and only once as many more have come: the number of
# bad ratings, beside those of each thing, would tell of the few that are not shown there.
FEWEST_NEW = 10


class FollowedUp(Struct, frozen=True):
    bad: int  # counted ratings that are bad, also those that staff entered
    asked: int  # of them with a reason or a telephone number: somebody has to see to it
    answered: int  # of these, whose issue, or the one it follows, has had its first answer
    half_within: timedelta | None  # the median time to it; None: of none


def followed_up(
    since: datetime, until: datetime, about: Collection[str] | None = None
) -> FollowedUp:
    """Of the bad ratings from `since` to before `until`, of these things or of all."""
    is_asked = _is_bad(since, until) & Rating.issue.is_null(False)
    if about is not None:
        is_asked &= Rating.about.in_(sorted(about))
    columns = (Rating.made_at, Rating.issue)
    asked = list(Rating.select(*columns).where(is_asked).tuples().iterator())
    ends = _ends({issue_id for _, issue_id in asked})
    answers = _first_answers({*ends, *ends.values()})
    waited = []
    for made_at, issue_id in asked:
        own, others = answers.get(issue_id), answers.get(ends[issue_id])
        first = min((one for one in (own, others) if one is not None), default=None)
        if first is not None:
            # What was answered before somebody followed, they were answered at once.
            waited.append(max(first - made_at, timedelta(0)))
    bad = _count_bad(since, until, about)
    return FollowedUp(bad, len(asked), len(waited), median(waited) if waited else None)


def _is_bad(since: datetime, until: datetime) -> Expression:
    # Spelled out as in the index: there is no other way to the bad ones of a time.
    found: Expression = (
        (Rating.satisfaction <= SQL(str(max(BAD_LEVELS))))
        & Rating.replaced_at.is_null()
        & (Rating.made_at >= since)
        & (Rating.made_at < until)
    )
    return found


def _count_bad(since: datetime, until: datetime, about: Collection[str] | None) -> int:
    """Of all things by the kept sums of whole days, without what lies before and after."""
    if until <= since:
        return 0
    if about is not None:
        of_these = Rating.about.in_(sorted(about))
        return int(Rating.select().where(_is_bad(since, until), of_these).count())
    # In whole seconds, as everything is kept.
    moments = since, until - timedelta(seconds=1)
    first, last = (local_day(moment) for moment in moments)
    begin = datetime.combine(first, time(), CHINA)
    end = datetime.combine(last + timedelta(days=1), time(), CHINA)
    beside = [part for part in ((begin, since), (until, end)) if part[0] < part[1]]
    counted = (int(Rating.select().where(_is_bad(*part)).count()) for part in beside)
    return sums.bad_ratings_of(first, last) - sum(counted)


def published(current: str, told: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """What is told in public, of the year before the month `current` ("2026-11"): one row, or none
    as long as too few asked; no count, only `tenths`, the share of those that asked for it which
    had an answer, and `half_within` (of bad_ratings.SPANS), of the months up to `until`.

    `told` is what was told last: it stays until FEWEST_NEW more have asked.
    """
    end, stop = told[0]["until"] if told else "", _start_of(current)
    start = stop.replace(year=stop.year - 1)
    if followed_up(_start_after(end) if end else start, stop).asked < FEWEST_NEW:
        return [dict(row) for row in told]
    every = followed_up(start, stop)
    half = every.half_within
    return [
        {
            "until": f"{(stop - timedelta(days=1)).astimezone(CHINA):%Y-%m}",
            "tenths": (every.answered * 20 + every.asked) // (every.asked * 2),
            "half_within": span_of(half) if half is not None else "",
        }
    ]


def _ends(issue_ids: Iterable[int]) -> dict[int, int]:
    """What each of these issues follows in the end; itself where it follows none."""
    follows: dict[int, int | None] = {}
    asked = set(issue_ids)
    while asked:
        for some in _some(asked):
            columns = (Issue.id, Issue.merged_into)
            follows |= dict(Issue.select(*columns).where(Issue.id.in_(some)).tuples().iterator())
        asked = {one for one in follows.values() if one is not None} - follows.keys()
    found = {}
    for issue_id in issue_ids:
        end = issue_id
        while (further := follows.get(end)) is not None:
            end = further
        found[issue_id] = end
    return found


def _first_answers(issue_ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these issues had its first answer; without those that had none."""
    found: dict[int, datetime] = {}
    for some in _some(issue_ids):
        rows = (
            Entry.select(Entry.issue, fn.MIN(Entry.made_at))
            .where(Entry.issue.in_(some), Entry.move.in_(sorted(GIVING_OPINION)), Entry.note != "")
            .group_by(Entry.issue)
            .tuples()
        )
        found |= {issue_id: _time(made_at) for issue_id, made_at in rows.iterator()}
        # What was answered before an issue took over, was answered for whoever followed.
        before = of_those_before(Entry.select(TakenOver.issue, fn.MIN(Entry.made_at))).where(
            TakenOver.issue.in_(some), Entry.move.in_(sorted(GIVING_OPINION)), Entry.note != ""
        )
        for issue_id, made_at in before.group_by(TakenOver.issue).tuples().iterator():
            found[issue_id] = min(found.get(issue_id, _time(made_at)), _time(made_at))
    return found


def _time(made_at: datetime | str) -> datetime:
    # What a function of the database makes of a time, may be its text.
    return datetime.fromisoformat(made_at) if isinstance(made_at, str) else made_at


def _some(ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(sorted(ids))
    while some := list(islice(left, _IN_ONE_QUESTION)):
        yield some


def _start_of(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-01").replace(tzinfo=CHINA)


def _start_after(month: str) -> datetime:
    """When the month after this one begins."""
    return _start_of(f"{_start_of(month) + timedelta(days=31):%Y-%m}")
