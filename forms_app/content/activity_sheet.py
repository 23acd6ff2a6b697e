"""Activities as rows of a spreadsheet: as the form says them, and as people keep a programme.

A row with a key is the whole of an activity. One without, on a single day, is one time of it: of
the activity of that name and place, or, with its likes, of a new one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import ACTIVITY_CATEGORIES, ACTIVITY_STATUSES, Circle
from forms_app.community.values import Unreadable
from forms_app.content.inputs import Choice, Line, Number, Paragraph, Phone, Words, many, plain
from forms_app.content.kind import Kind
from forms_app.content.listing import Record, Value
from forms_app.content.offers import fixed, venues
from forms_app.content.plan import (
    FIELDS,
    FORTNIGHTLY,
    KEPT,
    MONTHLY,
    ONCE,
    SCHOOL_DAYS,
    WEEKLY,
    WORKDAYS,
    Plan,
    fields_of,
    plan_of,
)
from forms_app.content.shape import Cells, Column, Fault, Read
from forms_app.content.sheet import KEY_LABEL, KEY_NOTE, folded, fresh_name, too_long
from forms_app.content.spoken import (
    DAY,
    day_of,
    length_of,
    spoken_day,
    written_day,
    written_off,
)
from forms_app.content.when_words import (
    how_of,
    is_rule,
    is_times,
    length_cell,
    monthly_first,
    parts_of,
    span_of,
    times_in,
    when_cell,
)
from forms_app.radius.occurrences import programme
from forms_app.rules.dates import full_date

WHEN, FIRST, LAST, BEGINS, LENGTH = "什么时候", "从哪天", "到哪天", "几点开始", "多久"
ENDS = "几点结束"  # in people's own sheets
OFF, MORE = "哪几天不办", "另外加办"
MOST = "限多少人"
_PLAIN_FIELDS: Mapping[str, tuple[str, Line]] = {
    "叫什么": ("summary", Line(40)),
    "哪一类": ("category", Choice(offers=fixed(ACTIVITY_CATEGORIES))),
    "在哪里": ("location_id", Choice(offers=venues)),
    "给谁": ("audience", Line(100)),
    MOST: ("capacity", Number()),
    "联系电话": ("phone", Phone()),
    "带什么、注意什么": ("description", Paragraph(500)),
    "居民会用哪些词来找": ("words", Words(100)),
    "还办不办": ("status", Choice(offers=fixed(ACTIVITY_STATUSES))),
}
# How many letters a cell about time may hold; a list of days many.
_TIMES: Mapping[str, int] = {
    **dict.fromkeys((WHEN, FIRST, LAST, BEGINS, ENDS, LENGTH), 100),
    **dict.fromkeys((OFF, MORE), 6000),
}
_MONTH = re.compile(r"(?:\d{4}年)?\d{1,2}月")
_DAY_ALONE = re.compile(r"\d{1,2}[日号]?")
_SECONDS = re.compile(r"(?<=[0-9]:[0-9]{2}):00$")  # a workbook's own times come with them
YEARS_COUNTED = 2
# What people call these columns in their own programmes.
_NAMES = ("活动", "活动名称", "名称", "项目", "主题", "内容", "活动内容", "课程")
_PLACES = ("地点", "场所", "活动地点", "位置")
_PHONES = ("电话", "联系方式", "联系人")


class ActivityShape:
    """How activities are written in a sheet."""

    def columns(self, kind: Kind, circle: Circle) -> tuple[Column, ...]:  # noqa: ARG002
        places = tuple(venues(circle).values())
        return (
            Column("叫什么", "", True, (), _NAMES),
            Column("哪一类", "", True, tuple(ACTIVITY_CATEGORIES.values()),
                   ("类别", "种类", "活动类别", "分类", "活动类型", "类型"), 14),
            Column("在哪里", "写场所的名称。", True, places, _PLACES, 22),
            Column(WHEN, "例如 每周二、四，隔一周的星期五，每月第三个星期六，每个上学日，"
                   "每个工作日，一次。后面可以写几点：每周二、四 19:00-20:30。", True, (),
                   ("怎样办", "星期", "周几", "每周哪几天", "频次", "频率"), 20),
            Column(FIRST, "例如 2026年12月3日，没有年份的是最近的那一天。", True, (),
                   ("日期", "开始日期", "活动日期"), 16),
            Column(LAST, "一直办就空着。", False, (), ("结束日期", "截止日期"), 16),
            Column(BEGINS, "例如 07:00，也可以写 19:00-20:30；全天写“全天”。", True, (),
                   ("时间", "开始时间", "开始", "几点", "活动时间", "时间段", "时段"), 12),
            Column(ENDS, others=("结束时间", "结束"), is_only_read=True),
            Column(LENGTH, "例如 90分钟、1小时、2天。", True, (), ("时长", "多长时间"), 12),
            Column(OFF, "一天写一行，后面空一格写为什么。", False, (), ("取消",), 24),
            Column(MORE, "例如 12月5日、12月9日 10:00。", False, (), ("加办",), 24),
            Column("给谁", "", False, (),
                   ("对象", "参加对象", "面向对象", "参加人员", "参与人员"), 16),
            Column(MOST, "不限就空着。", False, (), ("人数", "名额", "限额"), 10),
            Column("联系电话", "岗位的电话，不写姓名。", False, (), _PHONES),
            Column("带什么、注意什么", "", False, (), ("说明", "备注", "注意事项"), 30),
            Column("居民会用哪些词来找", "用顿号分开。", False, (), ("关键词",), 24),
            Column("还办不办", "", False, tuple(ACTIVITY_STATUSES.values()), ("状态",), 12),
            Column(KEY_LABEL, KEY_NOTE),
        )  # fmt: skip

    def cells(self, kind: Kind, values: Mapping[str, Value], circle: Circle) -> dict[str, str]:  # noqa: ARG002
        found = {
            label: given.shown(values.get(name) or "", circle)
            for label, (name, given) in _PLAIN_FIELDS.items()
        }
        plan = plan_of(values)
        if plan is not None:
            is_one_day = plan.how == ONCE and plan.ends_on is None
            whole = plan.ends_on is None or plan.how != ONCE
            found |= {
                WHEN: when_cell(plan),
                FIRST: full_date(plan.starts_on),
                LAST: full_date(plan.ends_on) if plan.ends_on and not is_one_day else "",
                BEGINS: f"{plan.begins:%H:%M}" if plan.begins else "全天",
                LENGTH: length_cell(plan) if whole else "",
            }
        return found | {
            OFF: "\n".join(map(spoken_day, many(values.get("exdate", "")))),
            MORE: "、".join(map(spoken_day, many(values.get("rdate", "")))),
            KEY_LABEL: str(values.get("uid", "")),
        }

    def read(
        self,
        kind: Kind,
        rows: Iterable[tuple[int, Cells]],
        known: Mapping[str, Record],
        circle: Circle,
        today: date,
    ) -> Read:
        return _Reader(kind, known, circle, today).read(rows)


ACTIVITIES = ActivityShape()


class _When(Struct, frozen=True):
    """What the columns about time say."""

    plan: Plan
    is_one_time: bool  # a single day, once


class _Reader:
    """One sheet being read."""

    def __init__(
        self, kind: Kind, known: Mapping[str, Record], circle: Circle, today: date
    ) -> None:
        self._kind, self._known, self._circle, self._today = kind, known, circle, today
        self._found = Read()
        self._starts: dict[str, set[datetime]] = {}
        self._named: dict[tuple[str, str], list[str]] = {}
        for uid, record in known.items():
            self._named.setdefault(_called(record.values), []).append(uid)
        self._fresh: dict[tuple[object, ...], str] = {}

    def read(self, rows: Iterable[tuple[int, Cells]]) -> Read:
        for row, cells in rows:
            self._row(row, cells)
        return self._found

    def _row(self, row: int, cells: Cells) -> None:
        key = cells.get(KEY_LABEL, "").strip()
        if key and key not in self._known:
            self._refuse(row, KEY_LABEL, f"没有编号「{key}」", "新加的行编号空着，由系统来编")
            return
        times = [self._fits(row, one, cells.get(one, ""), most) for one, most in _TIMES.items()]
        tells_when = all(times)
        if not key and tells_when:
            cells = _apart(cells)
        values = self._plain(row, cells)
        names = self._named.get(_called(values), []) if not key else [key]
        before = self._known[names[0]].values if len(names) == 1 else {}
        faults = len(self._found.faults)
        when = self._when(row, cells, before) if tells_when else None
        for label in ("叫什么", "在哪里"):
            if not (values.get(_PLAIN_FIELDS[label][0]) or before.get(_PLAIN_FIELDS[label][0])):
                self._refuse(row, label, "没有填", "这一格必须填")
        lists = self._lists(row, cells) if tells_when else {}
        if when is None or len(self._found.faults) > faults:
            return
        last = when.plan.ends_on or when.plan.starts_on
        if when.plan.how == ONCE or when.plan.ends_on:
            self._found.newest = max(self._found.newest or last, last)
        else:
            self._found.newest = date.max
        if not key and when.is_one_time and not lists:
            self._one_time(row, values, when.plan, names, before)
        else:
            self._whole(row, names[0] if len(names) == 1 else "", values | lists, when.plan, before)

    def _whole(
        self,
        row: int,
        uid: str,
        values: Mapping[str, Value],
        plan: Plan,
        before: Mapping[str, Value],
    ) -> None:
        """The row is all of an activity."""
        uid = uid or fresh_name(self._kind, f"{values.get('summary')} {row}")
        if uid in self._found.wanted:
            said = f"和第 {self._found.rows[uid]} 行是同一个活动"
            self._refuse(row, "叫什么", said, "去掉一行，或者改成不一样的名称")
            return
        is_same = plan == plan_of(before)
        timing: Mapping[str, Value] = (
            {name: before.get(name, "") for name in FIELDS} if is_same else fields_of(plan)
        )
        if values.get("status") == "CONFIRMED" and not before.get("status"):
            values = {**values, "status": ""}
        self._keep(row, uid, {**before, **values, **timing, "uid": uid})

    def _one_time(
        self,
        row: int,
        values: Mapping[str, Value],
        plan: Plan,
        names: list[str],
        before: Mapping[str, Value],
    ) -> None:
        """The row is one time of an activity that is there, or of a new one."""
        at = plan.starts_on
        written = f"{at} {plan.begins:%H:%M}" if plan.begins else f"{at}"
        if len(names) == 1:
            uid = names[0]
            is_known = self._is_held(uid, plan)
            now = self._found.wanted.get(uid, dict(before))
            if not is_known and written not in many(now.get("rdate", "")):
                now = {**now, "rdate": tuple(sorted({*many(now.get("rdate", "")), written}))}
            self._found.wanted[uid] = now
            self._found.rows.setdefault(uid, row)
            return
        likes = (*_called(values), values.get("category", ""), plan.length, plan.begins is None)
        uid = self._fresh.get(likes, "")
        if not uid:
            uid = fresh_name(self._kind, f"{likes}")
            self._fresh[likes] = uid
            self._keep(row, uid, {**values, **fields_of(plan), "uid": uid})
            return
        held = self._found.wanted[uid]
        times = {str(held["dtstart"]), written, *many(held.get("rdate", ""))}
        earliest, *rest = sorted(times)
        self._found.wanted[uid] = {**held, "dtstart": earliest, "rdate": tuple(rest)}

    def _keep(self, row: int, uid: str, values: dict[str, Value]) -> None:
        if not values.get("category"):
            self._refuse(
                row, "哪一类", "没有填", f"写{'、'.join(ACTIVITY_CATEGORIES.values())}之一"
            )
        self._found.wanted[uid] = values
        self._found.rows[uid] = row

    def _is_held(self, uid: str, plan: Plan) -> bool:
        if uid not in self._circle.activities:
            return False
        if uid not in self._starts:
            first = self._today - timedelta(days=366)
            last = self._today + timedelta(days=366 * YEARS_COUNTED)
            held = programme(
                [self._circle.activities[uid]], self._circle.clocks.calendar,
                self._circle.school_terms, first, last,
            ).occurrences  # fmt: skip
            self._starts[uid] = {one.start.replace(tzinfo=None) for one in held}
        return datetime.combine(plan.starts_on, plan.begins or time()) in self._starts[uid]

    def _plain(self, row: int, cells: Cells) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for label, (name, given) in _PLAIN_FIELDS.items():
            if label not in cells:
                continue
            text = values[name] = cells[label].strip()
            if not self._fits(row, label, text, given.letters):
                continue
            try:
                values[name] = given.read(text, self._circle, self._today) if text else ""
            except Unreadable as refused:
                self._refuse(row, label, refused.problem, refused.remedy)
        return values

    def _lists(self, row: int, cells: Cells) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for label, name, cut, read in (
            (OFF, "exdate", "[\n；;]+", written_off),
            (MORE, "rdate", "[\n；;、，,]+", written_day),
        ):
            if not cells.get(label, "").strip():
                if label in cells and cells.get(KEY_LABEL, "").strip():
                    found[name] = ()
                continue
            days = []
            for part in (one.strip() for one in re.split(cut, cells[label])):
                try:
                    days += [read(plain(part), self._today)] if part else []
                except Unreadable as refused:
                    self._refuse(row, label, refused.problem, refused.remedy)
            found[name] = tuple(days)
        return found

    def _when(self, row: int, cells: Cells, before: Mapping[str, Value]) -> _When | None:
        was = plan_of(before)
        first = self._day(row, cells, FIRST)
        last = self._day(row, cells, LAST)
        text = plain(cells.get(WHEN, ""))
        begins, length, text = self._clock(row, cells, text)
        is_all_day = plain(cells.get(BEGINS, "")) in ("全天", "整天") or "全天" in text
        try:
            how, weekdays = how_of(text, has_day=first is not None and last is None)
        except Unreadable as refused:
            self._refuse(row, WHEN, refused.problem, refused.remedy)
            return None
        if how == KEPT and (was is None or was.how != KEPT):
            self._refuse(row, WHEN, "没有写什么时候", "例如 每周二、四，或者 一次")
            return None
        if was is not None:
            last = last if LAST in cells or how != was.how else was.ends_on
            begins = begins or (was.begins if not is_all_day else None)
            length = length or (was.length if was.is_all_day == is_all_day else None)
            first = first or was.starts_on
        if first is None and how in (WEEKLY, FORTNIGHTLY, SCHOOL_DAYS, WORKDAYS):
            first = self._today
        if first is None:
            self._refuse(row, FIRST, "没有填", "写成「2026年12月3日」的样子")
            return None
        if any(one.row == row and one.column in (BEGINS, LENGTH) for one in self._found.faults):
            return None
        if not is_all_day and begins is None:
            self._refuse(row, BEGINS, "没有写几点", "写成「19:00」或「19:00-20:30」，全天写“全天”")
            return None
        if not is_all_day and length is None:
            self._refuse(row, LENGTH, "没有写多久", "写成「90分钟」的样子")
            return None
        if last and last < first:
            self._refuse(row, LAST, "比从哪天还早", "核对这两个日期")
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
        return _When(plan, how == ONCE and plan.ends_on is None)

    def _clock(
        self, row: int, cells: Cells, text: str
    ) -> tuple[time | None, timedelta | None, str]:
        """From when and how long, and what is left of the words about when."""
        begins: time | None = None
        length: timedelta | None = None
        given = _SECONDS.sub("", plain(cells.get(BEGINS, "")))
        try:
            if given and given not in ("全天", "整天"):
                begins, length = span_of(given)
            elif found := times_in(text):
                begins, length = span_of(found[0])
                text = (text[: found.start()] + text[found.end() :]).strip()
        except Unreadable as refused:
            self._refuse(row, BEGINS, refused.problem, refused.remedy)
        said = plain(cells.get(LENGTH, ""))
        ends = _SECONDS.sub("", plain(cells.get(ENDS, "")))
        try:
            if begins and ends and not length and not said:
                length = span_of(f"{given}-{ends}")[1]
            if days := re.fullmatch("([0-9]{1,2})天", said):
                length = timedelta(days=int(days[1]))
            elif said:
                length = length_of(said.removesuffix(":00") if said.count(":") == 2 else said)
        except Unreadable as refused:
            self._refuse(row, LENGTH, refused.problem, refused.remedy)
        return begins, length, text

    def _day(self, row: int, cells: Cells, label: str) -> date | None:
        text = plain(cells.get(label, "")).removesuffix("00:00:00").strip()
        text = re.sub(r"\((?:周|星期)?.\)|(?:周|星期|礼拜)[一二三四五六日天]$", "", text).strip()
        if not text:
            return None
        try:
            return day_of(text, self._today)
        except Unreadable as refused:
            self._refuse(row, label, refused.problem, refused.remedy)
            return None

    def _fits(self, row: int, label: str, text: str, most: int) -> bool:
        fault = too_long(row, label, text, most)
        if fault is not None:
            self._found.faults.append(fault)
        return fault is None

    def _refuse(self, row: int, label: str, problem: str, remedy: str) -> None:
        self._found.faults.append(Fault(row, label, problem, remedy))


def _apart(cells: Cells) -> Cells:
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


def _called(values: Mapping[str, Value]) -> tuple[str, str]:
    return folded(str(values.get("summary", ""))), str(values.get("location_id", ""))
