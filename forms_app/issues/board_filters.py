"""What somebody wants to see of the board: conditions of the register, and who is waited for.

Like the register's, they are read from an address, said in words, and written back.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from msgspec import Struct, field
from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.issues import register_filters
from forms_app.issues.register_filters import Filters

WAITS_FOR: dict[str, str] = {"me": "等我办", "others": "等别人"}
# The register's conditions that the board knows too, as they stand in the address.
SHARED = ("step", "class", "urgency", "community", "overdue")


class BoardFilters(Struct, frozen=True):
    waits: str = ""  # me, others or both
    shared: Filters = field(default_factory=Filters)

    @property
    def conditions(self) -> dict[str, object]:
        """What narrows the board, by the name it has in the address."""
        waits: dict[str, object] = {"waits": self.waits} if self.waits else {}
        return waits | self.shared.conditions

    @property
    def address(self) -> str:
        """The query of the board's address that asks for the same."""
        waits = urlencode({"waits": self.waits}) if self.waits else ""
        return "&".join(part for part in (waits, self.shared.address) if part)

    def without(self, name: str) -> "BoardFilters":
        """The same without one condition, named as in the address."""
        if name == "waits":
            return replace(self, waits="")
        return replace(self, shared=self.shared.without(name))

    def with_waits(self, waits: str) -> "BoardFilters":
        """The same for what waits for this side; pressed again, for both."""
        return replace(self, waits="" if self.waits == waits else waits)

    def with_step(self, step: str) -> "BoardFilters":
        """The same at this step; pressed again, at any."""
        wanted = "" if self.shared.step == step else step
        return replace(self, shared=replace(self.shared, step=wanted))

    def with_overdue(self) -> "BoardFilters":
        """The same for what is overdue; pressed again, for all."""
        return replace(self, shared=replace(self.shared, overdue=not self.shared.overdue))


def read(circle: Circle, given: Mapping[str, str]) -> tuple[BoardFilters, tuple[str, ...]]:
    """The filters of an address, and a sentence for each value that could not be used."""
    known = {name: given[name] for name in SHARED if name in given}
    shared, refused = register_filters.read(circle, known)
    waits = given.get("waits", "").strip()
    if waits and waits not in WAITS_FOR:
        refused = (*refused, "“等谁”没有这一项，没有按它筛选。")
        waits = ""
    return BoardFilters(waits, shared), refused


def in_words(circle: Circle, filters: BoardFilters) -> dict[str, str]:
    """Each condition as people say it, by its name in the address."""
    waits = {"waits": WAITS_FOR[filters.waits]} if filters.waits else {}
    return waits | register_filters.in_words(circle, filters.shared)
