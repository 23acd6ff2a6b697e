"""What a leader may change by hand of the letters that were gathered as one matter (每月一题).

PURE.
"""

from enum import StrEnum


class Change(StrEnum):
    """Each can be taken back by its opposite; nothing is ever forgotten."""

    OUT = "out"
    IN = "in"
    JOINED = "joined"  # all letters of another topic came in, and it is offered no longer
    PARTED = "parted"  # they went back to it
    SPLIT = "split"  # some letters became a topic of their own
