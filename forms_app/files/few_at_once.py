"""What takes long is done by few at once, and a few more wait for one of them to end: the threads
that answer visitors are not many.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST_WAIT_SECONDS = 4


class FewAtOnce:
    """So many `slots` for those at work, and `places` for them with those that wait.

    `refused` makes what is raised where one more would be too many.
    """

    def __init__(self, slots: int, places: int, refused: Callable[[], Exception]) -> None:
        self._slots = threading.BoundedSemaphore(slots)
        self._places = threading.BoundedSemaphore(places)
        self._refused = refused

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A block that may take long."""
        if not self._places.acquire(blocking=False):
            raise self._refused()
        try:
            if not self._slots.acquire(timeout=LONGEST_WAIT_SECONDS):
                raise self._refused()
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._places.release()
