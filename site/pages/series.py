"""When an activity takes place, as a rule in words instead of twenty dates.

每周二、四、六 19:00，到2027年6月底. A rule that cannot be said so is told by its dates.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from forms_app.community import Activity
from forms_app.radius.occurrences import Occurrence, until_when
from forms_app.rules.worktime import local_day
from pages import times, words

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERS = ("", "一", "二", "三", "四", "五")
_SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST", "COUNT", "UNTIL"}


class Series(Struct, frozen=True):
    """The listed times of one activity, in order."""

    activity: Activity
    occurrences: tuple[Occurrence, ...]
    today: date

    @property
    def rule(self) -> str:
        """Empty where the dates themselves say it best."""
        return rule(self.activity, self.today) if len(self.occurrences) > 1 else ""

    @property
    def first(self) -> Occurrence:
        """The next one to go to; where all are cancelled, the first."""
        return next((o for o in self.occurrences if not o.is_cancelled), self.occurrences[0])

    @property
    def exceptions(self) -> list[str]:
        """What is otherwise than the rule says: 12月3日 周四停一次."""
        return [text for text in map(_exception, self.occurrences) if text]


def by_activity(occurrences: Iterable[Occurrence], today: date) -> list[Series]:
    """The occurrences by activity, in the order of what comes first."""
    found: dict[str, list[Occurrence]] = {}
    for occurrence in occurrences:
        found.setdefault(occurrence.activity.uid, []).append(occurrence)
    return [Series(own[0].activity, tuple(own), today) for own in found.values()]


def rule(activity: Activity, today: date) -> str:
    """每周二、四 14:30，到12月底; empty for what takes place once or cannot be said so."""
    days = {"school_days": "上学的日子", "workdays": "工作日"}.get(activity.rule, "")
    parts = dict(part.split("=") for part in activity.rrule.split(";")) if activity.rrule else {}
    if parts and not set(parts) - _SAID:
        days = _days(parts, local_day(activity.dtstart))
    if not days:
        return ""
    clock = "全天" if activity.is_all_day else words.clock(activity.dtstart)
    return "，".join(filter(None, (_begin(activity, today), f"{days} {clock}", _end(parts, today))))


def _days(parts: dict[str, str], first: date) -> str:
    every = int(parts.get("INTERVAL", "1"))
    names: tuple[str, ...] = ("BYDAY", "BYMONTHDAY")
    kinds = {name: parts[name].split(",") for name in names if name in parts}
    if len(kinds) > 1:
        return ""
    match parts["FREQ"]:
        case "DAILY":
            return "" if kinds else "每天" if every == 1 else f"每{every}天"
        case "WEEKLY" if "BYMONTHDAY" not in kinds:
            given = kinds.get("BYDAY", [_DAYS[first.weekday()]])
            if set(given) - set(_DAYS):
                return ""
            named = sorted(map(_DAYS.index, given))
            if every == 1 and len(named) == len(_DAYS):
                return "每天"
            listed = "、".join(words.WEEKDAYS[day].removeprefix("周") for day in named)
            return f"每周{listed}" if every == 1 else f"每{_weeks(every)}的周{listed}"
        case "MONTHLY":
            said = [_of_month(*pair) for pair in _monthly(kinds, first)]
            months = "每月" if every == 1 else f"每{every}个月"
            return f"{months}{'、'.join(said)}" if all(said) else ""
        case "YEARLY" if not kinds and every == 1:
            return f"每年{first.month}月{first.day}日"
    return ""


def _weeks(every: int) -> str:
    return "两周" if every == 2 else f"{every}周"


def _monthly(kinds: dict[str, list[str]], first: date) -> list[tuple[str, str]]:
    for kind, days in kinds.items():
        return [(kind, day) for day in days]
    return [("BYMONTHDAY", str(first.day))]


def _of_month(kind: str, day: str) -> str:
    """第三个周六, 最后一个周六, 8日, 最后一天; empty for what people do not say."""
    if kind == "BYMONTHDAY":
        return "最后一天" if day == "-1" else f"{day}日" if day.isdigit() else ""
    place, weekday = day[:-2], words.WEEKDAYS[_DAYS.index(day[-2:])]
    if place == "-1":
        return f"最后一个{weekday}"
    number = int(place) if place.lstrip("+").isdigit() else 0
    return f"第{_NUMBERS[number]}个{weekday}" if 0 < number < len(_NUMBERS) else ""


def _begin(activity: Activity, today: date) -> str:
    first = local_day(activity.dtstart)
    return f"从{_short(first, today)}起" if first > today else ""


def _end(parts: dict[str, str], today: date) -> str:
    if "COUNT" in parts:
        return f"共{parts['COUNT']}次"
    if "UNTIL" not in parts:
        return ""
    return f"到{_short(until_when(parts['UNTIL']).date(), today, is_end=True)}"


def _short(day: date, today: date, is_end: bool = False) -> str:
    year = "" if day.year == today.year else f"{day.year}年"
    if is_end and (day + timedelta(days=1)).day == 1:
        return f"{year}{day.month}月底"
    return f"{year}{day.month}月{day.day}日"


def _exception(occurrence: Occurrence) -> str:
    day = words.day(occurrence.day)
    if occurrence.is_cancelled:
        moved = occurrence.moved_to is not None
        return f"{day}{f'的{times.change(occurrence)}' if moved else '停一次'}"
    if occurrence.moved_from is None and occurrence.start in occurrence.activity.rdate:
        return f"另加{day} {times.begins(occurrence)}"
    return ""
