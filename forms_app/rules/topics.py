"""Letters that were gathered as one matter (每月一题): what it is called, and what a leader may
change of them by hand.

PURE.
"""

from enum import StrEnum


def name_of(words: str) -> str:
    """What a topic is called, by the words that its letters share; "" where they share none."""
    return "、".join(words.split())


class Change(StrEnum):
    """Each can be taken back by its opposite; nothing is ever forgotten."""

    OUT = "out"
    IN = "in"
    JOINED = "joined"  # all letters of another topic came in, and it is offered no longer
    PARTED = "parted"  # they went back to it
    SPLIT = "split"  # some letters became a topic of their own
