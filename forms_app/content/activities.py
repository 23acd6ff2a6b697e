"""One activity, changed as its form says it: its record, what is written, and what will be."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from forms_app.community import Activity, Circle, DataError, DataRefused, load
from forms_app.content.listing import Record, Value, filled, records, with_record
from forms_app.content.saving import Change, ChangedMeanwhile, decoded, save, text_of
from forms_app.content.versions import seen_digest
from forms_app.radius.occurrences import Occurrence, programme
from forms_app.settings import Settings

FILE, KEY = "activities.yml", ("uid",)
# In the order in which a new record says them; the words are what people call them.
LABELS: Mapping[str, str] = {
    "uid": "编号",
    "summary": "叫什么",
    "words": "居民会用的词",
    "category": "哪一类",
    "location_id": "在哪里",
    "dtstart": "第一次",
    "duration": "多久",
    "rrule": "怎样重复",
    "rule": "哪些日子",
    "exdate": "哪几天不办",
    "rdate": "另外加办",
    "audience": "给谁",
    "phone": "联系电话",
    "capacity": "限多少人",
    "status": "还办不办",
    "description": "说明",
}
ORDER = tuple(LABELS)
YEARS_COUNTED = 2
CLASHES_WITHIN = timedelta(days=60)


class Outlook(Struct, frozen=True):
    """What an activity will be: all its times that can be counted, and what is in its way."""

    activity: Activity
    occurrences: tuple[Occurrence, ...]
    clashes: tuple[Occurrence, ...]  # of others, at the place at the same time
    is_endless: bool

    @property
    def cancelled(self) -> int:
        return sum(one.is_cancelled for one in self.occurrences)


def activity_records(settings: Settings) -> dict[str, Record]:
    """The activities as their file writes them, by uid. Raises Unwritable."""
    return records(text_of(settings, FILE), KEY)


def save_activity(
    settings: Settings, uid: str, seen: str, values: Mapping[str, Value], who: str, now: datetime
) -> bool:
    """Writes the activity; whether that was a change. Pressed twice it is written once.

    Raises ChangedMeanwhile, DataRefused, ContentBusy and Unwritable.
    """

    def make(before: bytes) -> bytes:
        text = decoded(before)
        found = records(text, KEY).get(uid)
        if found and filled(found.values) == filled(values):
            return before
        if seen_digest(found) != seen:
            raise ChangedMeanwhile
        return with_record(text, KEY, uid, values, ORDER).encode()

    what = str(values.get("summary", uid))
    return save(settings, Change(FILE, who, what, now), make)


def outlook(settings: Settings, uid: str, values: Mapping[str, Value], today: date) -> Outlook:
    """What would be, were it written. Raises DataRefused and Unwritable."""
    text = with_record(text_of(settings, FILE), KEY, uid, values, ORDER)
    circle = load(settings.community_dir, instead={FILE: text.encode()})
    activity = circle.activities[uid]
    first = activity.dtstart.date()
    last = max(first, today) + timedelta(days=366 * YEARS_COUNTED)
    mine = _times([activity], circle, first, last)
    has_end = "UNTIL" in activity.rrule or "COUNT" in activity.rrule
    return Outlook(
        activity,
        mine,
        clashes(mine, circle, today),
        is_endless=bool(activity.rule or (activity.rrule and not has_end)),
    )


def clashes(mine: Sequence[Occurrence], circle: Circle, today: date) -> tuple[Occurrence, ...]:
    """What is there at the same times, within CLASHES_WITHIN; of each activity the first."""
    soon = [
        one for one in mine
        if today <= one.day <= today + CLASHES_WITHIN and not one.is_cancelled
    ]  # fmt: skip
    if not soon:
        return ()
    own = soon[0].activity
    others = [
        one for one in circle.activities.values()
        if one.location_id == own.location_id and one.uid != own.uid
    ]  # fmt: skip
    found: dict[str, Occurrence] = {}
    for other in _times(others, circle, soon[0].day, soon[-1].day):
        for one in soon:
            if other.start < one.end and one.start < other.end and not other.is_cancelled:
                found.setdefault(other.activity.uid, other)
    return tuple(found.values())


def week(circle: Circle, monday: date) -> tuple[tuple[date, tuple[Occurrence, ...]], ...]:
    """Seven days, each with what takes place on it, what was cancelled included."""
    days = [monday + timedelta(days=number) for number in range(7)]
    held = _times(circle.activities.values(), circle, days[0], days[-1])
    return tuple((day, tuple(one for one in held if one.day == day)) for day in days)


def _times(
    activities: Iterable[Activity], circle: Circle, first: date, last: date
) -> tuple[Occurrence, ...]:
    calendar = circle.clocks.calendar
    return programme(activities, calendar, circle.school_terms, first, last).occurrences


def errors_of(refused: DataRefused, uid: str) -> tuple[list[DataError], list[DataError]]:
    """What is wrong with this activity, and what is wrong elsewhere in the data."""
    own = [
        one for one in refused.errors if one.file == FILE and f"（{uid}）" in one.place
    ]  # fmt: skip
    return own, [one for one in refused.errors if one not in own]
