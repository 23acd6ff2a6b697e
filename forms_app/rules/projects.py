"""What is done about a matter that recurs (专项), and what of it is kept.

PURE.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from forms_app.rules.steps import Step

# Wide digits, dot and comma, as an input method writes them; ² and the like are no digits.
_NARROW: Mapping[str, str] = dict(zip("０１２３４５６７８９．。，", "0123456789..,", strict=True))

PROJECT, QUESTION = "project", "question"
KINDS: Mapping[str, str] = {PROJECT: "专项", QUESTION: "请手册回答的问题"}
# What a project needs beside its title, by its fields, and how each is asked for.
PROJECT_NEEDS: Mapping[str, str] = {
    "lead": "请选择由谁牵头。",
    "measures": "请写明怎么办。",
    "due_on": "请写明哪天以前办完。",
}
TITLE_LETTERS, MEASURES_LETTERS, RESULT_LETTERS = 60, 1000, 500
MOST_FEN = 100_000_000_00
# Steps of what was taken back or was no report: it neither recurs nor is its reporter asked.
UNMEANT = (Step.WITHDRAWN.value, Step.SET_ASIDE.value)
# What an entry keeps of a project: whatever of it may change.
SAID = ("kind", "title", "lead", "measures", "budget_fen", "due_on", "result")


class Answer(StrEnum):
    """What somebody says who is asked whether it is better now. Silence is neither."""

    BETTER = "better"
    STILL = "still"


class Event(StrEnum):
    OPENED = "opened"
    CHANGED = "changed"
    DONE = "done"


EVENT_LABELS: Mapping[Event, str] = {
    Event.OPENED: "立项",
    Event.CHANGED: "修改",
    Event.DONE: "办完",
}


def written(state: Mapping[str, object]) -> str:
    """A project's state as its entry keeps it: the same state is the same text."""
    return json.dumps({name: state[name] for name in SAID}, ensure_ascii=False, sort_keys=True)


def weeks_before(day: date, number: int) -> tuple[date, date]:
    """The first day of so many whole weeks that end the day before `day`, and their last."""
    return day - timedelta(weeks=number), day - timedelta(days=1)


def yuan(fen: int) -> str:
    """An amount as people write it: 123450 → 1,234.50."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def fen_of(typed: str) -> int | None:
    """The fen of an amount in yuan, in wide digits, too; None where it is none, negative or too
    large. No floats.
    """
    plain = "".join(_NARROW.get(letter, letter) for letter in typed.strip())
    plain = plain.replace(",", "").removesuffix("元").strip()
    whole, point, rest = plain.partition(".")
    if not (whole.isascii() and whole.isdigit()) or len(rest) > 2 or (point and not rest):
        return None
    if rest and not (rest.isascii() and rest.isdigit()):
        return None
    fen = int(whole[:12]) * 100 + int(rest.ljust(2, "0") or 0)
    return fen if len(whole) <= 9 and fen <= MOST_FEN else None
