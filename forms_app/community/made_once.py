"""What is made of the community's data alone, once for each state of them."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from forms_app.community.circle import Circle

T = TypeVar("T")


def made_once(make: Callable[[Circle], T]) -> Callable[[Circle], T]:
    """The same, made once for each state of the data; whoever asks changes nothing in it."""
    kept: tuple[Circle, T] | None = None

    @wraps(make)
    def made(circle: Circle) -> T:
        nonlocal kept
        known = kept  # another thread may put another one there
        if known is None or known[0] is not circle:
            known = kept = (circle, make(circle))
        return known[1]

    return made
