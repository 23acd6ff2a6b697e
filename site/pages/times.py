"""When an occurrence takes place, and what became of it, in words."""

from datetime import datetime, timedelta

from forms_app.radius.occurrences import Occurrence
from forms_app.rules.worktime import local_day
from pages import words


def begins(occurrence: Occurrence) -> str:
    """14:00, or 全天"""
    return "全天" if occurrence.activity.is_all_day else words.clock(occurrence.start)


def lasts(occurrence: Occurrence) -> str:
    """14:00至16:00; 全天; of several days 全天，至11月30日"""
    if not occurrence.activity.is_all_day:
        return words.span(occurrence.start, occurrence.end)
    last = (occurrence.end - timedelta(days=1)).date()
    return "全天" if last == occurrence.day else f"全天，至{words.day(last)}"


def change(occurrence: Occurrence) -> str:
    """What became of a cancelled one: 已取消, or 改到12月3日 14:00; "" for any other."""
    if not occurrence.is_cancelled:
        return ""
    if occurrence.moved_to is None:
        return "已取消"
    return f"改到{_at(occurrence, occurrence.moved_to)}"


def was(occurrence: Occurrence) -> str:
    """When one that was added in its place should have been; "" for any other."""
    return _at(occurrence, occurrence.moved_from) if occurrence.moved_from else ""


def _at(occurrence: Occurrence, moment: datetime) -> str:
    """12月3日 周四 14:00; of a whole day without the clock."""
    day = words.day(local_day(moment))
    return day if occurrence.activity.is_all_day else f"{day} {words.clock(moment)}"
