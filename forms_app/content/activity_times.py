"""What a row of a sheet of activities says of when: in a column for each part of it, or with
several parts in one cell.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community.values import Unreadable
from forms_app.content.activity_columns import (
    BEGINS,
    ENDS,
    FIRST,
    LAST,
    LENGTH,
    MORE,
    MOST,
    OFF,
    WHEN,
)
from forms_app.content.inputs import plain
from forms_app.content.listing import Value
from forms_app.content.plan import (
    FORTNIGHTLY,
    KEPT,
    MONTHLY,
    ONCE,
    SCHOOL_DAYS,
    WEEKLY,
    WORKDAYS,
    Plan,
    plan_of,
)
from forms_app.content.shape import Cells, Fault
from forms_app.content.sheet import KEY_LABEL
from forms_app.content.spoken import DAY, day_of, length_of, written_day, written_off
from forms_app.content.when_words import (
    how_of,
    is_rule,
    is_times,
    monthly_first,
    parts_of,
    span_of,
    times_in,
)

# How many letters a cell about time may hold; a list of days many.
TIMES: Mapping[str, int] = {
    **dict.fromkeys((WHEN, FIRST, LAST, BEGINS, ENDS, LENGTH), 100),
    **dict.fromkeys((OFF, MORE), 6000),
}
_MONTH = re.compile(r"(?:\d{4}年)?\d{1,2}月")
_DAY_ALONE = re.compile(r"\d{1,2}[日号]?")
_SECONDS = re.compile(r"(?<=[0-9]:[0-9]{2}):00$")  # a workbook's own times come with them


class When(Struct, frozen=True):
    """What the columns about time say."""

    plan: Plan
    is_one_time: bool  # a single day, once


class RowTimes:
    """The columns about time of one row; what is wrong with them is added to `faults`."""

    def __init__(self, row: int, cells: Cells, today: date, faults: list[Fault]) -> None:
        self._row, self._cells, self._today, self._faults = row, cells, today, faults

    def lists(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for label, name, cut, read in (
            (OFF, "exdate", "[\n；;]+", written_off),
            (MORE, "rdate", "[\n；;、，,]+", written_day),
        ):
            if not self._cells.get(label, "").strip():
                if label in self._cells and self._cells.get(KEY_LABEL, "").strip():
                    found[name] = ()
                continue
            days = []
            for part in (one.strip() for one in re.split(cut, self._cells[label])):
                try:
                    days += [read(plain(part), self._today)] if part else []
                except Unreadable as refused:
                    self._refuse(label, refused.problem, refused.remedy)
            found[name] = tuple(days)
        return found

    def when(self, before: Mapping[str, Value]) -> When | None:
        was = plan_of(before)
        first = self._day(FIRST)
        last = self._day(LAST)
        text = plain(self._cells.get(WHEN, ""))
        begins, length, text = self._clock(text)
        is_all_day = plain(self._cells.get(BEGINS, "")) in ("全天", "整天") or "全天" in text
        try:
            how, weekdays = how_of(text, has_day=first is not None and last is None)
        except Unreadable as refused:
            self._refuse(WHEN, refused.problem, refused.remedy)
            return None
        if how == KEPT and (was is None or was.how != KEPT):
            self._refuse(WHEN, "没有写什么时候", "例如 每周二、四，或者 一次")
            return None
        if was is not None:
            last = last if LAST in self._cells or how != was.how else was.ends_on
            begins = begins or (was.begins if not is_all_day else None)
            length = length or (was.length if was.is_all_day == is_all_day else None)
            first = first or was.starts_on
        if first is None and how in (WEEKLY, FORTNIGHTLY, SCHOOL_DAYS, WORKDAYS):
            first = self._today
        if first is None:
            self._refuse(FIRST, "没有填", "写成「2026年12月3日」的样子")
            return None
        if any(one.row == self._row and one.column in (BEGINS, LENGTH) for one in self._faults):
            return None
        if not is_all_day and begins is None:
            self._refuse(BEGINS, "没有写几点", "写成「19:00」或「19:00-20:30」，全天写“全天”")
            return None
        if not is_all_day and length is None:
            self._refuse(LENGTH, "没有写多久", "写成「90分钟」的样子")
            return None
        if last and last < first:
            self._refuse(LAST, "比从哪天还早", "核对这两个日期")
            return None
        if how == MONTHLY:
            first = monthly_first(text, first)
        plan = Plan(
            how, first, None if is_all_day else begins,
            length or timedelta(days=1),
            _ordered(weekdays, was), last if last != first or how != ONCE else None,
            was.rrule if was and how == KEPT else "",
        )  # fmt: skip
        if is_all_day and how == ONCE and plan.ends_on:
            plan = replace(plan, length=plan.ends_on - first + timedelta(days=1))
        return When(plan, how == ONCE and plan.ends_on is None)

    def _clock(self, text: str) -> tuple[time | None, timedelta | None, str]:
        """From when and how long, and what is left of the words about when."""
        begins: time | None = None
        length: timedelta | None = None
        given = _SECONDS.sub("", plain(self._cells.get(BEGINS, "")))
        try:
            if given and given not in ("全天", "整天"):
                begins, length = span_of(given)
            elif found := times_in(text):
                begins, length = span_of(found[0])
                text = (text[: found.start()] + text[found.end() :]).strip()
        except Unreadable as refused:
            self._refuse(BEGINS, refused.problem, refused.remedy)
        said = plain(self._cells.get(LENGTH, ""))
        ends = _SECONDS.sub("", plain(self._cells.get(ENDS, "")))
        try:
            if begins and ends and not length and not said:
                length = span_of(f"{given}-{ends}")[1]
            if days := re.fullmatch("([0-9]{1,2})天", said):
                length = timedelta(days=int(days[1]))
            elif said:
                length = length_of(said.removesuffix(":00") if said.count(":") == 2 else said)
        except Unreadable as refused:
            self._refuse(LENGTH, refused.problem, refused.remedy)
        return begins, length, text

    def _day(self, label: str) -> date | None:
        text = plain(self._cells.get(label, "")).removesuffix("00:00:00").strip()
        text = re.sub(r"\((?:周|星期)?.\)|(?:周|星期|礼拜)[一二三四五六日天]$", "", text).strip()
        if not text:
            return None
        try:
            return day_of(text, self._today)
        except Unreadable as refused:
            self._refuse(label, refused.problem, refused.remedy)
            return None

    def _refuse(self, label: str, problem: str, remedy: str) -> None:
        self._faults.append(Fault(self._row, label, problem, remedy))


def apart(cells: Cells) -> Cells:
    """What people write into one cell as what it is: 12月22日9:30-11:00, 每周一、三7点到8点;
    and what they write among the days that is a rule, or several days: 每周三, 12月5日、12月19日.
    """
    found = dict(cells)
    if plain(found.get(MOST, "")) in ("不限", "不限人数", "无限制"):
        found[MOST] = ""
    days = plain(found.get(FIRST, ""))
    one, *others = _with_months(re.split(r"[、,，;；\n]+", days)) if days else [""]
    if days and is_rule(days) and not DAY.search(days) and not found.get(WHEN):
        found[WHEN], found[FIRST] = days, ""
    elif others and all(DAY.fullmatch(day.strip()) for day in (one, *others)):
        found[FIRST] = one
        found[MORE] = "、".join([*others, *filter(None, [found.get(MORE, "")])])
    for label in (WHEN, FIRST, BEGINS):
        text = plain(cells.get(label, "")).removesuffix("00:00:00").strip()
        text = _SECONDS.sub("", text)
        is_own = (label == FIRST and DAY.fullmatch(text)) or (label == BEGINS and is_times(text))
        if not text or is_own or not (said := parts_of(text)):
            continue
        day, times, rule = said
        found[label] = ""
        parts = {FIRST: day, BEGINS: times, WHEN: rule}
        found |= {name: part for name, part in parts.items() if part and not found.get(name)}
    return found


def _with_months(days: Sequence[str]) -> list[str]:
    """Each day with its month, which people write only once: 12月5日、19日."""
    found: list[str] = []
    month = ""
    for day in map(str.strip, days):
        said = _MONTH.match(day)
        month = said[0] if said else month
        found.append(f"{month}{day}" if month and _DAY_ALONE.fullmatch(day) else day)
    return found


def _ordered(weekdays: tuple[str, ...], was: Plan | None) -> tuple[str, ...]:
    is_same = was is not None and set(was.weekdays) == set(weekdays)
    return was.weekdays if is_same and was else weekdays
