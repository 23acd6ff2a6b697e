"""What every part of the bench of faults shares: how it tells, and that something is missing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue


class Lost(Exception):
    """Something that was promised is not so; the text says what."""


class NotTried(Exception):
    """This machine lacks what a part needs; the text says what."""


def say(name: str, **figures: object) -> None:
    print(json.dumps({"name": name, **figures}, ensure_ascii=False), flush=True)


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """The database of the copy, beside whoever serves it."""
    with opened_at(f"sqlite:///{folder / 'data' / 'private' / 'forms.db'}"):
        yield


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
