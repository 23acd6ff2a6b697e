"""The site made anew at the desk's wish: this server's one press, and the data read at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app

from forms_app import queries
from forms_app.community.current_circle import CurrentCircle
from forms_app.content.press import Press

SAVED = "存好了，正在更新网站，一般不到一分钟。"
REMOVED = "去掉了，正在更新网站；要放回来，到“谁改过”里换回以前的版本。"


def press() -> Press:
    """What makes the site in this server."""
    return cast(Press, current_app.extensions["press"])


def take_up() -> None:
    """What has just been written stands on the next page of whoever wrote it, and soon on the
    site.
    """
    press().start()
    cast(CurrentCircle, current_app.extensions["circle"]).look_now()


@contextmanager
def note_kept_up(number: str) -> Iterator[None]:
    """A block that may change whether the site tells of an issue: then it is made anew at once."""
    was_told = queries.is_told(number)
    yield
    if was_told != queries.is_told(number):
        press().start()
