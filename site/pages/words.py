"""How dates, times, counts and phone numbers are put into words on the site's pages.

It knows nothing of what they count or when something takes place.
"""

from datetime import date, datetime, timedelta
from math import ceil, floor

from markupsafe import Markup, escape

from forms_app.formats.charts import count as count
from forms_app.rules.day_parts import WEEKDAYS as WEEKDAYS
from forms_app.rules.figures import told_percent
from forms_app.rules.worktime import CHINA


def day(value: date) -> str:
    """11月24日 周二"""
    return f"{value.month}月{value.day}日 {weekday(value)}"


def weekday(value: date) -> str:
    """周二"""
    return WEEKDAYS[value.weekday()]


def seven_days(first: date) -> list[date]:
    """The days of the week that begins with this one."""
    return [first + timedelta(days=number) for number in range(7)]


def day_with_year(value: date) -> str:
    """2026年11月24日 周二"""
    return f"{value.year}年{day(value)}"


def month(value: date) -> str:
    """2026年11月"""
    return f"{value.year}年{value.month}月"


def month_name(code: str) -> str:
    """2026年11月, of "2026-11"."""
    return month(datetime.strptime(code, "%Y-%m").date())  # noqa: DTZ007 (a month)


def week(first: date) -> str:
    """11月23日至29日, from the Monday; with month and year again where they change."""
    last = first + timedelta(days=6)
    begin = f"{first.month}月{first.day}日"
    if first.year != last.year:
        return f"{first.year}年{begin}至{last.year}年{last.month}月{last.day}日"
    if first.month != last.month:
        return f"{begin}至{last.month}月{last.day}日"
    return f"{begin}至{last.day}日"


def clock(moment: datetime) -> str:
    """The time of day in China."""
    return moment.astimezone(CHINA).strftime("%H:%M")


def span(start: datetime, end: datetime) -> str:
    """14:00至16:00, with the day of the end where that is another day."""
    start, end = start.astimezone(CHINA), end.astimezone(CHINA)
    if start == end:
        return clock(start)
    if end.date() == start.date():
        return f"{clock(start)}至{clock(end)}"
    # Midnight still belongs to the evening it ends.
    if end - start < timedelta(days=1) and end.hour == end.minute == 0:
        return f"{clock(start)}至24:00"
    return f"{clock(start)}至{day(end.date())} {clock(end)}"


def number(value: float) -> str:
    """7.5 as 7.5, 7.0 as 7"""
    return f"{value:g}"


def minutes_up(value: float) -> str:
    """8.42 as 8.5: a known walk is never told shorter than it is."""
    return number(ceil(round(value * 10, 6)) / 10)


def whole_minutes(value: float) -> str:
    """Minutes as they are told at a glance: 5.5 is 6, so that nobody is late."""
    return str(ceil(round(value, 6)))


def minutes_down(value: float) -> str:
    """6.48 as 6.4: what no walk can be shorter than."""
    return number(floor(round(value * 10, 6)) / 10)


def share(part: int | None, whole: int | None) -> str:
    """38/40（95%）: always with both numbers, and without a percentage where one is hidden."""
    if whole == 0:
        return "暂无"
    if part is None or whole is None:
        return f"{count(part)}/{count(whole)}"
    return f"{part}/{whole}（{told_percent(part, whole, '超过', '不到')}）"


def phone_digits(phone: str) -> str:
    """What a phone dials; empty where there is no number in it."""
    return "".join(c for c in phone if c in "+0123456789")


def phone_link(phone: str) -> Markup:
    """A number that a phone can dial."""
    digits = phone_digits(phone)
    if not digits:
        return escape(phone)
    return Markup('<a href="tel:{}">{}</a>').format(digits, phone)


def paragraphs(text: str) -> Markup:
    """One `<p>` for each line that says something."""
    lines = (line.strip() for line in text.splitlines())
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines if line)
