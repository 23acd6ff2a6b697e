"""The form of an activity, as people think of one; and the one that cancels or moves a single time.

It turns what was typed into a record of activities.yml, and a record into what can be typed.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField
from wtforms.validators import Optional

from forms_app.community import ACTIVITY_CATEGORIES, ACTIVITY_STATUSES, Circle
from forms_app.community.values import LONGEST, Unreadable
from forms_app.content.listing import Value
from forms_app.content.plan import (
    FIELDS,
    FORTNIGHTLY,
    HOW,
    KEPT,
    MONTHLY,
    ONCE,
    SCHOOL_DAYS,
    WEEKDAYS,
    WEEKLY,
    Plan,
    fields_of,
    plan_of,
)
from forms_app.content.spoken import (
    length_of,
    length_words,
    spoken_day,
    time_of,
    written_day,
    written_off,
)
from forms_app.rules.said import said
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.fields import (
    NO_SUCH_CHOICE,
    NOTHING_TO_CHOOSE,
    Between,
    day,
    line,
    offered,
    paragraph,
    pick,
    pick_shown,
)

T = TypeVar("T")

PHONE_LETTERS = 40
TAKEN = ("summary", "category", "location_id", "audience", "phone")  # as they were typed
NAME_LETTERS, WORDS_LETTERS, TOLD_LETTERS, REASON_LETTERS = 40, 100, 500, 60
# Beside which field an error of the file's column stands.
BESIDE: Mapping[str, str] = {
    "dtstart": "starts_on",
    "duration": "length",
    "rrule": "weekdays",
    "rule": "how",
    "exdate": "off_days",
    "rdate": "more_days",
}
NO_NUMBER = "请填1到100000的整数，不限就空着"


class ActivityForm(OnceForm):
    seen = HiddenField()
    summary = line("叫什么", NAME_LETTERS, "请写这个活动叫什么")
    category = pick("哪一类", ACTIVITY_CATEGORIES, "请选择哪一类", empty="请选择")
    location_id = pick("在哪里", required="请选择在哪里")
    how = pick_shown("怎样办", HOW, "请选择怎样办")
    weekdays = SelectMultipleField(
        "每周哪几天", choices=offered(WEEKDAYS), invalid_choice_message=NO_SUCH_CHOICE
    )
    starts_on = day("从哪天", "请写从哪天开始")
    ends_on = day("到哪天")
    is_all_day = BooleanField("全天")
    begins = line("几点开始", 10)
    length = line("多久", 20)
    off_days = paragraph("哪几天不办", 2000, rows=3)
    more_days = line("另外加办", 500)
    audience = line("给谁", WORDS_LETTERS)
    phone = line("联系电话", PHONE_LETTERS, inputmode="tel")
    capacity = IntegerField(
        "要报名的，限多少人",
        validators=[Optional(), Between(1, 100_000, NO_NUMBER)],
        invalid_value_message=NO_NUMBER,
    )
    description = paragraph("带什么、注意什么", TOLD_LETTERS, rows=3)
    words = line("居民会用哪些词来找", WORDS_LETTERS)
    status = pick_shown("还办不办", ACTIVITY_STATUSES, "请选择还办不办")

    def offer(self, circle: Circle, *, keeps: bool) -> None:
        """Places by their names; school days where terms are known; KEPT where something is."""
        groups: Mapping[str, str] = {
            one.id: circle.community_words(one.id) for one in circle.communities.values()
        }
        choices = offered({}, "请选择" if circle.venues else NOTHING_TO_CHOOSE)
        for community_id, name in groups.items():
            venues = [v for v in circle.venues.values() if v.community_id == community_id]
            choices += offered({one.id: one.name for one in venues}, group=name)
        self.location_id.choices = choices
        usable = {
            how: words
            for how, words in HOW.items()
            if how != SCHOOL_DAYS or circle.school_terms or self.how.data == how
        }
        self.how.choices = offered(usable | ({KEPT: "照原来写的办法重复"} if keeps else {}))

    def show(self, values: Mapping[str, Value]) -> None:
        """Puts a record's values where they can be changed."""
        plan = plan_of(values)
        for name in ("summary", "category", "location_id", "audience", "phone", "description"):
            self[name].data = str(values.get(name, ""))
        self.status.data = str(values.get("status", "")) or "CONFIRMED"
        self.words.data = "、".join(_many(values, "words"))
        capacity = str(values.get("capacity", ""))
        self.capacity.data = int(capacity) if capacity.isdecimal() else None
        self.off_days.data = "\n".join(map(spoken_day, _many(values, "exdate")))
        self.more_days.data = "、".join(map(spoken_day, _many(values, "rdate")))
        if plan is not None:
            self.how.data, self.weekdays.data = plan.how, list(plan.weekdays)
            self.starts_on.data, self.ends_on.data = plan.starts_on, plan.ends_on
            self.is_all_day.data = plan.is_all_day
            self.begins.data = f"{plan.begins:%H:%M}" if plan.begins else ""
            self.length.data = "" if plan.is_all_day else length_words(plan.length)

    def values(self, uid: str, before: Mapping[str, Value], today: date) -> dict[str, Value] | None:
        """The record that was typed; None where something is refused, beside its field."""
        plan = self._plan(plan_of(before))
        off = self._each("off_days", self.off_days.data.splitlines(), written_off, today)
        more = self._each(
            "more_days", re.split("[、,，;；]", self.more_days.data), written_day, today
        )
        if plan is None or self.errors:
            return None
        is_same = plan == plan_of(before)
        when = {name: before.get(name, "") for name in FIELDS} if is_same else fields_of(plan)
        status = self.status.data
        return {
            **before,
            "uid": uid,
            **{n: self[n].data for n in TAKEN},
            "words": tuple(one for one in re.split("[、,， ]+", self.words.data) if one),
            **when,
            "exdate": off,
            "rdate": more,
            "capacity": "" if self.capacity.data is None else str(self.capacity.data),
            "status": "" if status == "CONFIRMED" and not before.get("status") else status,
            "description": self.description.data,
        }

    def _plan(self, before: Plan | None) -> Plan | None:
        how, first, last = self.how.data, self.starts_on.data, self.ends_on.data
        begins = length = None
        if not self.is_all_day.data:
            begins = self._read("begins", time_of, "请写几点开始，或者勾“全天”")
            length = self._read("length", length_of, "请写多久，例如1小时")
        if how in (WEEKLY, FORTNIGHTLY) and not self.weekdays.data:
            self.refuse("weekdays", "请选每周哪几天")
        if last and first and last < first:
            self.refuse("ends_on", "到哪天要在从哪天以后")
        if last and last != first and how == ONCE and not self.is_all_day.data:
            self.refuse("ends_on", "一连几天的请勾“全天”；同样时间再办几天，写在“另外加办”里")
        if last and how not in (WEEKLY, FORTNIGHTLY, MONTHLY, ONCE):
            self.refuse("ends_on", "这一种没有到哪天：不办了，把“还办不办”改成取消")
        if last and first and how == ONCE and last - first >= LONGEST:
            self.refuse("ends_on", said("一次最多%(days)s天，更长的请分几次写", days=LONGEST.days))
        if self.errors or first is None:
            return None
        days = last - first + timedelta(days=1) if last and how == ONCE else timedelta(days=1)
        if self.is_all_day.data and before and before.is_all_day and how not in (ONCE,):
            days = before.length
        weekdays = tuple(self.weekdays.data) if how in (WEEKLY, FORTNIGHTLY) else ()
        kept = before.rrule if before and how == KEPT else ""
        known = [one for one in WEEKDAYS if one in weekdays]
        same = before is not None and set(before.weekdays) == set(known)
        order = before.weekdays if same and before else tuple(known)
        one_day = how == ONCE and (last == first or days == timedelta(days=1))
        return Plan(how, first, begins, length or days, order, None if one_day else last, kept)

    def _read(self, name: str, read: Callable[[str], T], missing: str) -> T | None:
        if not self[name].data:
            self.refuse(name, missing)
            return None
        try:
            return read(self[name].data)
        except Unreadable as refused:
            self.refuse(name, f"{refused.problem}；{refused.remedy}")
            return None

    def _each(
        self, name: str, lines: list[str], read: Callable[[str, date], str], today: date
    ) -> tuple[str, ...]:
        found: list[str] = []
        for text in (one.strip() for one in lines):
            try:
                found += [read(text, today)] if text else []
            except Unreadable as refused:
                self.refuse(name, f"{refused.problem}；{refused.remedy}")
        return tuple(found)


class OccurrenceForm(OnceForm):
    """What becomes of one time: it is off, or moved to another."""

    seen = HiddenField()
    what = pick_shown(
        "这一场", {"off": "不办了", "moved": "改到别的时间", "on": "照常办"}, "请选择这一场怎么办"
    )
    reason = line("为什么", REASON_LETTERS)
    moved_on = day("改到哪天")
    moved_at = line("改到几点", 10)

    def values(
        self, before: Mapping[str, Value], start: datetime, today: date
    ) -> dict[str, Value] | None:
        """The record with this time changed; None where something is refused."""
        what = self.what.data
        if what in ("off", "moved") and not self.reason.data:
            self.refuse("reason", "请写为什么，居民看得到")
        added = ""
        if what == "moved":
            if not self.moved_on.data:
                self.refuse("moved_on", "请写改到哪天")
            try:
                at = f"{time_of(self.moved_at.data):%H:%M}" if self.moved_at.data else ""
                at = at or f"{start:%H:%M}"
                added = f"{self.moved_on.data} {at}"
            except Unreadable as refused:
                self.refuse("moved_at", f"{refused.problem}；{refused.remedy}")
        if self.errors:
            return None
        off = [one for one in _many(before, "exdate") if not _is_at(one, start, before, today)]
        more = list(_many(before, "rdate"))
        if what != "on":
            off.append(f"{start:%Y-%m-%d} {self.reason.data}".strip())
        if added and added not in more:
            more.append(added)
        return {**before, "exdate": tuple(sorted(off)), "rdate": tuple(sorted(more))}


def _is_at(written: str, start: datetime, before: Mapping[str, Value], today: date) -> bool:
    """Whether an exdate means this time; without a time of day it means the series' own."""
    usual = str(before.get("dtstart", "")).partition(" ")[2].strip()
    parts = written_off(written, today).split(" ")
    clock = parts[1] if len(parts) > 1 and re.fullmatch(r"\d{1,2}:\d{2}", parts[1]) else usual
    return parts[0] == f"{start:%Y-%m-%d}" and (not clock or clock.zfill(5) == f"{start:%H:%M}")


def _many(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    value = values.get(name, ())
    return value if isinstance(value, tuple) else (value,) if value else ()


def told_error(problem: str, remedy: str) -> str:
    """A loader's error beside its field."""
    return said("%(problem)s；%(remedy)s", problem=problem, remedy=remedy)
