"""An activity's times in a sentence, as residents will understand them."""

from datetime import date

from forms_app.content.plan import (
    FORTNIGHTLY,
    KEPT,
    MONTHLY,
    ONCE,
    SCHOOL_DAYS,
    WEEKDAYS,
    WEEKLY,
    WORKDAYS,
    Plan,
)
from forms_app.rules.said import listed, said
from forms_app.rules.worktime import MONTHS


def when_words(plan: Plan, today: date) -> str:
    """On which days and when: `每周二、四 19:00至20:30`."""
    days = listed(said(words) for one, words in WEEKDAYS.items() if one in plan.weekdays)
    first = day_words(plan.starts_on, today)
    which = {
        WEEKLY: said("每周%(days)s", days=days),
        FORTNIGHTLY: said("隔一周的星期%(days)s", days=days),
        MONTHLY: _monthly(plan.starts_on),
        SCHOOL_DAYS: said("每个上学日"),
        WORKDAYS: said("每个工作日"),
        ONCE: first,
        KEPT: said("照原来写的办法重复"),
    }[plan.how]
    if plan.begins is None:
        return said("%(days)s，全天", days=which)
    begins = plan.begins.hour * 60 + plan.begins.minute
    ends = begins + int(plan.length.total_seconds()) // 60
    return said(
        "%(days)s %(begins)s至%(ends)s",
        days=which,
        begins=f"{begins // 60}:{begins % 60:02}",
        ends=f"{ends // 60 % 24}:{ends % 60:02}",
    )


def _monthly(first: date) -> str:
    weekday = said(tuple(WEEKDAYS.values())[first.weekday()])
    place = (first.day - 1) // 7 + 1
    if place > 4:
        return said("每月最后一个星期%(day)s", day=weekday)
    return said("每月第%(place)s个星期%(day)s", place=place, day=weekday)


def until_words(plan: Plan, today: date) -> str:
    """From when and how long; "" for what takes place once."""
    if plan.how == ONCE and plan.ends_on is None:
        return ""
    first = day_words(plan.starts_on, today)
    if plan.ends_on is None:
        return said("从%(first)s起", first=first)
    return said("从%(first)s到%(last)s", first=first, last=day_words(plan.ends_on, today))


def day_words(day: date, today: date) -> str:
    """A day, with its year where that is another one: `12月1日`, `2027年6月30日`."""
    words = said("%(month)s%(day)s日", month=said(MONTHS[day.month - 1]), day=day.day)
    return words if day.year == today.year else said("%(year)s年%(day)s", year=day.year, day=words)


def whole_words(plan: Plan, place: str, times: int, off: int | None, today: date) -> str:
    """All of it; `off` of its times are cancelled, None where nobody can count them."""
    when, until = when_words(plan, today), until_words(plan, today)
    whole = said("%(when)s，%(until)s", when=when, until=until) if until else when
    if off is None:
        return said("%(whole)s，在%(place)s，一直办下去。", whole=whole, place=place)
    if off:
        return said(
            "%(whole)s，在%(place)s，共%(count)s场，取消%(off)s场。",
            whole=whole, place=place, count=times, off=off,
        )  # fmt: skip
    return said("%(whole)s，在%(place)s，共%(count)s场。", whole=whole, place=place, count=times)
