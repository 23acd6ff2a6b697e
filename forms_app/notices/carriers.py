"""Who carries the messages: each robot has a carrier of its own, mail has two, and those who wake
browsers are others, as strangers named their addresses.

A receiver that hangs keeps its own carrier waiting and nobody else.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from types import TracebackType
from typing import Self, TypeAlias

from forms_app import casework
from forms_app.casework import Attempt
from forms_app.community import Circle
from forms_app.notices.delivery import Post
from forms_app.rules.notices import PUSH, ROBOT

MAIL_CARRIERS = 2  # a mail server takes few at once from one sender
MOST_ROBOTS = 200
PUSH_CARRIERS = 20

Recipient: TypeAlias = tuple[str, str]  # kind and name
Carried: TypeAlias = tuple[Attempt, int]  # what became of a message, and of how many notices


class Carriers:
    """Threads that claim a message when they can carry it, so that no lease runs out in a queue."""

    def __init__(self, clock: Callable[[], datetime], rest: Callable[[], None]) -> None:
        """`rest` is called in a carrier's thread when it has done its work."""
        self._clock, self._rest = clock, rest
        self._robots = ThreadPoolExecutor(MOST_ROBOTS, "robot")
        self._mail = ThreadPoolExecutor(MAIL_CARRIERS, "mail")
        self._push = ThreadPoolExecutor(PUSH_CARRIERS, "push")
        self._on_the_way: dict[Recipient, Future[Carried | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Waits until what is on the way has arrived, or has not."""
        for pool in (self._robots, self._mail, self._push):
            pool.shutdown()

    def send(self, circle: Circle, post: Post) -> int:
        """Has one message carried to everybody to whom one may go now, but for those to whom one
        is on the way; to how many.
        """
        found = casework.recipients_due(circle, self._clock())
        fresh = [recipient for recipient in found if recipient not in self._on_the_way]
        for recipient in fresh:
            pools = {ROBOT: self._robots, PUSH: self._push}
            pool = pools.get(recipient[0], self._mail)
            self._on_the_way[recipient] = pool.submit(self._carry, circle, post, recipient)
        return len(fresh)

    def arrived(self, *, all_of_them: bool = False) -> list[Carried]:
        """What became of those that are no longer on the way, told once; of `all_of_them` when the
        last has arrived. Raises what kept one from being carried or written down.
        """
        if all_of_them:
            wait(self._on_the_way.values())
        ended = [to for to, future in self._on_the_way.items() if future.done()]
        results = [self._on_the_way.pop(recipient).result() for recipient in ended]
        return [carried for carried in results if carried is not None]

    def _carry(self, circle: Circle, post: Post, recipient: Recipient) -> Carried | None:
        try:
            message = casework.claim_message(circle, *recipient, now=self._clock())
            if message is None:
                return None
            attempt = post.deliver(message, self._clock())
            casework.settle_message(message, attempt, now=self._clock())
            return attempt, len(message.notices)
        finally:
            self._rest()
