"""What everything that an issue may refer to was called since when: the files say only what it is
called now, and nothing of what is gone.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

NEVER = datetime.min.replace(tzinfo=UTC)
# In front of an id that departments and communities do not share.
ESTATE, CATEGORY, CHANNEL = "estates:", "categories:", "channels:"


class NotedName(Struct, frozen=True):
    since: datetime
    key: str  # an id, behind what it is of
    name: str


class NotedNames(Struct, frozen=True):
    """The names, oldest first; the last of each; and since when nothing is called otherwise."""

    names: tuple[NotedName, ...]
    last: Mapping[str, str]
    settled: datetime

    def at(self, moment: datetime) -> Mapping[str, str]:
        """By key what it was called just before a moment; of the time before names were noted, the
        first one that was.
        """
        then: dict[str, str] = {}
        for one in self.names:
            if one.since < moment or one.key not in then:
                then[one.key] = one.name
        return then


def noted(names: tuple[NotedName, ...]) -> NotedNames:
    """Names that were noted, oldest first."""
    last: dict[str, str] = {}
    settled = NEVER
    for one in names:
        settled = one.since if one.key in last else settled
        last[one.key] = one.name
    return NotedNames(names, last, settled)


NOTHING = noted(())
