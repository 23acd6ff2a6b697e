"""What keeps a thread for seconds, though nothing is wrong: a site that is built, a sheet that is
read, a server elsewhere that is waited for. Few of the staff's presses may be at it at once: who
reports something meanwhile is answered by the other threads.

Photos, exports and whoever waits to write have bounds of their own.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from forms_app.rules.refused import Refused

MOST = 2  # of the eight that answer
_places = threading.BoundedSemaphore(MOST)


class AllAtWork(Refused):
    """As many are at slow work already as may be."""

    def __init__(self) -> None:
        super().__init__("服务器正忙着别的，请过几秒再按一次。")


@contextmanager
def slow_work() -> Iterator[None]:
    """A block that may take long. Raises AllAtWork at once where it would be one too many."""
    if not _places.acquire(blocking=False):
        raise AllAtWork
    try:
        yield
    finally:
        _places.release()
