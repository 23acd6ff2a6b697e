"""Regular expressions that take long to compile and that few who start the program ever need:
compiled when something is first looked for by them.
"""

import re
from typing import Any, cast


class Late:
    """A regular expression that is compiled when it is first needed."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def compiled(self) -> "re.Pattern[str]":
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled(), name)
        setattr(self, name, found)  # the next time it is there
        return found


def compile(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """What `re.compile` makes, later."""
    return cast("re.Pattern[str]", Late(pattern, flags))
