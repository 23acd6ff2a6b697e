"""The threads that answer: whoever rested last goes first, and no asker keeps them from the others.

A thread has a connection to the database of its own, with its pages and its statements in memory.
A small office is nearly always served by one or two of them; taken in turn, as Waitress does, all
eight would hold the same pages, and none would find its own still in the processor.

What waits for one is taken in turn as well: of each asker the first, then of each the second. Who
holds a hundred connections and asks on all of them is before nobody else a hundred times.
"""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Any, Protocol

from waitress.task import ThreadedTaskDispatcher


class Bells:
    """What a condition is to Waitress, but the last one to wait is the first to be woken. The lock
    is held by whoever calls.
    """

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._waiting: list[threading.Lock] = []

    def wait(self) -> None:
        """Lets go of the lock until it is woken, and has it again."""
        bell = threading.Lock()
        bell.acquire()
        self._waiting.append(bell)
        self._lock.release()
        try:
            bell.acquire()
        finally:
            self._lock.acquire()

    def notify(self) -> None:
        """Wakes the one that began to wait last, if any waits."""
        if self._waiting:
            self._waiting.pop().release()

    def notify_all(self) -> None:
        """Wakes all that wait."""
        while self._waiting:
            self.notify()


class Task(Protocol):
    """What a thread is given."""

    def service(self) -> None: ...
    def cancel(self) -> None: ...


class _Turn:
    """A task that is an asker's, until it is done."""

    def __init__(self, task: Task, done: Callable[[], None]) -> None:
        self._task, self._done = task, done

    def service(self) -> None:
        try:
            self._task.service()
        finally:
            self._done()

    def cancel(self) -> None:
        self._task.cancel()


class Turns:
    """What a queue is to Waitress, but each asker's tasks are one line, and the lines take turns;
    `most` of one asker's are answered at once. The lock is held by whoever calls.
    """

    def __init__(self, lock: threading.Lock, whose: Callable[[Any], str], most: int) -> None:
        self._lock, self._whose, self._most = lock, whose, most
        self._lines: OrderedDict[str, deque[Task]] = OrderedDict()
        self._at_work: Counter[str] = Counter()
        self._waiting = 0

    def append(self, task: Task) -> None:
        self._lines.setdefault(self._whose(task), deque()).append(task)
        self._waiting += 1

    def popleft(self) -> _Turn:
        whose = self._next()
        if whose is None:
            raise IndexError
        line = self._lines[whose]
        task = line.popleft()
        self._waiting -= 1
        if line:
            self._lines.move_to_end(whose)
        else:
            del self._lines[whose]
        self._at_work[whose] += 1
        return _Turn(task, lambda: self._end(whose))

    def __len__(self) -> int:
        """How many wait; none where all of them have to wait for one of their own to end."""
        return 0 if self._next() is None else self._waiting

    def _next(self) -> str | None:
        return next((one for one in self._lines if self._at_work[one] < self._most), None)

    def _end(self, whose: str) -> None:
        """The thread that has done it looks at once for what comes next."""
        with self._lock:
            self._at_work[whose] -= 1
            if not self._at_work[whose]:
                del self._at_work[whose]


def workers(
    count: int, whose: Callable[[Any], str] = lambda _task: "", most: int = 0
) -> ThreadedTaskDispatcher:
    """Waitress's threads, begun; `most` of them answer one asker, all where that is 0."""
    threads = ThreadedTaskDispatcher()
    threads.queue_cv = Bells(threads.lock)
    threads.queue = Turns(threads.lock, whose, most or count)
    threads.set_thread_count(count)
    return threads
