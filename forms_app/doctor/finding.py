"""What a check finds, and what it is given to look at."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from forms_app.community import Circle, DataRefused
from forms_app.rules.said import said
from forms_app.settings import Settings


class Light(StrEnum):
    """How it stands; in order of what is to be done first."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


LIGHT_WORDS = {Light.RED: "要处理", Light.YELLOW: "请留意", Light.GREEN: "正常"}


class Finding(Struct, frozen=True):
    """One line: how it stands, and what to do where something is; `place` is the page of the staff
    where an administrator does it, as its address goes on behind theirs, "" where there is none.
    """

    light: Light
    state: str
    remedy: str = ""
    place: str = ""


class Facts(Struct, frozen=True):
    """What the checks look at. `mistakes` is what the community's data are refused for, in words;
    `circle` are the last that could be used, None without any. `looked_at` is when a server last
    looked whether something is due.
    """

    settings: Settings
    circle: Circle | None
    now: datetime
    looked_at: datetime | None
    mistakes: tuple[str, ...] = ()


class Check(Struct, frozen=True):
    """A kind of trouble: what it is called here and on the screen, and who looks for it."""

    name: str
    label: str
    look: Callable[[Facts], Sequence[Finding]]


def green(state: str) -> list[Finding]:
    """All is well."""
    return [Finding(Light.GREEN, state)]


def yellow(state: str, remedy: str, place: str = "") -> list[Finding]:
    """It works, and somebody should see to it one of these days."""
    return [Finding(Light.YELLOW, state, remedy, place)]


def red(state: str, remedy: str, place: str = "") -> list[Finding]:
    """It does not work, or will not for long."""
    return [Finding(Light.RED, state, remedy, place)]


def refused(file: Path, error: DataRefused) -> list[Finding]:
    """A file of settings that cannot be used as it is written."""
    return red(
        said("%(file)s 有%(count)s处要改。", file=file, count=len(error.errors)),
        said("先改第一处：%(first)s", first=error.errors[0]),
    )
