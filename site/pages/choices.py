"""What a month's calendar is narrowed down to: a community, a kind of activity, or both.

Each choice is a page of its own, so that it works without scripts and can be sent to somebody.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import ACTIVITY_CATEGORIES, Circle
from forms_app.radius.occurrences import Occurrence


class Choice(Struct, frozen=True):
    """A community's id and a kind of ACTIVITY_CATEGORIES; empty: all of them."""

    community_id: str = ""
    category: str = ""

    @property
    def is_everything(self) -> bool:
        return not self.community_id and not self.category

    def address(self, first: date) -> str:
        """The path of the month that `first` begins."""
        path = f"calendar/{first:%Y-%m}/"
        if self.community_id:
            path += f"community/{self.community_id}/"
        if self.category:
            path += f"kind/{self.category}/"
        return path

    def words(self, circle: Circle) -> str:
        """金桂社区、社区志愿服务; nothing for everything."""
        community = circle.communities[self.community_id].name if self.community_id else ""
        category = ACTIVITY_CATEGORIES.get(self.category, "")
        return "、".join(filter(None, (community, category)))

    def holds(self, circle: Circle, location_id: str, category: str) -> bool:
        """Whether an activity of this kind at this place belongs to it."""
        return self.category in ("", category) and self.community_id in (
            "",
            circle.venues[location_id].community_id,
        )

    def narrowed(self, circle: Circle, occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
        """Those of the occurrences that belong to it."""
        return tuple(
            o
            for o in occurrences
            if self.holds(circle, o.activity.location_id, o.activity.category)
        )


class Link(Struct, frozen=True):
    """One way to go on from here: its words, its page's path, and how many activities are there."""

    words: str
    address: str
    count: int
    is_here: bool
    kind: str = ""  # of ACTIVITY_CATEGORIES, where it is one


def choices(circle: Circle) -> list[Choice]:
    """Everything first, then all that can be chosen; no communities where there is only one."""
    communities = ["", *circle.communities] if len(circle.communities) > 1 else [""]
    return [
        Choice(community_id, category)
        for community_id in communities
        for category in ("", *ACTIVITY_CATEGORIES)
    ]


def links(
    circle: Circle, here: Choice, first: date, occurrences: Iterable[Occurrence]
) -> list[tuple[str, list[Link]]]:
    """The row of communities and the row of kinds, each with the other one as it is here.

    `occurrences` are all of the month's.
    """
    occurrences = tuple(occurrences)

    def link(words: str, there: Choice, kind: str = "") -> Link:
        count = len(there.narrowed(circle, occurrences))
        return Link(words, there.address(first), count, there == here, kind)

    kinds = [("全部", ""), *((name, code) for code, name in ACTIVITY_CATEGORIES.items())]
    rows = [("种类", [link(name, replace(here, category=code), code) for name, code in kinds])]
    if len(circle.communities) > 1:
        names = [("全部", ""), *((c.name, c.id) for c in circle.communities.values())]
        rows.insert(
            0, ("社区", [link(name, replace(here, community_id=key)) for name, key in names])
        )
    return rows
