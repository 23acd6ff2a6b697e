"""How times and lengths of time are said in templates."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from string import Formatter

from markupsafe import Markup, escape

from forms_app.community import DUTY_BASES, Circle
from forms_app.formats.phones import whole_phones
from forms_app.formats.phrases import phrases
from forms_app.issues.danger import dangers_in
from forms_app.issues.gist import gist
from forms_app.queries import EntryFacts
from forms_app.rules.clocks import is_past, lead_of
from forms_app.rules.day_parts import weekday_deadline
from forms_app.rules.excerpts import cut_before, excerpt
from forms_app.rules.figures import told_percent
from forms_app.rules.older_lines import as_told_today
from forms_app.rules.phones import dialled
from forms_app.rules.procedure import MOVES
from forms_app.rules.said import listed, said
from forms_app.rules.steps import NEXT_CLASS, Role, Step
from forms_app.rules.worktime import (
    CHINA,
    MONTHS,
    deadline_words,
    last_day,
    local_day,
    time_words,
    with_year,
)
from forms_app.web.request import current_circle, this_moment

ROLES_IN_SHORT: dict[Role, str] = {
    Role.RESIDENT: "居民",
    Role.COLLECTOR: "收集人",
    Role.WORKER: "社区干部",
    Role.COMMUNITY_LEADER: "社区书记",
    Role.RESPONDER: "响应单位",
    Role.SUBDISTRICT_LEADER: "街道书记",
    Role.DISTRICT_OFFICE: "区改革办",
    Role.SUPERVISOR: "督查",
    Role.ADMIN: "管理员",
    Role.EDITOR: "网站编辑",
    Role.SYSTEM: "系统",
}
LETTER_WHOLE, LETTER_BEGINNING = 600, 400  # letters; so much is shown whole, else about so much
_SENTENCE_ENDS = re.compile(r"[。！？!?]+[”」』)）]?|\n+")
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def left_words(deadline: datetime, now: datetime) -> str:
    """How long until a deadline, or how long past it: `还有7分钟`, `超时1小时20分`.

    static/clock.js says the same; tests/browser/test_board.py compares the two.
    """
    seconds = (deadline - now).total_seconds()
    minutes = int(abs(seconds) // 60)
    hours, rest = divmod(minutes, 60)
    days, over = divmod(hours, 24)
    if minutes < 1:
        length = said("不到1分钟")
    elif minutes < 60:
        length = said("%(minutes)s分钟", minutes=minutes)
    elif hours < 48:
        length = (
            said("%(hours)s小时%(minutes)s分", hours=hours, minutes=rest)
            if rest
            else said("%(hours)s小时", hours=hours)
        )
    else:
        length = (
            said("%(days)s天%(hours)s小时", days=days, hours=over)
            if over
            else said("%(days)s天", days=days)
        )
    return said("超时%(length)s" if seconds < 0 else "还有%(length)s", length=length)


def soon_seconds(clock: str, circle: Circle) -> int:
    """How many seconds before its end the clock of this name turns colour; 0: never."""
    return int(lead_of(clock, circle.clocks).total_seconds()) if clock else 0


def count_words(count: int, most: int = 999, *, is_least: bool = False) -> str:
    """A count that needs no more than three figures: `7`, `999+`; `7+` where it `is_least`."""
    return f"{min(count, most)}{'+' if is_least or count > most else ''}"


def weekday_words(moment: datetime) -> str:
    """A day with its weekday, local: `11月25日 星期三`."""
    local = moment.astimezone(CHINA)
    return said(
        "%(month)s%(day)s日 %(weekday)s",
        month=said(MONTHS[local.month - 1]),
        day=local.day,
        weekday=said(WEEKDAYS[local.weekday()]),
    )


def day_words(moment: datetime) -> str:
    """A moment with its year, for paper that is read later: `2026年11月24日 14:30`, local."""
    return with_year(moment.astimezone(CHINA).year, time_words(moment))


@lru_cache(1_000)  # a list says the same moment in each of its rows
def iso(moment: datetime) -> str:
    """For the `datetime` attribute of `<time>`."""
    return moment.astimezone(CHINA).isoformat()


def line_of(text: str, letters: int = 36) -> str:
    """The beginning of a text, on one line."""
    return excerpt(text, letters)


def matter(text: str, letters: int = 36) -> str:
    """What a letter is about, on one line: its text from where it says so."""
    return line_of(gist(text, current_circle()), letters)


def dangers(letter: str, step: str) -> tuple[str, ...]:
    """What of a letter sounds of danger, at the step where nobody has judged that yet."""
    return dangers_in(letter) if step == Step.COLLECTED else ()


def beginning(text: str) -> tuple[str, str]:
    """What a page shows of a letter at once, and the rest, empty where it is short.

    Cut behind a sentence or a line where one ends, and never for a few words more.
    """
    if len(text) <= LETTER_WHOLE:
        return text, ""
    ends = [end.end() for end in _SENTENCE_ENDS.finditer(text, LETTER_BEGINNING // 2, LETTER_WHOLE)]
    cut = min(ends, key=lambda end: abs(end - LETTER_BEGINNING), default=0)
    cut = cut or cut_before(text, LETTER_BEGINNING)
    return text[:cut], text[cut:]


def role_words(role: str) -> str:
    """A role in short, by its first name."""
    return said(ROLES_IN_SHORT[Role(role)])


def move_words(name: str, from_step: str | None, severity_class: str | None) -> str:
    """A move's label in the history, where one name has several: by where it began, and its class.

    `severity_class` is that after the move.
    """
    rows = [row for row in MOVES if row.name == name]
    fitting = [
        row
        for row in rows
        if (not row.from_steps or from_step in row.from_steps)
        and (
            not row.next_class
            or severity_class in [NEXT_CLASS[c] for c in row.severity_classes or ()]
        )
    ]
    return fitting[0].label if fitting else rows[0].label if rows else name


def month_day(moment: datetime) -> str:
    """The day of a moment: `11月24日`, local."""
    local = moment.astimezone(CHINA)
    return _day(local)


def date_words(day: str) -> str:
    """A day kept as ISO text, as people say it; nothing where there is none."""
    if not day:
        return ""
    return _day(date.fromisoformat(day))


def dated_words(day: str) -> str:
    """The same with its year, for what is read years later: `2026年11月24日`."""
    return with_year(int(day[:4]), date_words(day)) if day else ""


def screen_deadline(moment: datetime) -> str:
    """A deadline on a page: `11月29日（周日）24:00`, today's without its weekday."""
    now = this_moment()
    is_today = last_day(moment) == local_day(now)
    return deadline_words(moment, now) if is_today else weekday_deadline(moment, now)


def paper_deadline(moment: datetime) -> str:
    """A moment on paper that goes from hand to hand and is filed: with its year and its weekday,
    `2026年11月29日（周日）24:00`.
    """
    return with_year(last_day(moment).year, weekday_deadline(moment))


def _day(day: date) -> str:
    return said("%(month)s%(day)s日", month=said(MONTHS[day.month - 1]), day=day.day)


def _of_its_year(year: int, words: str) -> str:
    """What is said of a day, with its year where that is another than this one's."""
    return words if year == this_moment().astimezone(CHINA).year else with_year(year, words)


def _moment_of_its_year(say: Callable[[datetime], str]) -> Callable[[datetime], str]:
    return lambda moment: _of_its_year(moment.astimezone(CHINA).year, say(moment))


def _day_of_its_year(day: str) -> str:
    return _of_its_year(int(day[:4]), date_words(day)) if day else ""


def basis_words(letters: str) -> str:
    """On what a duty rests, in words: `改革方案、法律法规`."""
    return listed(
        said(DUTY_BASES[letter]) if letter in DUTY_BASES else letter for letter in letters
    )


def caller_words(circle: Circle, community_id: str, severity_class: str, phone: str = "") -> str:
    """Which office summons for a class, and where to call: the caller's own phone if known.

    Without one it is the community's desk: a sub-district has no phone of its own.
    """
    community = circle.communities.get(community_id)
    if severity_class != "A":
        return f"{community.name} {phone or community.hotline}" if community else community_id
    subdistrict = circle.subdistrict_name(community_id)
    if phone:
        return f"{subdistrict} {phone}"
    if community is None:
        return subdistrict
    return said(
        "%(subdistrict)s（联系%(community)s %(phone)s）",
        subdistrict=subdistrict,
        community=community.name,
        phone=community.hotline,
    )


def steps_of(steps: list[tuple[Step, str]], severity_class: str | None) -> list[tuple[Step, str]]:
    """The steps that an issue of this class goes through: no unit is asked about a C."""
    of_units = (Step.RESPONDING, Step.REPORTED)
    return [row for row in steps if severity_class != "C" or row[0] not in of_units]


def list_words(parts: Iterable[str]) -> str:
    """Names one after another, each in the reader's language if we said it: `物业、城管`."""
    return listed(said(part) for part in parts)


def sentences(parts: Iterable[str]) -> str:
    """Sentences of ours one after another: `请填写；太长`."""
    return listed((said(part) for part in parts), "%(before)s；%(one)s")


def unbroken(text: str) -> Markup:
    """A text in which no telephone ends one line and begins the next."""
    return Markup(whole_phones(str(escape(text))))  # noqa: S704


# What an entry says of itself anyway: how it went, and who told it.
_SAID_BESIDE = {"result_label", "relayed_by", "reviewed_by"}


def _asked_of(line: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(line) if name}


_TOLD_BY_NOTE = {
    move.name for move in MOVES
    if "note" in _asked_of(move.resident_line)
    and _asked_of(move.resident_line) <= {"note", *_SAID_BESIDE}
}  # fmt: skip


def is_told_by_note(entry: EntryFacts) -> bool:
    """Whether what the resident was told of a move is the note that stands right above it."""
    return bool(entry.note) and entry.note in entry.resident_line and entry.move in _TOLD_BY_NOTE


def beyond(note: str, label: str) -> str:
    """A note without the move's label, where it begins with that and stands right after it."""
    return note.removeprefix(f"{label}：")


FILTERS: dict[str, Callable[..., object]] = {
    "time_words": _moment_of_its_year(time_words),
    "deadline_words": screen_deadline,
    "left_words": left_words,
    "is_past": is_past,
    "told_percent": told_percent,
    "soon_seconds": soon_seconds,
    "count_words": count_words,
    "weekday_words": weekday_words,
    "day_words": day_words,
    "weekday_of": lambda day: said(WEEKDAYS[day.weekday()]),
    "iso": iso,
    "excerpt": line_of,
    "matter": matter,
    "dangers": dangers,
    "is_told_by_note": is_told_by_note,
    "unbroken": unbroken,
    "beginning": beginning,
    "dialled": dialled,
    "role_words": role_words,
    "move_words": move_words,
    "resident_words": as_told_today,
    "date_words": _day_of_its_year,
    "dated_words": dated_words,
    "month_day": _moment_of_its_year(month_day),
    "basis_words": basis_words,
    "caller_words": caller_words,
    "steps_of": steps_of,
    "listed": list_words,
    "sentences": sentences,
    "phrases": phrases,
    "beyond": beyond,
    "paper_deadline": paper_deadline,
}
