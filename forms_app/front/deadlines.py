"""How long a connection may take for what it is at, and which goes first where there are too many.

Seconds throughout; moments are `time.monotonic()`.
"""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct


class At(IntEnum):
    """What a connection is at, the first to go first."""

    GOING = 0  # it was refused, and what it still sends is thrown away
    IDLE = 1  # between two requests, or before the first
    HEAD = 2
    BODY = 3
    ANSWER = 4  # its answer is made, or on its way


# A phone on a bad line takes 5 s for a head. Browsers keep a connection for the next page.
SECONDS = {At.GOING: 60.0, At.IDLE: 20.0, At.HEAD: 10.0, At.BODY: 30.0, At.ANSWER: 60.0}
# Of all bodies that are coming, which lie on the disk until they are whole.
MOST_BYTES = 1024**3
STALLED_SECONDS = 20.0  # without a byte, in the middle of a body
SLOWEST_BYTES = 4096  # a second, of a body that takes longer


class Stage(Struct):
    """What one connection is at: since when, when a byte last moved, how many did."""

    at: At
    since: float
    moved: float
    bytes: int = 0

    def move_on(self, at: At, now: float) -> None:
        if at is not self.at:
            self.at, self.since, self.moved, self.bytes = at, now, now, 0

    def move(self, count: int, now: float) -> None:
        self.moved, self.bytes = now, self.bytes + count

    def is_over(self, now: float, *, waits_for_client: bool) -> bool:
        """Whether its time is up; an answer that is still being made has the time it needs."""
        if self.at is At.ANSWER:
            if not waits_for_client:
                self.moved = now
            return now - self.moved > SECONDS[At.ANSWER]
        if self.at is At.BODY:
            longest = SECONDS[At.BODY] + self.bytes / SLOWEST_BYTES
            return now - self.moved > STALLED_SECONDS or now - self.since > longest
        return now - self.since > SECONDS[self.at]


def first_to_go(connections: Iterable[tuple[str, Stage]], count: int) -> set[int]:
    """The places of `count` connections that make room, of those that no answer is owed to.

    Each is an address and its stage. The address that holds the most gives first.
    """
    waiting = [
        (place, address, stage)
        for place, (address, stage) in enumerate(connections)
        if stage.at is not At.ANSWER
    ]
    crowd = Counter(address for _, address, _ in waiting)
    waiting.sort(key=lambda one: (-crowd[one[1]], one[2].at, one[2].since))
    return {place for place, _, _ in waiting[:count]}


def too_heavy(connections: Iterable[tuple[str, Stage]], most: int) -> set[int]:
    """The places of connections whose bodies make room, where those that are coming hold more than
    `most` bytes.

    Each is an address and its stage. The address that holds the most gives first, and of its own
    what has taken longest.
    """
    coming = [
        (place, address, stage)
        for place, (address, stage) in enumerate(connections)
        if stage.at is At.BODY
    ]
    held: Counter[str] = Counter()
    for _, address, stage in coming:
        held[address] += stage.bytes
    going, over = set(), held.total() - most
    for place, _, stage in sorted(coming, key=lambda one: (-held[one[1]], one[2].since)):
        if over <= 0:
            break
        going.add(place)
        over -= stage.bytes
    return going
