"""What every part of the bench of faults shares: how it tells, and that something is missing."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue
from tests.support.running import environment
from tests.support.visitors import Visitors

# A part ends with what it has by then, and says that it was cut short.
LONGEST_SECONDS = 540.0
TAKEN_SECONDS = 60  # within which it must go on after a fault


class Lost(Exception):
    """Something that was promised is not so; the text says what."""


class NotTried(Exception):
    """This machine lacks what a part needs; the text says what."""


def say(name: str, **figures: object) -> None:
    print(json.dumps({"name": name, **figures}, ensure_ascii=False), flush=True)


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """The database of the copy, beside whoever serves it."""
    with opened_at(address_of(folder)):
        yield


def address_of(folder: Path) -> str:
    """Of the database of the copy, where it is a file."""
    return f"sqlite:///{folder / 'data' / 'private' / 'forms.db'}"


@contextmanager
def opened_at(url: str) -> Iterator[None]:
    """The database at this address."""
    open_database(url)
    try:
        yield
    finally:
        proxy.close()


def compare(name: str, acknowledged: Sequence[str], **figures: object) -> None:
    """Says how many of these reports are there, in the database that is open. Raises Lost."""
    there = {issue.number for issue in Issue.select(Issue.number)}
    half = Issue.select().where(Issue.id.not_in(Entry.select(Entry.issue))).count()
    lost = len(set(acknowledged) - there)
    twice = len(acknowledged) - len(set(acknowledged))
    say(name, **figures, acknowledged=len(acknowledged), lost=lost, twice=twice, half=half)
    if lost or twice or half:
        raise Lost(f"{lost} lost, {twice} twice, {half} half")


def need_log(folder: Path, more: Mapping[str, str]) -> None:
    """The log of the copy, with this in its environment, is whole. Raises Lost."""
    verified = subprocess.run(
        [sys.executable, "-P", "-m", "forms_app.commands.cli", "verify-log"],
        cwd=folder, env={**environment(folder, folder / "data"), **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if verified.returncode:
        raise Lost(verified.stderr.strip())


def until_taken(visitors: Visitors, more_seconds: float) -> None:
    """Waits until another report is taken, and so much longer. Raises Lost where none is."""
    before, ends = len(visitors.acknowledged), time.monotonic() + TAKEN_SECONDS
    while len(visitors.acknowledged) == before:
        if time.monotonic() > ends:
            raise Lost(f"no report was taken any more: {visitors.wrong[-1:]}")
        time.sleep(0.05)
    time.sleep(more_seconds)
