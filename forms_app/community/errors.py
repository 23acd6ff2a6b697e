"""What is wrong with data/community, each with its place and what to write instead."""

import re

from msgspec import Struct


class DataError(Struct, frozen=True):
    """One thing to mend: where it stands, what is wrong and what to write instead (Chinese)."""

    file: str
    place: str  # "第 7 行", or "第 7 项（library_day），第 92 行"
    column: str
    problem: str
    remedy: str
    is_echo: bool = False  # it may only say again that another file could not be read

    @property
    def line(self) -> int:
        """The line of the file that it is about; 0 where it is about none."""
        found = re.search(r"第 ([0-9]+) 行", self.place)
        return int(found[1]) if found else 0

    def __str__(self) -> str:
        where = "，".join(part for part in (self.file, self.place, self.column) if part)
        return f"{where}：{self.problem}；{self.remedy}"


class DataHint(DataError, frozen=True):
    """Something that may stay as it is, but should be looked at."""


class DataRefused(Exception):
    """data/community cannot be used; `errors` holds everything that is wrong with it."""

    def __init__(self, errors: tuple[DataError, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(map(str, errors)))
