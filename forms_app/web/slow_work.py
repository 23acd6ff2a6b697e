"""What keeps a thread for seconds, though nothing is wrong: a site that is built, a sheet that is
read and judged, a server elsewhere that is waited for. Few of the staff's presses may be at it at
once: whoever reports something meanwhile is answered by the other threads.

Photos, exports and whoever waits to write have bounds of their own.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar

from forms_app.files.few_at_once import FewAtOnce
from forms_app.rules.refused import Refused

P = ParamSpec("P")
R = TypeVar("R")

SLOTS = 2
MOST_REQUESTS = 3  # of the eight that answer: at it, or waiting for one of those


class AllAtWork(Refused):
    """As many are at slow work already as may be."""

    def __init__(self) -> None:
        super().__init__("服务器正忙着别的，请过几秒再试一次。")


_few = FewAtOnce(SLOTS, MOST_REQUESTS, AllAtWork)


def slow_work() -> AbstractContextManager[None]:
    """A block that may take long. Raises AllAtWork where it would be one too many."""
    return _few.at_work()


def made_slowly(view: Callable[P, R]) -> Callable[P, R]:
    """Marks a view whose page is slow work as a whole."""

    @wraps(view)
    def made(*parts: P.args, **named: P.kwargs) -> R:
        with slow_work():
            return view(*parts, **named)

    return made
