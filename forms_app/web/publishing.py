"""The site made anew at the desk's wish: this server's one press, and the data read at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app

from forms_app import queries
from forms_app.community.current_circle import CurrentCircle
from forms_app.content.press import Press


def press() -> Press:
    """What makes the site in this server."""
    return cast(Press, current_app.extensions["press"])


def read_anew() -> None:
    """Whoever has just written a file sees it on the next page."""
    cast(CurrentCircle, current_app.extensions["circle"]).look_now()


@contextmanager
def note_kept_up(number: str) -> Iterator[None]:
    """A block that may change whether the site tells of an issue: then it is made anew at once."""
    was_told = queries.is_told(number)
    yield
    if was_told != queries.is_told(number):
        press().start()
