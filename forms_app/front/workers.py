"""The threads that answer: whoever rested last goes first.

A thread has a connection to the database of its own, with its pages and its statements in memory.
A small office is nearly always served by one or two of them; taken in turn, as Waitress does, all
eight would hold the same pages, and none would find its own still in the processor.
"""

import threading

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


def workers(count: int) -> ThreadedTaskDispatcher:
    """Waitress's threads, begun."""
    threads = ThreadedTaskDispatcher()
    threads.queue_cv = Bells(threads.lock)
    threads.set_thread_count(count)
    return threads
