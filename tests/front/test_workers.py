"""One after another, requests are answered by one thread; at once, by as many as there are."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from waitress.task import ThreadedTaskDispatcher

from forms_app.front.workers import workers


class Task:
    """Notes who answers it, and takes as long as it is told to."""

    def __init__(self, ends: threading.Event | None = None, asker: str = "") -> None:
        self.asker = asker
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


def test_askers_take_turns_and_one_of_them_never_has_all_threads() -> None:
    threads = workers(4, lambda task: task.asker, 3)
    rest(threads)
    ends = [threading.Event() for _ in range(9)]
    crowd = [Task(end, "crowd") for end in ends]
    for task in crowd:
        threads.add_task(task)
    assert all(task.begun.wait(10) for task in crowd[:3])
    # The fourth thread is left for whoever else comes, and each of them comes before the rest.
    for name in ("alice", "bob"):
        threads.add_task(visitor := Task(asker=name))
        assert visitor.done.wait(10)
    assert not any(task.begun.is_set() for task in crowd[3:])
    holds, waits = Task(threading.Event(), "alice"), Task(asker="bob")
    for task in (holds, waits):
        threads.add_task(task)
        assert holds.begun.wait(10)
    assert not waits.done.is_set()
    ends[0].set()  # whose turn was before Bob came
    assert crowd[3].begun.wait(10)
    ends[1].set()
    assert waits.done.wait(10)
    for end in (*ends, holds.ends):
        end.set()
    assert all(task.done.wait(10) for task in crowd)
    threads.shutdown()
    assert not threads.threads


def test_a_task_that_fails_gives_its_place_back() -> None:
    class Failing(Task):
        def service(self) -> None:
            super().service()
            raise ValueError

    threads = workers(2, lambda task: task.asker, 1)
    threads.logger = logging.getLogger("of.nobody")
    threads.logger.propagate = False
    threads.logger.addHandler(logging.NullHandler())
    for _ in range(3):
        threads.add_task(task := Failing(asker="one"))
        assert task.done.wait(10)
    threads.shutdown()
