"""One after another, requests are answered by one thread; at once, by as many as there are."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from waitress.task import ThreadedTaskDispatcher

from forms_app.front.workers import workers


class Task:
    """Notes who answers it, and takes as long as it is told to."""

    def __init__(self, ends: threading.Event | None = None) -> None:
        self.ends, self.begun, self.done = ends, threading.Event(), threading.Event()
        self.by = ""

    def service(self) -> None:
        self.by = threading.current_thread().name
        self.begun.set()
        if self.ends is not None:
            self.ends.wait(10)
        self.done.set()

    def cancel(self) -> None:
        """Left in the queue when the server goes."""


def rest(threads: ThreadedTaskDispatcher) -> None:
    """Waits until all of them wait for work."""
    until = time.monotonic() + 10
    while threads.active_count and time.monotonic() < until:
        time.sleep(0.001)
    assert not threads.active_count


def test_who_rested_last_answers_next_and_a_crowd_is_answered_by_all() -> None:
    threads = workers(4)
    by = set()
    for _ in range(20):
        rest(threads)
        threads.add_task(task := Task())
        assert task.done.wait(10)
        by.add(task.by)
    assert len(by) == 1

    rest(threads)
    ends = threading.Event()
    crowd = [Task(ends) for _ in range(6)]
    for task in crowd:
        threads.add_task(task)
    assert all(task.begun.wait(10) for task in crowd[:4])
    assert len({task.by for task in crowd[:4]}) == 4
    assert not any(task.begun.is_set() for task in crowd[4:])  # they wait in their order
    ends.set()
    assert all(task.done.wait(10) for task in crowd)

    threads.shutdown()
    assert not threads.threads


def test_nobody_is_forgotten_among_many_who_ask_at_once() -> None:
    threads = workers(4)
    tasks = [Task() for _ in range(4000)]
    with ThreadPoolExecutor(8) as askers:
        list(askers.map(threads.add_task, tasks))
    assert all(task.done.wait(10) for task in tasks)
    threads.shutdown()
    assert not threads.threads
